"""Read-only answers: my duties, incidents, one incident, the regulation, help."""

from collections.abc import Callable, Mapping, Sequence

from handlers import guidance_view, navigation
from handlers.absence import absences
from handlers.acts import acts
from handlers.brief import timeline
from handlers.delegation import delegations
from handlers.directory import directory
from handlers.duties import act_buttons, approval_choices, one_button
from handlers.look import Desk
from handlers.meeting_view import meeting
from handlers.notices import file_facts
from handlers.notices_late import movable
from handlers.personal import personal
from handlers.record_view import record
from handlers.room_list import rooms
from handlers.roster import roster
from handlers.say import Choice, Say, choice, moves, opens, shows
from handlers.units import day_one, unit_acts, units
from procedure.errors import NotYours, Refused
from procedure.incident import Incident
from procedure.obligations import Obligation
from procedure.parties import is_press, speaker
from procedure.steps import missing_for_speaking
from procedure.words import Duty

View = Callable[[Desk], Sequence[Say]]
#: What of an incident is read as it was, when it lies in another file.
STAYS = frozenset({"report", "timeline", "record"})


def show(name: str, desk: Desk) -> Sequence[Say]:
    """The answers of a view; reading rights are asked first (conduct §13)."""
    if desk.incident is None:
        return VIEWS[name](desk)
    kept = navigation.kept_file(desk, desk.incident)
    if not (desk.may_see(desk.incident) or desk.may_see(kept)):
        raise NotYours("not_in_incident", who=desk.organisation.head(desk.incident.unit))
    if kept is desk.incident or name in STAYS:
        return VIEWS[name](desk)
    # Both codes open the one file (conduct §2); only what was written before stays its own.
    return [moved(desk.incident, kept), *VIEWS["incident"](_on(desk, kept))]


def moved(incident: Incident, kept: Incident) -> Say:
    """One line: this code lies in that file."""
    facts = {"code": incident.code, "kept": kept.code}
    return Say(template="views/incident#moved", facts=facts, stream=kept.stream)


def duties(desk: Desk) -> Sequence[Say]:
    """`/viec`: what I owe, the most urgent first, each with its button; my parked drafts."""
    mine: list[tuple[Obligation, Incident]] = []
    for incident in desk.look.open_incidents():
        mine += [(one, incident) for one in desk.mine(incident) if one.duty is not Duty.CLOSING]
        mine += [(one, incident) for one in desk.mine(incident) if one.duty is Duty.CLOSING]
    mine.sort(key=lambda pair: pair[0].due)
    answers = [_duty(desk, one, incident) for one, incident in mine[:8]]
    parked = desk.look.parked()
    if parked:
        buttons = [choice("resume", moves(id, "resume"), form=form) for id, form, _ in parked[:5]]
        answers.append(Say(template="views/duties#parked", choices=buttons))
    if not mine:
        answers.insert(0, Say(template="views/duties#nothing"))
    return answers


def _duty(desk: Desk, duty: Obligation, incident: Incident) -> Say:
    row = desk.look.terms(incident).policy.duties.get(duty.duty.value)
    buttons = act_buttons(duty, incident)[:2]
    if movable(duty):
        buttons.append(choice("hand_on", opens("offer_task", incident.stream, duty=duty.key)))
    clause = choice("clause", shows("regulation", None, duty=duty.duty.value) | {"keep": True})
    facts = {
        "duty": duty.duty.value,
        "key": duty.key,
        "subject": duty.subject,
        "due": duty.due.isoformat(),
        "legal": duty.legal,
        "confirmed": row is not None and row.legal_badge,
    }
    return Say(
        template="views/duties#duty",
        facts=facts,
        choices=[*buttons, clause],
        stream=incident.stream,
        about=f"list:{incident.stream}:{duty.key}",
    )


def incidents(desk: Desk) -> Sequence[Say]:
    """`/vuviec`: the open ones, or those that match words typed behind the command."""
    words = str(desk.args.get("words", ""))
    found = desk.look.search(words) if words else desk.look.open_incidents()
    files = {one.stream: navigation.kept_file(desk, one) for one in found}
    unique = {one.stream: one for one in files.values() if desk.may_see(one)}
    seen = list(unique.values())[:9]
    if len(found) == 1 and seen and found[0].yielded:
        return [moved(found[0], seen[0]), *incident(_on(desk, seen[0]))]
    if not seen:
        return [Say(template="views/incidents#none", facts={"wanted": words})]
    if len(seen) == 1:
        return incident(_on(desk, seen[0]))
    buttons = [
        choice(
            "incident",
            shows("incident", one.stream) | {"keep": True},
            code=one.code,
            title=str(one.title)[:60],
        )
        for one in seen
    ]
    return [Say(template="views/incidents#list", facts={"wanted": words}, choices=buttons)]


