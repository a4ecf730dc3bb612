"""Any people doing anything in any order: the state machine of the property tests.

`Procedure` is driven by hypothesis. Half of its moves are sensible (`useful`, `beside`), so that
runs get to the end; the others are any action, with any values, by anybody. After every accepted
move `faults` looks at the incident with its own eyes: it shares no gate with procedure/steps.py.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from procedure import actions as a
from procedure import entries as e
from procedure import entries_guidance as g
from procedure import entries_rooms as r
from procedure import entries_speaking as s
from procedure.codec import canonical, dump, load
from procedure.entries import Entry, text_hash
from procedure.errors import Refused
from procedure.evolve import fold
from procedure.foreseen import foreseen, noted
from procedure.incident import Incident
from procedure.obligations import ball, owed
from procedure.parties import is_press, resolve, room_members
from procedure.ringing import due_rings, next_ring_at
from procedure.steps import step
from procedure.words import Authority, Casualties, Severity, Step
from tests.procedure import village as v
from tests.procedure.anything import actions_of_any_kind
from tests.procedure.moves import beside, useful

#: Every change of step that the regulation knows, and what may bring it about.
CHANGES: dict[tuple[Step, Step], frozenset[type[a.Action]]] = {
    (Step.REPORT, Step.CONSULT): frozenset({a.DecideAuthority, a.SubmitReport}),
    (Step.CONSULT, Step.REPORT): frozenset({a.DecideAuthority}),
    (Step.REPORT, Step.SPEAK): frozenset({a.DecideAuthority}),
    (Step.SPEAK, Step.REPORT): frozenset({a.DecideAuthority}),
    (Step.CONSULT, Step.SPEAK): frozenset(
        {a.DraftConclusion, a.ConfirmConclusion, a.GiveDirection, a.WaiveDirection}
    ),
    (Step.SPEAK, Step.FOLLOW_UP): frozenset({a.SpeakStatement}),
    (Step.FOLLOW_UP, Step.CLOSED): frozenset({a.CloseIncident}),
    (Step.CLOSED, Step.FOLLOW_UP): frozenset({a.ReopenIncident}),
}


#: How late the clock comes at most.
LONG = timedelta(days=9)


class Broken(AssertionError):
    """The procedure let something through that it must not."""


def checked(walk: v.Walk, actor: int, action: a.Action, *, after: timedelta = v.MINUTE) -> bool:
    """Does it, or is refused; raises Broken when what came of it must not be."""
    before, seen = walk.incident, canonical(dump(walk.incident))
    try:
        walk.does(actor, action, after=after)
    except Refused:
        if walk.incident is not before or canonical(dump(before)) != seen:
            raise Broken("a refused action changed something") from None
        return False
    if canonical(dump(before)) != seen:
        raise Broken("the incident before was changed in place")
    new = walk.history[before.seq :]
    found = [*step_faults(before, action, walk.incident), *duty_faults(walk)]
    found += meeting_faults(walk.incident)
    for entry in new:
        found += entry_faults(before, entry, walk.incident)
    if found:
        raise Broken(f"{actor} {action}: {found}")
    return True


def step_faults(before: Incident, action: a.Action, after: Incident) -> Iterator[str]:
    """Whether the step changed as the regulation lets it, and its gates stand open."""
    left, reached = step(before), step(after)
    if left is not reached and type(action) not in CHANGES.get((left, reached), frozenset()):
        yield f"{left.name} -> {reached.name}"
    if reached is Step.SPEAK:
        yield from shut(after)
    if reached is Step.FOLLOW_UP and left is not Step.FOLLOW_UP and left is not Step.CLOSED:
        yield from shut(before)
    live = [after.spokesperson] if after.spokesperson else []
    if any(one.ended_at is None for one in after.former_spokespersons):
        yield "two spokespersons"
    if any(one.ended_at for one in live):
        yield "a spokesperson of the past"


def shut(incident: Incident) -> Iterator[str]:
    """The gates to Step 3, told anew from design.md §4."""
    concluded = incident.conclusion
    if incident.authority is Authority.UNDECIDED:
        yield "no authority"
    if incident.authority is Authority.BEYOND:
        if not incident.submitted_at:
            yield "no report"
        directed = any(one.corrected_by is None for one in incident.directions)
        if not directed and incident.direction_waiver is None:
            yield "no direction"
    if concluded is None or concluded.confirmed_at is None:
        yield "no conclusion"
    elif concluded.authority is not incident.authority:
        yield "a conclusion of another authority"
    elif not concluded.forms:
        yield "no form"
    if incident.focal_point is None:
        yield "no focal point"
    if incident.spokesperson is None:
        yield "no spokesperson"


#: What the clock may write: what it rang, and what was noticed of a room on a messenger.
BY_CLOCK = (
    *(e.DutyRung, e.DutyRungAhead, e.RingUndelivered, e.MeetingReminded),
    *(r.RoomBound, r.RoomMoved, r.RoomRightsChanged, r.RoomEnded, r.GuestCame, r.GuestLeft),
)


def entry_faults(before: Incident, entry: Entry, after: Incident) -> Iterator[str]:
    """What must hold about one new fact."""
    fact = entry.fact
    press = bool(entry.actor) and is_press(entry.actor, v.ORGANISATION)
    if entry.actor == v.CLOCK and not isinstance(fact, BY_CLOCK):
        yield "the clock acts"
    if press and isinstance(fact, s.StatementApproved | s.StatementSpoken | s.StatementAgreed):
        yield "the press speaks for the body"
    if isinstance(fact, s.SpokespersonAssigned):
        was = before.spokesperson.person if before.spokesperson else None
        if fact.previous != was or is_press(fact.person, v.ORGANISATION):
            yield "a hand-over from the wrong person, or to the press"
    if isinstance(fact, s.StatementDrafted):
        yield from differing(before, fact.text)
        if not fact.holding:
            yield from shut(before)
    if isinstance(fact, s.StatementApproved):
        yield from _approval_faults(before, fact, entry.actor, after)
    if isinstance(fact, s.StatementSpoken):
        yield from _speech_faults(before, fact, entry.actor)
    if isinstance(fact, s.IncidentClosed):
        yield from left_open(before)
    if isinstance(fact, g.NewsroomsGuided):
        text = next(one for one in before.statements if one.version == fact.statement)
        said = {one.version for one in before.spoken}
        if fact.sha256 != text_hash(text.text) or text.version not in said or text.void:
            yield "a newsroom got what was not released"
        if not all(is_press(one, v.ORGANISATION) for one in fact.people):
            yield "guidance to somebody inside"
    if any(is_press(one, v.ORGANISATION) for one in room_members(after, v.ORGANISATION)):
        yield "the press sits in the working room"


def differing(incident: Incident, text: str) -> Iterator[str]:
    """Numbers of one thing that differ and nobody has chosen from, told anew (domain.md T20)."""
    newest = {(one.what, one.of_unit): one for one in incident.figures}.values()
    for one in newest:
        others = [two for two in newest if (two.what, two.unit) == (one.what, one.unit)]
        differ = len({two.value for two in others}) > 1 and not incident.settlements
        if differ and f" {one.value} {one.unit} " in text:
            yield f"a contested figure: {one.value}"


def meeting_faults(incident: Incident) -> Iterator[str]:
    """One place for each unit's person, filled by him or by one whom he sent; no newsroom."""
    meeting = incident.meeting
    if meeting is None:
        return
    people = [who for one in meeting.invitees for who in (one.person, one.stand_in) if who]
    if len(people) != len(set(people)):
        yield "somebody fills two places"
    if any(is_press(who, v.ORGANISATION) for who in (*people, meeting.chair, *meeting.present)):
        yield "the press sits in the room"
    if not set(people) <= set(incident.members):
        yield "somebody was asked without a part in it"
    if meeting.cancelled_at or any(one.cancelled_at is None for one in incident.cancelled_meetings):
        yield "a cancelled meeting stands, or one that stands is among the cancelled"
    if meeting.id in {one.id for one in incident.cancelled_meetings}:
        yield "two meetings of one number"


