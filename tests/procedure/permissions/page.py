"""Writes docs/permissions.md from what was tried."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from string import ascii_uppercase

from bot.render import Renderer, Scene
from procedure.words import Step
from tests.procedure import village as v
from tests.procedure.permissions import cast as c
from tests.procedure.permissions import staff, words
from tests.procedure.permissions.table import Line, Table, kept_back

PAGE = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"
COMMAND = ".venv/bin/python -m tests.procedure.permissions"

_HEAD = """# Who may do what, and when

Written by `{command}`
from what the rules answer; do not edit it by hand. `tests/procedure/test_permissions.py` tries
{kinds} kinds of action by {people} people (one for each role in each body, one for each role in the
incident, some who stand in for one of these, one who has left, a stranger) and by the clock, at
{moments} moments of an incident: some {tried} times in all; and {acts} kinds of act about the
organisation by the same people, some {offices} times. Each time it is done, or refused with a
sentence, and the refused changes nothing. The test fails when this page no longer says what came
of it.

- Steps: {steps}.
- *The reporting unit* is the one that reports (xã, phường, sở …), *the joined body* the one joined
  to it in the register (Đảng ủy beside UBND), *the department* the propaganda body in charge (ban
  tuyên giáo), *the committee* the standing committee (thường trực cấp ủy).
- Roles: {roles}.
- "–": nobody. Whoever is not named is refused with a sentence. Whoever is named may at some moment
  of that step: what has moved on meanwhile and a value that cannot stand are refused all the same,
  and nobody approves a text that he has written himself. An incident that went beyond its unit's
  authority when all was said stands at Step 4 while Step 2 is made up for.