def _on(desk: Desk, incident: Incident) -> Desk:
    return Desk(
        person=desk.person,
        now=desk.now,
        zone=desk.zone,
        organisation=desk.organisation,
        look=desk.look,
        words=desk.words,
        incident=incident,
        args=desk.args,
    )


def incident(desk: Desk) -> Sequence[Say]:
    """One incident: the status card, with what this person may do next."""
    stream = desk.case.stream
    buttons: list[Choice] = []
    for duty in desk.mine(desk.case)[:1]:
        buttons.append(one_button(duty, desk.case))
    if desk.case.key_messages:
        buttons.append(choice("see_story", shows("story", stream) | {"keep": True}))
    if len(buttons) < 2:
        buttons.append(choice("see_report", shows("report", stream) | {"keep": True}))
    buttons.append(choice("more_acts", shows("acts", stream) | {"keep": True}))
    return [
        Say(
            template="views/incident#card",
            choices=buttons,
            stream=stream,
            about=f"card:{stream}",
        )
    ]


def journal(desk: Desk) -> Sequence[Say]:
    """The timeline, taken from the journal."""
    entries = timeline(desk.look.journal(desk.case.stream))
    told = [
        {"at": entry.at.isoformat(), "kind": entry.kind, "actor": entry.actor} for entry in entries
    ]
    return [
        Say(template="views/incident#timeline", facts={"entries": told}, stream=desk.case.stream)
    ]


def report(desk: Desk) -> Sequence[Say]:
    """The Step 1 report as it stands, with its photos."""
    files = [file_facts(one) for one in desk.case.all_files]
    return [Say(template="views/incident#report", stream=desk.case.stream, files=files)]


def brief(desk: Desk) -> Sequence[Say]:
    """The consolidated brief; each line of its timeline is an entry of the journal."""
    if desk.case.brief is None:
        raise Refused("nothing_there_yet")
    wanted = set(desk.case.brief.timeline)
    told = [
        {"at": entry.at.isoformat(), "kind": entry.kind, "actor": entry.actor, "seq": entry.seq}
        for entry in desk.look.journal(desk.case.stream)
        if entry.seq in wanted
    ]
    return [Say(template="views/incident#brief", facts={"entries": told}, stream=desk.case.stream)]


def direction(desk: Desk) -> Sequence[Say]:
    """Word for word, only to those it names and to the department (conduct §13)."""
    asked = desk.asked()
    named = desk.case.directions and desk.person in {
        number for one in desk.case.directions for number in (one.member, one.entered_by)
    }
    if not (asked.is_department() or asked.is_head() or named):
        raise NotYours("direction_not_shown", who=asked.organisation.head(desk.case.department))
    if not desk.case.directions:
        raise Refused("nothing_there_yet")
    return [Say(template="views/incident#direction", stream=desk.case.stream)]


def conclusion(desk: Desk) -> Sequence[Say]:
    """The conclusion in full."""
    if desk.case.conclusion is None:
        raise Refused("nothing_there_yet")
    return [Say(template="views/incident#conclusion", stream=desk.case.stream)]


def result(desk: Desk) -> Sequence[Say]:
    """The Step 4 report in full."""
    if desk.case.result is None:
        raise Refused("nothing_there_yet")
    return [Say(template="views/incident#result", stream=desk.case.stream)]


def statement(desk: Desk) -> Sequence[Say]:
    """One version of the statement, whole."""
    version = int(desk.args.get("statement", len(desk.case.statements)))
    found = next((one for one in desk.case.statements if one.version == version), None)
    if found is None:
        raise Refused("nothing_there_yet")
    return [
        Say(
            template="views/incident#statement",
            facts={"statement": version},
            choices=[choice("copy", {"copy": str(found.text)})],
            stream=desk.case.stream,
        )
    ]


def one_incident(then: View, name: str) -> View:
    """Asks which incident when the command named none."""

    def view(desk: Desk) -> Sequence[Say]:
        if desk.incident is not None:
            return then(desk)
        found = _which(desk, name)
        if isinstance(found, Say):
            return [found]
        return then(_on(desk, desk.look.incident(found)))

    return view


def _which(desk: Desk, name: str) -> str | Say:
    found = navigation.which_incident(desk, name)
    if isinstance(found, str):
        return found
    buttons = [
        one
        if one["do"].get("open") != name
        else one | {"do": shows(name, one["do"]["stream"]) | {"keep": True}}
        for one in found.choices
    ]
    return Say(template=found.template, facts=found.facts, choices=buttons)


