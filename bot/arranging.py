"""What changes about papers, absences and rosters, and who is told at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.stage import Stage
from handlers import absence as absences
from handlers import delegation as papers
from handlers.notices import file_facts
from handlers.say import Choice, choice, opens, shows
from procedure import entries_arrangements as e
from procedure.arrangement_actions import ArrangementAction
from procedure.arrangements import Absence, Delegation
from procedure.codec import dump
from procedure.entries import Fact
from procedure.facts import FileRef
from procedure.organisation import Organisation
from procedure.parties import Party, Post, resolve
from procedure.rules_arrangements import arrange as by_rules
from storage import people
from storage.chats import Prompt


def arrange(stage: Stage, actor: int, action: ArrangementAction) -> None:
    """Puts it to the rules, writes what follows, tells whom it concerns. Raises Refused."""
    before, zone = stage.organisation, stage.world.settings.zone
    made = by_rules(before, action, actor, stage.now, zone)
    people.record(
        stage.session,
        made.facts,
        at=stage.now,
        actor=actor,
        channel=stage.channel,
        authority=made.authority,
    )
    stage.organisation = stage.world.organisation(stage.session, stage.now)
    for fact in made.facts:
        _TOLD[type(fact)](Telling(stage, actor, before), fact)


class Telling:
    """Who hears what of one fact."""

    def __init__(self, stage: Stage, actor: int, before: Organisation) -> None:
        self.stage = stage
        self.actor = actor
        self.before = before

    def tell(
        self,
        to: Sequence[int | None],
        block: str,
        facts: Mapping[str, Any],
        choices: Sequence[Choice] = (),
        about: str | None = None,
        files: Sequence[FileRef] = (),
    ) -> None:
        """One message to each of them but the actor."""
        for one in dict.fromkeys(to):
            if one is None or one == self.actor or not self.stage.organisation.is_here(one):
                continue
            prompt = Prompt(
                template=f"arrangements#{block}",
                facts=dump({**facts, "told_by": self.actor}),
                choices=choices,
                about=about,
                rings=bool(choices),
                files=[file_facts(file) for file in files],
            )
            self.stage.prompt(one, prompt)

    def paper(self, number: int) -> tuple[Delegation, dict[str, Any], str]:
        """A paper, what a sentence about it needs, and the card that it stands on."""
        found = next(one for one in self.stage.organisation.delegations if one.id == number)
        desk = self.stage.desk(found.person, None, {})
        return found, papers.facts_of(found, desk), f"delegation:{number}"

    def absence(self, number: int) -> tuple[Absence, dict[str, Any], str]:
        """An absence, what a sentence about it needs, and the card that it stands on."""
        found = next(one for one in self.stage.organisation.absences if one.id == number)
        return found, absences.facts_of(found), f"absence:{number}"

    def head(self, person: int) -> int | None:
        """The head of the unit in which a person works."""
        whole = self.stage.organisation
        return whole.head(whole.people[person].unit)

    # Papers

    def entered(self, fact: e.DelegationEntered) -> None:
        """The head is asked to confirm what his office entered; else he who may speak hears."""
        one, facts, card = self.paper(fact.delegation.id)
        if one.confirmed_by is None:
            head = self.stage.organisation.head(one.unit)
            ask = papers.to_confirm(one)
            self.tell([head], "delegation_waits", facts, ask, card, files=one.paper)
        else:
            self.tell([one.person], "delegation_given", facts, about=card)

    def confirmed(self, fact: e.DelegationConfirmed) -> None:
        """Who may speak now, and who entered the paper."""
        one, facts, card = self.paper(fact.delegation)
        self.tell([one.person], "delegation_given", facts, about=card)
        self.tell([one.by], "delegation_confirmed", facts)

    def ended(self, fact: e.DelegationEnded) -> None:
        """Whoever thought that it was good."""
        one, facts, card = self.paper(fact.delegation)
        head = self.stage.organisation.head(one.unit)
        self.tell([one.person, one.by, head], "delegation_ended", facts, about=card)

    # Absences

    def asked(self, fact: e.AbsenceEntered) -> None:
        """The stand-in is asked; he who is away hears what another entered for him."""
        one, facts, card = self.absence(fact.absence.id)
        self.tell([one.stand_in], "absence_asked", facts, absences.to_accept(one), card)
        self.tell([one.person], "absence_entered", facts)

    def accepted(self, fact: e.AbsenceAccepted) -> None:
        """He may go; his head knows; whoever names speakers hears that one is away."""
        one, facts, _ = self.absence(fact.absence)
        self.tell([one.person, self.head(one.person)], "absence_accepted", facts)
        if one.holds_at(self.stage.now):
            hand_over_voice(self.stage, one)

    def declined(self, fact: e.AbsenceDeclined) -> None:
        """He must ask another."""
        one, facts, card = self.absence(fact.absence)
        again = [choice("enter_absence", opens("absence"))]
        self.tell([one.person], "absence_declined", facts, again, card)
        if one.accepted_at is not None:
            self.tell([self.head(one.person)], "absence_declined", facts)

    def back(self, fact: e.AbsenceEnded) -> None:
        """The stand-in acts no more."""
        one, facts, card = self.absence(fact.absence)
        self.tell([one.stand_in, one.person], "absence_ended", facts, about=card)

    # Rosters

    def roster(self, fact: e.RosterSet) -> None:
        """Whoever has a turn in it."""
        facts = {"of": fact.unit}
        see = [choice("see_roster", shows("roster", unit=fact.unit) | {"keep": True})]
        self.tell([one.person for one in fact.turns], "roster_set", facts, see)

    def taken(self, fact: e.ShiftTaken) -> None:
        """Who takes it, from whom it is taken, and the head."""
        span, roster = fact.taken, self.before.rosters[fact.unit]
        shifts = roster.shifts(span.since, span.until, self.stage.world.settings.zone)
        facts = {
            "of": fact.unit,
            "person": span.person,
            "since": span.since,
            "until": span.until,
        }
        to = [span.person, *(one.person for one in shifts)]
        self.tell([*to, self.stage.organisation.head(fact.unit)], "shift_taken", facts)

    def noted(self, fact: e.ShiftHandedOver) -> None:
        """Whoever is on duty next."""
        self.tell([fact.to], "shift_note", {"of": fact.unit, "note": fact.note})


def hand_over_voice(stage: Stage, one: Absence) -> None:
    """Whoever names the speaker of an open incident hears that he is away: to act for him is no
    right to speak (conduct §6)."""
    for incident in stage.open_incidents():
        held = incident.spokesperson
        if held is None or held.person != one.person:
            continue
        post = Post.HEAD_OF_UNIT if incident.within else Post.DUTY_OFFICER
        for who in resolve(Party(post), incident, stage.organisation):
            prompt = Prompt(
                template="arrangements#speaker_away",
                facts=dump({**absences.facts_of(one), "code": incident.code}),
                choices=[choice("hand_over_speech", opens("assign_spokesperson", incident.stream))],
                stream=incident.stream,
                key=f"speaker_away:{incident.stream}:{one.id}:{who}",
                rings=True,
                drill=incident.drill,
            )
            stage.prompt(who, prompt)


_TOLD: Mapping[type[Fact], Callable[[Telling, Any], None]] = {
    e.DelegationEntered: Telling.entered,
    e.DelegationConfirmed: Telling.confirmed,
    e.DelegationEnded: Telling.ended,
    e.AbsenceEntered: Telling.asked,
    e.AbsenceAccepted: Telling.accepted,
    e.AbsenceDeclined: Telling.declined,
    e.AbsenceEnded: Telling.back,
    e.RosterSet: Telling.roster,
    e.ShiftTaken: Telling.taken,
    e.ShiftHandedOver: Telling.noted,
}
