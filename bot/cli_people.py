"""The register from the command line: taken in, written out, and looked through for gaps."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path

from bot import exports, register_file, spreadsheet, staff
from bot.cli_words import NotDone, say, say_whole
from bot.cli_world import writing
from bot.readiness import Readiness, readiness
from bot.spreadsheet import Unreadable
from bot.world import World
from procedure.decision import CLOCK
from procedure.entries_organisation import ORGANISATION
from procedure.evolve_organisation import organisation_at
from procedure.gaps import Gap
from procedure.gaps import ending as gaps_to_come
from procedure.organisation import Holding, Organisation
from procedure.staffing import Change, Plan, RowFault, plan
from procedure.text import fold
from procedure.words import Role
from storage import journal

#: So many lines of one kind of change are shown; the rest is counted.
_SHOWN = 40
CHANNEL = "cli"
Progress = Callable[[int], AbstractContextManager[Callable[[int], object]]]


def looked_at(world: World, files: Sequence[Path]) -> Plan:
    """What these files would change. Raises NotDone where they cannot be read, or may not."""
    if world.is_sample():
        raise NotDone(say("people_sample"))
    try:
        register = register_file.read(files)
    except Unreadable as why:
        raise NotDone(say(why.key, **why.facts)) from None
    organisation = world.db.read(world.organisation)
    made = plan(organisation, register.units, register.people, _day(world, world.now()))
    made.faults = sorted(register.faults + made.faults, key=lambda one: (one.sheet, one.row))
    return made


def fault_lines(made: Plan) -> Iterator[str]:
    """Every faulty row with its reason."""
    yield say("people_faults", count=len(made.faults))
    for one in made.faults:
        yield say("people_fault", sheet=one.sheet, row=one.row, words=_reason(one))


def change_lines(made: Plan) -> Iterator[str]:
    """What would change, kind by kind."""
    if not made.changes:
        yield say("people_nothing")
        return
    for key, count in Counter(one.key for one in made.changes).items():
        yield say(f"changes_{key}", count=count)
        these = [one for one in made.changes if one.key == key]
        yield from (_change(one) for one in these[:_SHOWN])
        if count > _SHOWN:
            yield say("people_more", count=count - _SHOWN)


def taken(world: World, made: Plan, progress: Progress) -> Iterator[str]:
    """Writes a plan, all of it or nothing; `progress` shows how far it has come."""
    with progress(len(made.facts)) as went:
        staff.write(world, made.facts, actor=CLOCK, channel=CHANNEL, went=went)
    yield say("people_taken", count=len(made.changes))
    waiting = sum(one.key == "role_waits" for one in made.changes)
    if waiting:
        yield say("people_waiting", count=waiting)


def written(world: World, path: Path, *, empty: bool = False) -> list[str]:
    """Writes the register, or an empty one to be filled in. Raises NotDone."""
    organisation = Organisation() if empty else world.db.read(world.organisation)
    with writing(path):
        made = register_file.write(path, organisation)
    if not empty:
        named = [one for one in organisation.people.values() if not one.blanked]
        exports.keep(world, made, "register", len(named))
    return [say("people_written", path=one) for one in made]


def published(world: World, path: Path) -> list[str]:
    """Writes who speaks for which unit: a workbook, a .csv, or a page (.html). Raises NotDone."""
    rows = register_file.speakers(world.db.read(world.organisation))
    with writing(path):
        if path.suffix.lower() in (".html", ".htm"):
            day = f"{world.now().astimezone(world.settings.zone):%d/%m/%Y}"
            page = say_whole("speakers_page", head=rows[0], rows=rows[1:], day=day)
            path.write_text(page, "utf-8")
        else:
            spreadsheet.write(path, {say("speakers_title"): rows})
    exports.keep(world, [path], "speakers", len(rows) - 1)
    return [say("people_written", path=path), say("speakers_count", count=len(rows) - 1)]


def gap_lines(world: World) -> Iterator[str]:
    """Which units lack whom, and whom nothing can ring."""
    found = world.db.read(lambda session: readiness(world, session))
    yield say("gaps_units", done=found.done, whole=found.whole, wanting=())
    yield say("gaps_proof", proven=found.proven, crew=found.crew)
    for one in found.gaps:
        yield from _gap(found, one)
    ending = [
        {
            "person": found.organisation.people[one.person],
            "unit": found.organisation.units[one.unit],
            "role": register_file.role_words(one.role),
            "days": _days(None, one.until),
        }
        for one in gaps_to_come(found.organisation, _day(world, world.now()))
    ]
    if ending:
        yield say("gaps_ending", ending=ending)


def waiting_lines(world: World) -> list[str]:
    """The roles that wait for a second administrator."""
    organisation = world.db.read(world.organisation)
    return [
        say(
            "people_wait",
            person=organisation.people[one.person],
            role=register_file.role_words(one.role),
            unit=organisation.units[one.unit],
            days=_days(one.since, one.until),
        )
        for one in organisation.waiting
    ]


def holder_lines(world: World, at: datetime, words: str) -> Iterator[str]:
    """Who held what in a unit at a moment (UTC), as the journal proves it. Raises NotDone."""
    entries = world.db.read(lambda session: journal.read(session, ORGANISATION))
    then = organisation_at(entries, at).at(at, world.settings.zone)
    wanted = set(fold(words).split())
    units = [one for one in then.units.values() if wanted <= set(fold(one.name).split())]
    if not units:
        raise NotDone(say("people_no_unit", words=words))
    moment = f"{at.astimezone(world.settings.zone):%H:%M %d/%m/%Y}"
    for unit in units[:_SHOWN]:
        yield say("people_held_in", unit=unit, at=moment)
        for role in Role:
            for one in _held(then, role, unit.id):
                role_said, days = register_file.role_words(role), _days(one.since, one.until)
                yield say("people_held", role=role_said, person=then.people[one.person], days=days)
        yield from _beside(then, unit.id, at)


def _beside(then: Organisation, unit: int, at: datetime) -> Iterator[str]:
    """Who acted there for somebody away, was on duty by the roster, might speak by a paper."""
    body = then.standing(unit)
    for absent in then.away:
        if any(one.unit == body for one in then.held_by(absent)):
            acts = then.people[then.acting(absent)]
            yield say("people_acted", person=acts, absent=then.people[absent])
    if body in then.on_shift:
        yield say("people_on_shift", person=then.people[then.on_shift[body]])
    for paper in then.delegations:
        if paper.unit == body and paper.why_not(at) is None:
            yield say("people_by_paper", person=then.people[paper.person], number=paper.document)


def _held(then: Organisation, role: Role, unit: int) -> Iterator[Holding]:
    """Who held a role in a unit, or in the one in which it lived on."""
    body = then.standing(unit)
    return (one for one in then.held if (one.role, one.unit) == (role, body))


def _day(world: World, at: datetime) -> date:
    return at.astimezone(world.settings.zone).date()


def _days(since: date | None, until: date | None) -> str:
    """The days of a role in words; empty where it has none."""
    said = {name: day and f"{day:%d/%m/%Y}" for name, day in (("since", since), ("until", until))}
    return say("role_days", **said)


def confirmed(world: World) -> list[str]:
    """Gives what waits, here at the server's console. Raises NotDone.

    Only while there are not two administrators who could confirm one another in chat.
    """
    organisation = world.db.read(world.organisation)
    if len(organisation.admins) > 1:
        raise NotDone(say("people_confirm_in_chat"))
    given = staff.confirm_all(world, actor=CLOCK, channel=CHANNEL)
    return [say("people_confirmed", count=given)]


def _gap(found: Readiness, one: Gap) -> Iterator[str]:
    organisation = found.organisation
    unit = organisation.units[one.unit]
    if one.roles:
        yield say(
            "gap_roles", unit=unit, roles=[register_file.role_words(role) for role in one.roles]
        )
    for key, who in (("gap_unreached", one.unreached), ("gap_only_web", one.only_web)):
        if who:
            yield say(key, unit=unit, people=[organisation.people[id] for id in who])
    if one.unconfirmed:
        yield say("gap_unconfirmed", unit=unit, quarter=found.quarter, year=found.year)


def _reason(fault: RowFault) -> str:
    facts = dict(fault.facts)
    if fault.key == "days_crossed":
        facts = {name: f"{day:%d/%m/%Y}" for name, day in facts.items()}
    return say(f"row_{fault.key}", **facts)


def _change(one: Change) -> str:
    facts = dict(one.facts)
    if "role" in facts:
        facts["role"] = register_file.role_words(Role(facts["role"]))
        facts["days"] = _days(facts.pop("since"), facts.pop("until"))
    return say(f"change_{one.key}", **facts)