def _approval_faults(
    before: Incident, fact: s.StatementApproved, actor: int, after: Incident
) -> Iterator[str]:
    text = next(one for one in before.statements if one.version == fact.statement)
    if text.author == actor:
        yield "the author approved"
    if not text_hash(text.text) == text.sha256 == fact.sha256:
        yield "not the bytes that were approved"
    if not text.holding:
        yield from shut(before)
    yield from differing(before, text.text)
    if sum(1 for one in after.statements if one.approved_at and not one.void) > 1:
        yield "two texts in force"


def _speech_faults(before: Incident, fact: s.StatementSpoken, actor: int) -> Iterator[str]:
    text = next(one for one in before.statements if one.version == fact.statement)
    if not text.approved_at or text.void or text_hash(text.text) != text.sha256:
        yield "spoken without approval"
    if before.spokesperson and before.spokesperson.person != actor:
        yield "somebody else spoke"
    if not text.holding:
        yield from shut(before)


def left_open(incident: Incident) -> Iterator[str]:
    """What must not be open at the end, told anew from design.md §4 and domain.md row 41."""
    said = [one for one in incident.spoken if not one.holding]
    if not said:
        yield "nothing said"
    elif incident.result is None or incident.result.at < said[-1].recorded_at:
        yield "no result report"
    yield from shut(incident)
    marks: dict[str, list[object]] = {
        "claim": [one.verdict for one in incident.claims],
        "enquiry": [one.answered_at for one in incident.enquiries],
        "task": [one.done_at for one in incident.tasks],
        "proposal": [one.accepted for one in incident.proposals],
        "order": [one.reported_at for one in incident.orders],
        "figure": _chosen(incident),
        "supplement": [one.provided_at for one in incident.supplements],
        "statement": [
            one.approved_at or one.returned_at or one.void for one in incident.statements
        ],
        "direction": [one.confirmed_at or one.corrected_by for one in incident.directions],
    }
    yield from (f"open {what}" for what, all_of in marks.items() if None in all_of)
    if False in marks["statement"]:
        yield "open statement"


