"""Which rings are due in an incident, to whom, and when the next one comes (design.md §2c)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from procedure.incident import Incident
from procedure.ladder import Rung, Schedule, due_rung, next_rung_at, sound
from procedure.obligations import Obligation, Terms, owed
from procedure.obligations_by_step import reminder_at
from procedure.organisation import Organisation
from procedure.parties import ladder, resolve
from procedure.policy import Pattern
from procedure.words import Duty, Level, Role, Severity

FIRST_ROUND = 1
_LADDERS = "ladders"


@dataclass(frozen=True)
class DueRing:
    """One rung of one duty that is to be rung now.

    `owner` are the people who owe it, when they are rung; `climbed` are those above them,
    each with his level. `unheard` are owners whose last ring no page or channel delivered.
    """

    duty: Obligation
    round: int
    rung: Rung
    owner: tuple[int, ...]
    climbed: tuple[tuple[Level, int], ...]
    unheard: tuple[int, ...]

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody whom this rung reaches."""
        return self.owner + tuple(person for _, person in self.climbed)


def due_rings(
    incident: Incident, terms: Terms, organisation: Organisation, now: datetime
) -> tuple[DueRing, ...]:
    """The rungs due at `now` (UTC), at most one for each duty."""
    found = (_due(incident, one, terms, organisation, now) for one in owed(incident, terms))
    return tuple(ring for ring in found if ring is not None)


def owner_rings_by(
    incident: Incident, terms: Terms, organisation: Organisation, until: datetime
) -> Iterator[tuple[int, Obligation, Rung]]:
    """Rings of one owner alone, by name, that come by `until`: told with one that rings him now."""
    for one in owed(incident, terms):
        owner = resolve(one.owner, incident, organisation)
        if len(owner) != 1:
            continue
        schedule = _schedule(incident, one, terms, organisation)
        if schedule is None:
            continue
        coming = due_rung(schedule, until, _last_index(incident, one, schedule))
        last = incident.rung.get(one.key)
        if coming and coming.rings_owner and (last is None or last.ahead < coming.index):
            yield owner[0], one, coming


def next_ring_at(incident: Incident, terms: Terms, organisation: Organisation) -> datetime | None:
    """When anything of this incident is to be rung next, UTC; None when nothing is owed."""
    moments = []
    for one in owed(incident, terms):
        schedule = _schedule(incident, one, terms, organisation)
        if schedule is not None:
            moments.append(next_rung_at(schedule, _last_index(incident, one, schedule)))
    remembered = reminder_at(incident)
    if remembered is not None:
        moments.append(remembered)
    return min(moments, default=None)


def bell(
    incident: Incident, terms: Terms, organisation: Organisation, person: int, now: datetime
) -> tuple[bool, tuple[int, ...]]:
    """Whether a person may be rung aloud now, and who is rung in his place (conduct §3)."""
    held = organisation.held_by(person)
    on_duty = any(one.role is Role.ON_DUTY for one in held)
    unit = organisation.people[person].unit
    own = organisation.works_at(person, incident.unit)
    owes = not incident.submitted_at and not incident.within and own
    aloud = sound(incident.severity, now, terms.calendar, on_duty=on_duty, owes_step_one=owes)
    if aloud or incident.severity is not Severity.SERIOUS:
        return aloud, ()
    watch = tuple(one for one in organisation.holders(Role.ON_DUTY, unit) if one != person)[:1]
    return (False, watch) if watch else (True, ())


def round_of(incident: Incident, duty: Obligation) -> int:
    """Which time a duty is rung from the first rung on: anew from a new start, or extra time."""
    last = incident.rung.get(duty.key)
    if last is None:
        return FIRST_ROUND
    more = incident.extensions.get(duty.key, ())
    anew = last.start != duty.start or any(one.at >= last.at for one in more)
    return last.round + 1 if anew else last.round


def work_of(receipt: str) -> str | None:
    """The key of the duty that a receipt's key stands before; None for what is no such receipt."""
    kind, _, rest = receipt.removeprefix("O1:").partition(":")
    if not receipt.startswith("O1:"):
        return None
    subject = rest.partition(":")[0]
    return {
        "open": Duty.QUICK_REPORT.value,
        "order": f"{Duty.VERIFICATION.value}:{subject}",
        "task": f"{Duty.TASK.value}:{subject}",
    }.get(kind)


def receipt_of(work: str, person: int) -> str | None:
    """The key of the receipt that a person owes before a duty; None where there is none."""
    kind, _, subject = work.partition(":")
    if kind == Duty.QUICK_REPORT.value:
        return "O1:open"
    noun = {Duty.VERIFICATION.value: "order", Duty.TASK.value: "task"}.get(kind)
    return f"O1:{noun}:{subject}:{person}" if noun else None


def pattern_of(duty: Obligation, incident: Incident, terms: Terms) -> Pattern | None:
    """The ping pattern of a duty; those without a row of their own go by severity."""
    return terms.pattern(duty.duty, incident.severity)