def assignments(desk: Desk) -> Sequence[Say]:
    """`/phancong`: who speaks, who keeps the facts, and the forms that change it."""
    stream = desk.case.stream
    now_speaking = desk.case.spokesperson.person if desk.case.spokesperson else 0
    now_keeping = desk.case.focal_point.person if desk.case.focal_point else 0
    buttons = [
        choice("assign_spokesperson", opens("assign_spokesperson", stream, expected=now_speaking)),
        choice("assign_focal_point", opens("assign_focal_point", stream, expected=now_keeping)),
        choice("order_verification", opens("order_verification", stream)),
    ]
    return [Say(template="views/incident#assignments", choices=buttons, stream=stream)]


def statements(desk: Desk) -> Sequence[Say]:
    """`/phatngon`: the text in force or in hand, and the next act on it."""
    incident, stream = desk.case, desk.case.stream
    buttons: list[Choice] = []
    if incident.pending_statement:
        buttons += approval_choices(incident)
    elif incident.approved_statement and desk.person == speaker(incident, desk.organisation):
        version = incident.approved_statement.version
        buttons.append(choice("have_spoken", opens("spoken", stream, statement=version)))
    if not incident.pending_statement:
        form = "holding" if missing_for_speaking(incident) else "statement"
        buttons.append(choice(f"draft_{form}", opens(form, stream)))
    return [
        Say(
            template="views/incident#statements",
            choices=buttons,
            stream=stream,
            about=f"statements:{stream}",
        )
    ]


def tasks(desk: Desk) -> Sequence[Say]:
    """`/nhiemvu`: every task with its owner and time."""
    stream = desk.case.stream
    buttons = [
        choice("finish_this", opens("finish_task", stream, task=task.id), what=str(task.what)[:50])
        for task in desk.case.tasks
        if task.done_at is None and desk.acts_for(task.owner)
    ]
    buttons.append(choice("enter_figure", opens("figure", stream)))
    if desk.case.figures:
        buttons.append(choice("see_figures", shows("figures", stream) | {"keep": True}))
    buttons += [
        choice("hand_this_on", opens("offer_task", stream, duty=f"task:{task.id}"), number=task.id)
        for task in desk.case.tasks
        if task.done_at is None and desk.acts_for(task.owner)
    ]
    buttons.append(choice("set_task", opens("task", stream)))
    return [
        Say(
            template="views/incident#tasks",
            choices=buttons,
            stream=stream,
            about=f"tasks:{stream}",
        )
    ]


def figures(desk: Desk) -> Sequence[Say]:
    """Every figure with who answers for it, its source and time; those that differ are marked."""
    if not desk.case.figures:
        raise Refused("nothing_there_yet")
    stream = desk.case.stream
    buttons = [choice("enter_figure", opens("figure", stream))]
    return [Say(template="views/figures#figures", choices=buttons, stream=stream)]


def regulation(desk: Desk) -> Sequence[Say]:
    """`/quydinh`: the clause behind a duty, else the four steps."""
    duty = desk.args.get("duty")
    if duty:
        return [Say(template="views/regulation#clause", facts={"row": desk.look.clause(duty)})]
    return [Say(template="views/regulation#steps")]


def help(desk: Desk) -> Sequence[Say]:
    """`/trogiup`: what can be done here, and whom to telephone."""
    who = navigation.duty_officer(desk)
    said = Say(template="views/help#help", facts={"officer": who})
    return [*day_one(desk), said] if desk.person in desk.organisation.admins else [said]


def released_or_statements(desk: Desk) -> Sequence[Say]:
    """`/phatngon`: a newsroom reads what it was sent, everybody else the text in hand."""
    if is_press(desk.person, desk.organisation):
        return guidance_view.released_texts(desk)
    return one_incident(statements, "statements")(desk)


VIEWS: Mapping[str, View] = {
    "directory": directory,
    "units": units,
    "delegations": delegations,
    "absences": absences,
    "roster": roster,
    "unit_acts": unit_acts,
    "duties": duties,
    "incidents": incidents,
    "incident": one_incident(incident, "incident"),
    "acts": one_incident(acts, "acts"),
    "timeline": one_incident(journal, "timeline"),
    "report": one_incident(report, "report"),
    "brief": one_incident(brief, "brief"),
    "direction": one_incident(direction, "direction"),
    "conclusion": one_incident(conclusion, "conclusion"),
    "result": one_incident(result, "result"),
    "statement": one_incident(statement, "statement"),
    "meeting": one_incident(meeting, "meeting"),
    "assignments": one_incident(assignments, "assignments"),
    "statements": released_or_statements,
    "tasks": one_incident(tasks, "tasks"),
    "figures": one_incident(figures, "figures"),
    "story": one_incident(guidance_view.story, "story"),
    "guidance": one_incident(guidance_view.guidance, "guidance"),
    "receipts": one_incident(guidance_view.receipts, "receipts"),
    "members": one_incident(guidance_view.members, "members"),
    "record": one_incident(record, "record"),
    "personal": personal,
    "regulation": regulation,
    "rooms": rooms,
    "help": help,
}
