"""An incident as templates and pages see it: the fold with people, step and ball resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procedure.attendance import absent_without_word, place_of
from procedure.facts import Figure, Invitee, Meeting, Statement
from procedure.facts_late import PhoneDecision
from procedure.figures import Conflict, Thing, conflicts, settler, things
from procedure.figures_in_text import barred
from procedure.guidance import released, to_guide
from procedure.incident import Incident
from procedure.obligations import Obligation, Terms, ball, owed
from procedure.organisation import Organisation, Person, Unit
from procedure.parties import Party, Post, heads, leaders, resolve, room_members, speaker
from procedure.rules_handing_on import POST, way_of
from procedure.steps import missing_for_closing, missing_for_speaking, step
from procedure.words import Duty, Role

#: What brings something new about the matter, not about the procedure.
_UPDATES = frozenset(
    {
        Duty.WRITTEN_REPORT,
        Duty.VERIFICATION,
        Duty.HOLDING_STATEMENT,
        Duty.OFFICIAL_STATEMENT,
        Duty.OFFICIAL_STATEMENT_TARGET,
        Duty.RESULT_REPORT,
    }
)


@dataclass(frozen=True)
class IncidentView:
    """Read-only; every attribute of the incident is reachable too."""

    incident: Incident
    organisation: Organisation
    terms: Terms
    now: datetime

    def __getattr__(self, name: str) -> Any:
        return getattr(self.incident, name)

    @property
    def unit_here(self) -> Unit:
        """The reporting unit."""
        return self.organisation.units[self.incident.unit]

    @property
    def department_here(self) -> Unit:
        """The propaganda department in charge."""
        return self.organisation.units[self.incident.department]

    @property
    def committee_here(self) -> Unit:
        """The standing committee above."""
        return self.organisation.units[self.incident.committee]

    @property
    def step_number(self) -> int:
        """1 to 4; 5 once closed."""
        return int(step(self.incident))

    @property
    def speaker(self) -> Person | None:
        """The one spokesperson, before Step 2 the unit's standing one."""
        found = speaker(self.incident, self.organisation)
        return self.organisation.people.get(found)

    @property
    def keeper(self) -> Person | None:
        """The focal point for facts, when one is named."""
        focal = self.incident.focal_point
        return self.organisation.people.get(focal.person) if focal else None

    @property
    def head(self) -> Person | None:
        """The head of the reporting unit."""
        found = self.organisation.head(self.incident.unit)
        return self.organisation.people.get(found) if found else None

    @property
    def reporter(self) -> Person | None:
        """Who opened it."""
        return self.organisation.people.get(self.incident.opened_by)

    @property
    def released(self) -> Statement | None:
        """The text that was spoken last."""
        return released(self.incident)

    @property
    def to_guide(self) -> tuple[Person, ...]:
        """Who of the newsrooms has not been sent the released text yet."""
        people = to_guide(self.incident, self.organisation)
        return tuple(self.organisation.people[one] for one in people)

    @property
    def room(self) -> tuple[Person, ...]:
        """Who belongs to the working room."""
        people = room_members(self.incident, self.organisation)
        return tuple(self.organisation.people[one] for one in people)

    @property
    def ball(self) -> Obligation | None:
        """The duty that moves the incident on."""
        return ball(self.incident, self.terms)

    @property
    def ball_person(self) -> Person | None:
        """Who has the ball; while a direction is awaited the duty officer (conduct §8)."""
        duty = self.ball
        if duty is None:
            return None
        people = resolve(duty.owner, self.incident, self.organisation)
        if duty.duty is Duty.DIRECTION:
            people = resolve(Party(Post.DUTY_OFFICER), self.incident, self.organisation)
        return self.organisation.people.get(people[0]) if people else None

    @property
    def ball_unit(self) -> Unit | None:
        """The unit of whoever has the ball."""
        who = self.ball_person
        return self.organisation.units.get(who.unit) if who else None

    @property
    def due_here(self) -> datetime | None:
        """When the ball's duty is due, while that is ahead; lateness is told in private."""
        duty = self.ball
        return duty.due if duty and duty.due > self.now else None

    @property
    def meeting_ahead(self) -> datetime | None:
        """When the next meeting begins, while that is ahead."""
        held = self.incident.meeting
        return held.at if held and held.at > self.now else None

    @property
    def next_update(self) -> datetime | None:
        """By when the next word on the matter itself is due, while that is ahead."""
        due = (one.due for one in self.owed if one.duty in _UPDATES and one.due > self.now)
        return min(due, default=None)

    @property
    def called(self) -> Meeting | None:
        """The meeting that stands, else the one cancelled last: a sentence may come after it."""
        return self.incident.meeting or self.cancelled

    @property
    def cancelled(self) -> Meeting | None:
        """The meeting cancelled last."""
        return self.incident.cancelled_meetings[-1] if self.incident.cancelled_meetings else None

    def place_of(self, person: int) -> Invitee | None:
        """The place in the meeting that a person fills, or from which he sent somebody."""
        return place_of(self.called, person) if self.called else None

    @property
    def missed(self) -> tuple[int, ...]:
        """Who was awaited at the meeting, gave no word and was not there; for its caller alone."""
        held = self.incident.meeting
        return absent_without_word(held, held.present) if held and held.present_at else ()

    def duty(self, key: str) -> Obligation | None:
        """An open duty by its key."""
        return next((one for one in self.owed if one.key == key), None)

    def was_speaker(self, person: int) -> bool:
        """Whether somebody spoke here once and another speaks now."""
        now = self.incident.spokesperson
        former = {held.person for held in self.incident.former_spokespersons}
        return now is not None and person != now.person and person in former

    def bound_to_post(self, key: str) -> bool:
        """Whether an open duty belongs to a post and so to nobody else."""
        duty = self.duty(key)
        return duty is not None and way_of(duty) == POST

    def has_extended(self, key: str, person: int) -> bool:
        """Whether this person, or the one for whom he acts, has already taken time for a duty by
        himself."""
        taken = self.incident.extensions.get(key, ())
        return any(self.organisation.acts_for(person, one.by) for one in taken)

    def handed_at(self, key: str) -> datetime | None:
        """When a task or an order last went to another person."""
        done = self.incident.handed_on.get(key)
        return done[-1].at if done else None

    def work(self, key: str) -> str:
        """What a task or an order is about, in the words of who gave it."""
        duty = self.duty(key)
        if duty is None or duty.duty not in (Duty.TASK, Duty.VERIFICATION):
            return ""
        items = self.incident.tasks if duty.duty is Duty.TASK else self.incident.orders
        return str(self.item(items, duty.subject).what)

    @property
    def owed(self) -> tuple[Obligation, ...]:
        """All open duties."""
        return owed(self.incident, self.terms)

    @property
    def missing_speaking(self) -> tuple[str, ...]:
        """The gates to Step 3 that are shut."""
        return missing_for_speaking(self.incident)

    @property
    def missing_closing(self) -> tuple[str, ...]:
        """What bars the end."""
        return missing_for_closing(self.incident)

    @property
    def things(self) -> tuple[Thing, ...]:
        """What is counted, with the figures that stand."""
        return things(self.incident)

    def conflict(self, number: int) -> Conflict | None:
        """The figures that differ, by the number of their duty; None once they do not."""
        return next((one for one in conflicts(self.incident) if one.id == number), None)

    def differs(self, number: int) -> bool:
        """Whether a figure is one of several that differ."""
        return any(number in one.ids for one in conflicts(self.incident))

    @property
    def settler(self) -> Person | None:
        """Who chooses among figures that differ."""
        people = resolve(settler(self.incident), self.incident, self.organisation)
        return self.organisation.people.get(people[0]) if people else None

    def those_figures(self, numbers: Sequence[int]) -> tuple[Figure, ...]:
        """Figures by their numbers."""
        return tuple(one for one in self.incident.figures if one.id in numbers)

    def telephoned(self, person: int) -> tuple[PhoneDecision, ...]:
        """The telephone decisions that a person may read: his own, a head's, the department's."""
        one, incident = self.organisation, self.incident
        units = {incident.unit, *(held.unit for held in incident.live_merged)}
        above = {who for unit in units for who in heads(unit, one)}
        above |= {*leaders(incident, one), *one.holders(Role.ON_DUTY, incident.department)}
        return tuple(
            told
            for told in incident.phone_decisions
            if person in above | {told.decider, told.heard_by, told.by}
        )

    def contested(self, version: int) -> bool:
        """Whether a text, not spoken yet, holds a figure that no statement may use now."""
        said = {one.version for one in self.incident.spoken}
        text = self.item(self.incident.statements, version)
        return version not in said and text is not None and bool(barred(self.incident, text.text))

    def item(self, items: tuple[Any, ...], number: int) -> Any:
        """A claim, order, task … by its id, or a statement by its version."""
        return next(
            (one for one in items if getattr(one, "id", getattr(one, "version", 0)) == number), None
        )