def _schedule(
    incident: Incident, duty: Obligation, terms: Terms, organisation: Organisation
) -> Schedule | None:
    """The ladder of a duty that is owed; asked for by what is due, comes soon and comes next."""
    kept = incident.worked_out.get(_LADDERS)
    if kept is None or kept[0][0] is not terms or kept[0][1] is not organisation:
        kept = incident.worked_out[_LADDERS] = ((terms, organisation), {})
    found: dict[str, Schedule | None] = kept[1]
    if duty.key not in found:
        levels = tuple(level for level, _ in _levels(incident, duty, organisation))
        made = terms.schedule(duty.duty, incident.severity, duty.start, duty.due, levels)
        found[duty.key] = made
    return found[duty.key]


def _levels(
    incident: Incident, duty: Obligation, organisation: Organisation
) -> tuple[tuple[Level, tuple[int, ...]], ...]:
    owner = resolve(duty.owner, incident, organisation)
    levels = ladder(owner, incident, organisation)
    if duty.duty is Duty.DIRECTION:
        bells = (Level.DUTY_OFFICER, Level.LEADER)
        return tuple(one for one in levels if one[0] in bells)
    return levels


def _last_index(incident: Incident, duty: Obligation, schedule: Schedule) -> int:
    """How far this duty has been rung; by time, since extra time moves the whole schedule."""
    last = incident.rung.get(duty.key)
    if last is None or last.start != duty.start:
        return -1
    passed = schedule.latest(last.at)
    return passed.index if passed else -1


def _unconfirmed(
    incident: Incident, duty: Obligation, rung: Rung, organisation: Organisation
) -> tuple[tuple[Level, int], ...]:
    """When the head has not acted by the time O2 is due, the duty officer sees it (conduct §1)."""
    if duty.duty is not Duty.QUICK_REPORT or rung.share != 100:
        return ()
    on_duty = organisation.holders(Role.ON_DUTY, incident.department)[:1]
    heard = {who for last in incident.rung.values() for who in last.people}
    return tuple((Level.DUTY_OFFICER, who) for who in on_duty if who not in heard)


def _chased(
    incident: Incident, duty: Obligation, rung: Rung, climbed: tuple[tuple[Level, int], ...]
) -> tuple[tuple[Level, int], ...]:
    """From the first rung at the time of an answer that has not come, who called the meeting.

    He is told once for each time the answer is owed; the ladder goes on above him.
    """
    if duty.duty is not Duty.ATTENDANCE or incident.meeting is None or rung.at < duty.due:
        return ()
    last, caller = incident.rung.get(duty.key), incident.meeting.called_by
    told = last is not None and last.start == duty.start and last.at >= duty.due
    heard = {duty.owner.person, *(who for _, who in climbed)}
    return () if told or caller in heard else ((Level.DUTY_OFFICER, caller),)


def _due(
    incident: Incident,
    duty: Obligation,
    terms: Terms,
    organisation: Organisation,
    now: datetime,
) -> DueRing | None:
    schedule = _schedule(incident, duty, terms, organisation)
    if schedule is None:
        return None
    rung = due_rung(schedule, now, _last_index(incident, duty, schedule))
    if rung is None:
        return None
    last = incident.rung.get(duty.key)
    same = last is not None and last.start == duty.start
    round = round_of(incident, duty)
    owner = resolve(duty.owner, incident, organisation) if rung.rings_owner else ()
    if last and last.round == round and last.ahead >= rung.index:
        owner = ()
    people = dict(_levels(incident, duty, organisation))
    climbed = tuple((level, who) for level in rung.levels for who in people.get(level, ()))
    if rung.rings_owner and not climbed and not resolve(duty.owner, incident, organisation):
        climbed = _first_level(people)  # Nobody owes it: that is not kept until it is late.
    climbed += _unconfirmed(incident, duty, rung, organisation)
    climbed += _chased(incident, duty, rung, climbed)
    climbed = tuple((level, who) for level, who in climbed if organisation.is_here(who))
    unheard = last.undelivered if same and last else ()
    waits = unheard and not climbed and rung.kind in ("before", "due")
    if waits and not _is_called(incident, duty, terms, organisation):
        climbed = _first_level(people)
    return DueRing(duty, round, rung, owner, climbed, unheard)


def _first_level(people: Mapping[Level, tuple[int, ...]]) -> tuple[tuple[Level, int], ...]:
    """Who calls an owner whose last ring reached no page, from the next rung on (conduct §4).

    Before due only: after it the ladder itself climbs, heard or not.
    """
    return tuple((level, who) for level in tuple(people)[:1] for who in people[level])


def _is_called(
    incident: Incident, duty: Obligation, terms: Terms, organisation: Organisation
) -> bool:
    """Whether a call has reached the owner, or the last rung of a duty of his asked for one."""
    owner = set(resolve(duty.owner, incident, organisation))
    if any(one.reached and one.to in owner and one.at >= duty.start for one in incident.calls):
        return True
    return any(
        (last := incident.rung.get(one.key)) is not None and set(last.people) - owner
        for one in owed(incident, terms)
        if set(resolve(one.owner, incident, organisation)) == owner
    )