- Whoever stands in for somebody is named in [While somebody is away](#while-somebody-is-away) and
  in the whole table alone; elsewhere he is meant where the one who is away is named.
"""
_AWAY = """
Whoever has accepted to stand in for somebody may do all that the other may, but for what does not
go over; the journal says for whom he did it (`…/for:` and a number). Nobody's text is approved in
his own stead: what he who is away has written is approved by another who may. In the register, in
papers and in keeping a roster nobody is stood in for. What he who is away leaves is refused to him
until he is back, which he says with one tap (*{back}*).

| Who is away | What does not go over | What he leaves meanwhile |
| --- | --- | --- |
"""

#: The order of the page; what no section names is the clock's.
SECTIONS: Mapping[str, str] = {
    "Step 1: reporting": (
        "OpenIncident AddReport AmendReport ReportCasualties ChangeSeverity DecideAuthority "
        "SubmitReport ReceiveReport RequestSupplement ProvideSupplement OrderVerification "
        "ReportVerification LogClaim CheckClaim ReportFigure SettleFigure MergeIncidents "
        "SplitIncident"
    ),
    "Step 2: brief, direction, meeting, conclusion": (
        "SubmitBrief GiveDirection ConfirmDirection WaiveDirection CallMeeting "
        "AnswerInvitation SendStandIn MoveMeeting CancelMeeting RecordAttendance "
        "RecordMinutes WaiveMeeting DraftConclusion ConfirmConclusion AssignSpokesperson "
        "AssignFocalPoint"
    ),
    "Step 3: speaking": (
        "DraftStatement AgreeStatement ApproveStatement ReturnStatement SpeakStatement "
        "RecordEnquiry AnswerEnquiry GuideNewsrooms ReceiveGuidance SetKeyMessages "
        "SendDirective"
    ),
    "Step 4: result, tasks, the end": (
        "ReportResult AcceptProposal DeclineProposal SetTask FinishTask CloseIncident "
        "ReopenIncident"
    ),
    "Duties: receipts, help, handing on": (
        "AcknowledgeDuty ExtendDuty AskMoreTime DeclineMoreTime AskHelp SeeHelp SayNotMine "
        "KeepWithOwner ReassignDuty OfferTask AcceptOffer DeclineOffer WithdrawOffer "
        "RecordCall RecordPhoneDecision ConfirmPhoneDecision CorrectPhoneDecision"
    ),
    "The room and the record": (
        "BindRoom EndRoom AdmitGuest RemoveGuest AddRoomMember RemoveRoomMember KeepRecord "
        "WithdrawRecord MoveRecord"
    ),
    "By the clock alone": "",
}


def page(table: Table, offices: staff.Offices) -> str:
    """The whole page as Markdown."""
    scene = _scene()
    parts = [_head(table, offices, scene)]
    for title, kinds in _sections(table):
        lines = [line for kind in kinds for line in _lines(table, kind)]
        parts.append(f"\n## {title}\n\n" + "\n".join(_section(table, lines, scene)) + "\n")
    parts.append("\n## While somebody is away\n" + _away(scene) + "".join(_kept_back(table)))
    parts.append("\n## Units, people and roles\n\n" + staff.section(offices, scene))
    parts.append("\n## The whole table\n" + "".join(_matrix(table)))
    return "".join(parts)


def _scene() -> Scene:
    return Scene(Renderer(v.ZONE), c.ORGANISATION, v.START, v.HEAD, None, None)


def _away(scene: Scene) -> str:
    return _AWAY.format(back=scene.renderer.label("back_again", {}, scene))


def _kept_back(table: Table) -> Iterator[str]:
    for stand_in, away in c.STANDS_IN.items():
        over = _kinds(kind for kind, _ in kept_back(table, stand_in))
        yield f"| {c.AWAY[away]} | {over} | {_kinds(table.left.get(away, ()))} |\n"


def _kinds(names: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in dict.fromkeys(names)) or "–"


def _head(table: Table, offices: staff.Offices, scene: Scene) -> str:
    steps = ", ".join(f"**{_step(n)}** {scene.words(f'step_{n}')}" for n in range(1, 6))
    roles = ", ".join(
        f"{name} ({scene.words(f'role_{role.value}')})" for role, name in c.ROLES.items()
    )
    return _HEAD.format(
        command=COMMAND,
        kinds=len(table.done),
        people=len(c.ACTORS) - 1,
        moments=table.moments,
        tried=f"{round(table.tried, -5):,}",
        acts=len(staff.NAMED),
        offices=f"{round(offices.tried, -4):,}",
        steps=steps,
        roles=roles,
    )


def _sections(table: Table) -> Iterator[tuple[str, Sequence[str]]]:
    named = {kind for kinds in SECTIONS.values() for kind in kinds.split()}
    rest = sorted(table.done - named)
    others = [kind for kind in rest for line in _lines(table, kind) if not _by_clock(table, line)]
    assert not others, f"tests/procedure/permissions/page.py has no section for {others}"
    for title, kinds in SECTIONS.items():
        yield title, kinds.split() or rest


def _by_clock(table: Table, line: Line) -> bool:
    return all(cell.may <= {v.CLOCK} for cell in table.cells[line].values())


def _lines(table: Table, kind: str) -> list[Line]:
    return sorted(line for line in table.cells if line[0] == kind)


def _section(table: Table, lines: Sequence[Line], scene: Scene) -> Iterator[str]:
    yield "| Action | Beyond the unit's authority, or not yet decided | Within its own authority |"
    yield "| --- | --- | --- |"
    for kind, which in lines:
        name = words.called(kind, table.facts[kind], scene)
        said = " ".join(part for part in (name and f"*{name}*", f"`{kind}`") if part)
        said += f", {which}" if which else ""
        sides = (_side(table, (kind, which), within) for within in (False, True))
        yield f"| {said} | {' | '.join(sides)} |"


def _side(table: Table, line: Line, within: bool) -> str:
    """Who may, step by step; steps at which the same people may are said together."""
    said: dict[str, list[int]] = {}
    for place, cell in sorted(table.cells[line].items()):
        if place[0] is within and cell.may:
            said.setdefault(words.who(cell), []).append(place[1])
    if list(said.values()) == [[0]]:
        return next(iter(said))
    return "<br>".join(f"**{spans(steps)}** {people}" for people, steps in said.items()) or "–"


def spans(steps: Sequence[int]) -> str:
    """ "1–3, end"."""
    runs: list[list[int]] = []
    for step in sorted(steps):
        if runs and step == runs[-1][-1] + 1 and step != Step.CLOSED:
            runs[-1].append(step)
        else:
            runs.append([step])
    return ", ".join(
        _step(run[0]) if len(run) == 1 else f"{_step(run[0])}–{_step(run[-1])}" for run in runs
    )


def _step(step: int) -> str:
    return "end" if step == Step.CLOSED else str(step)


# The whole table


def _matrix(table: Table) -> Iterator[str]:
    groups = alike(table)
    letters = {people: _letter(n) for n, people in enumerate(groups)}
    yield "\nPeople who may exactly the same stand in one column:\n\n"
    for people, letter in letters.items():
        yield f"- **{letter}** {'; '.join(words.bodies(people))}\n"
    for within in (False, True):
        side = "Within the unit's own authority" if within else "Beyond it, or not yet decided"
        yield f"\n### {side}\n\nThe steps at which he may; e is the end.\n\n"
        yield "| Action | " + " | ".join(letters.values()) + " |\n"
        yield "| --- |" + " --- |" * len(letters) + "\n"
        for row, names in _rows(table, groups, within).items():
            yield f"| {'<br>'.join(names)} | {' | '.join(row)} |\n"


def _letter(n: int) -> str:
    return ascii_uppercase[n] if n < 26 else f"A{ascii_uppercase[n - 26]}"


def alike(table: Table) -> list[tuple[int, ...]]:
    """Everybody once, with those who may the same everywhere."""
    found: dict[tuple[bool, ...], list[int]] = {}
    places = [(line, place) for line in table.cells for place in table.cells[line]]
    for actor in (*c.NAMED, *c.STANDS_IN):
        column = tuple(actor in table.allowed(*where) for where in places)
        found.setdefault(column, []).append(actor)
    return sorted((tuple(people) for people in found.values()), key=lambda them: _rank(them[0]))


def _rank(one: int) -> tuple[int, int]:
    if one in c.AT_POST:
        unit, role = c.AT_POST[one]
        return list(c.BODIES).index(unit), list(c.ROLES).index(role)
    known = list(c.IN_INCIDENT)
    if one in c.STANDS_IN:
        return 60, one
    return (50, known.index(one)) if one in known else (90, one)


def _rows(
    table: Table, groups: Sequence[tuple[int, ...]], within: bool
) -> dict[tuple[str, ...], list[str]]:
    """The actions by their row; those with the same row together."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for _, kinds in _sections(table):
        for line in (line for kind in kinds for line in _lines(table, kind)):
            row = tuple(_cell(table, line, people[0], within) for people in groups)
            if any(one != "–" for one in row):
                name = f"`{line[0]}`" + (f", {line[1]}" if line[1] else "")
                rows.setdefault(row, []).append(name)
    return rows


def _cell(table: Table, line: Line, person: int, within: bool) -> str:
    steps = [n for n in range(6) if person in table.allowed(line, (within, n))]
    if steps == [0]:
        return "✓"
    return "".join("e" if n == Step.CLOSED else str(n) for n in steps) or "–"


def unlike(said: str) -> str:
    """How the page differs from the file, or nothing."""
    kept = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    before, after = kept.splitlines(), said.splitlines()
    lines = unified_diff(before, after, "docs/permissions.md", "the rules", lineterm="", n=0)
    return "\n".join(lines)