def _chosen(incident: Incident) -> list[object]:
    """One None for each pair of units whose newest numbers differ while nobody chose."""
    newest = {(one.what, one.of_unit): one for one in incident.figures}.values()
    what = [one.what for one in newest]
    differ = len({(one.what, one.value) for one in newest}) > len(set(what))
    return [None] if differ and not incident.settlements else []


def duty_faults(walk: v.Walk) -> Iterator[str]:
    """One person has the ball, and no two duties have one key."""
    incident = walk.incident
    keys = [one.key for one in owed(incident, v.TERMS)]
    if len(keys) != len(set(keys)):
        yield f"duties twice: {keys}"
    holder = ball(incident, v.TERMS)
    if (holder is None) != bool(incident.closed_at):
        yield "nobody has the ball"
    if holder and not resolve(holder.owner, incident, walk.organisation):
        yield f"nobody is {holder.owner.post}"
    if incident.closed_at and keys:
        yield "owed after the end"


class Procedure(RuleBasedStateMachine):
    """One incident, from nothing to wherever its people take it."""

    runs: ClassVar[list[dict[str, Any]]] = []

    @initialize(
        severity=st.sampled_from(Severity),
        suggested=st.sampled_from(Authority),
        casualties=st.sampled_from(Casualties),
    )
    def somebody_reports(
        self, severity: Severity, suggested: Authority, casualties: Casualties
    ) -> None:
        self.walk = v.Walk()
        self.tried = self.done = 0
        self.steps = {Step.REPORT}
        action = v.opening(severity=severity, suggested_authority=suggested, casualties=casualties)
        self.does(v.REPORTER, action)

    def does(self, actor: int, action: a.Action) -> None:
        self.tried += 1
        self.done += checked(self.walk, actor, action)
        self.steps.add(step(self.walk.incident))

    @rule(pick=st.integers(0, 30))
    def somebody_moves_it_on(self, pick: int) -> None:
        acts = list(useful(self.walk))
        if acts:
            self.does(*acts[pick % len(acts)])

    @rule(pick=st.integers(0, 30))
    def somebody_goes_on(self, pick: int) -> None:
        self.somebody_moves_it_on(pick)

    @rule(picks=st.lists(st.integers(0, 30), min_size=2, max_size=6))
    def a_good_morning_passes(self, picks: list[int]) -> None:
        for pick in picks:
            self.somebody_moves_it_on(pick)

    @precondition(lambda self: self.walk.incident.result and not self.walk.incident.closed_at)
    @rule(actor=st.sampled_from((v.LEADER, v.HEAD)))
    def somebody_wants_to_be_done(self, actor: int) -> None:
        self.does(actor, a.CloseIncident(opinion=v.WORDS))

    @rule(pick=st.integers(0, 40))
    def something_else_happens(self, pick: int) -> None:
        acts = list(beside(self.walk))
        first = pick % len(acts)
        for act in acts[first:] + acts[:first]:
            if v.refusal(self.walk, *act) is None:
                self.does(*act)
                break

    @rule(pick=st.integers(0, 60), actor=st.sampled_from(v.PEOPLE))
    def somebody_else_tries_it(self, pick: int, actor: int) -> None:
        acts = [*useful(self.walk), *beside(self.walk)]
        self.does(actor, acts[pick % len(acts)][1])

    @rule(actor=st.sampled_from((*v.PEOPLE, v.STRANGER, v.CLOCK)), action=actions_of_any_kind())
    def anybody_tries_anything(self, actor: int, action: a.Action) -> None:
        self.does(actor, action)

    @rule(minutes=st.sampled_from((1, 10, 45, 180, 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.walk.now += timedelta(minutes=minutes)

    @precondition(lambda self: not self.walk.incident.closed_at)
    @rule()
    def the_clock_rings(self) -> None:
        walk = self.walk
        for ring in due_rings(walk.incident, v.TERMS, walk.organisation, walk.now):
            self.does(v.CLOCK, noted(ring))

    @rule(share=st.floats(0, 1, exclude_max=True))
    def the_clock_rings_what_it_has_foreseen(self, share: float) -> None:
        walk, before = self.walk, self.walk.incident
        at = next_ring_at(before, v.TERMS, walk.organisation)
        if at is None:
            return
        ahead = foreseen(before, canonical(dump(before)), walk.organisation, v.TERMS, at)
        now = at + share * (min(ahead.until, at + LONG) - at)
        if now < walk.now or not ahead.holds(ahead.state, walk.organisation, now):
            return
        walk.now = now
        rings = due_rings(before, v.TERMS, walk.organisation, now)
        for ring in rings:
            checked(walk, v.CLOCK, noted(ring), after=timedelta(0))
        following = next_ring_at(walk.incident, v.TERMS, walk.organisation)
        found = (rings, following, canonical(dump(walk.incident)))
        if found != (ahead.rings, ahead.following, ahead.after(now)):
            raise Broken(f"at {now} not what was foreseen for {at}")

    def teardown(self) -> None:
        walk = self.walk
        again = fold(walk.incident.stream, walk.history)
        if again != walk.incident:
            raise Broken("the fold is not what was reached step by step")
        if load(Incident, dump(again)) != again:
            raise Broken("the kept state is not the fold")
        type(self).runs.append({"steps": self.steps, "tried": self.tried, "done": self.done})
