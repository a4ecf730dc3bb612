"""One transaction of the bot: what it may look up, perform, tell and say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import ics, rooms
from bot.likeness import WITHIN, Heard, alike
from bot.render import Scene
from bot.view import IncidentView
from bot.world import World
from handlers import notices as notice_choices
from handlers.look import Desk
from handlers.navigation import duty_officer_for
from handlers.say import Say
from procedure import actions as a
from procedure.codec import Prose, dump
from procedure.decide import decide
from procedure.decision import CLOCK, Beside, Notice
from procedure.entries import Entry
from procedure.evolve import advanced
from procedure.foreseen import Foreseen, foreseen
from procedure.incident import Incident
from procedure.obligations import Terms, owed
from procedure.organisation import Organisation
from procedure.parties import speaker
from procedure.policy import Retention
from procedure.ringing import bell, next_ring_at, work_of
from procedure.words import Duty
from storage import (
    accounts,
    chats,
    deliveries,
    drafts,
    held,
    incidents,
    journal,
    people,
    places,
    prompts,
)
from storage.chats import Prompt
from storage.database import Session
from storage.tables import ChatRow

WEB = "web"
#: The fact that says in whose place the reader is told something.
INSTEAD = "instead_of"
_NOBODY: tuple[int, ...] = ()
_SPEAKING = frozenset({"spokesperson_assigned", "statement_approved", "enquiry_arrived"})


class Stage:
    """The door between the conversations and the memory, for the length of one turn."""

    def __init__(self, world: World, session: Session, now: datetime, channel: str) -> None:
        self.world = world
        self.session = session
        self.now = now
        self.channel = channel
        self.organisation: Organisation = world.organisation(session, now)
        self.chat: ChatRow | None = None
        self._known: dict[str, Incident] = {}

    def forget(self) -> None:
        """What was performed in a savepoint that has been rolled back never was."""
        self._known.clear()

    # What handlers may look up (handlers/look.py).

    def incident(self, stream: str) -> Incident:
        """One incident. Raises KeyError."""
        if stream not in self._known:
            self._known[stream] = incidents.get(self.session, stream)
        return self._known[stream]

    def file_of(self, stream: str) -> Incident:
        """The file in which an incident lies now: its own, or that of the one that was kept."""
        incident = self.incident(stream)
        return self.file_of(incident.yielded.into) if incident.yielded else incident

    def due(self, streams: Sequence[str]) -> dict[str, Foreseen]:
        """What rings now in several incidents, as it was foreseen or worked out only now."""
        states = incidents.states(self.session, streams)
        found = self.world.foresight.holding(states, self.organisation, self.now)
        return {
            stream: self._due(states[stream], found.get(stream))
            for stream in streams
            if stream in states
        }

    def _due(self, state: str, ahead: Foreseen | None) -> Foreseen:
        if ahead is None or self.world.strict:
            incident = incidents.read(state)
            terms = self.terms(incident)
            anew = foreseen(incident, state, self.organisation, terms, self.now, now=True)
            assert ahead is None or anew.agrees(ahead, self.now), (ahead, anew)
            ahead = anew
        self.knows(ahead.incident)
        return ahead

    def knows(self, incident: Incident) -> None:
        """How an incident stands now in this transaction."""
        self._known[incident.stream] = incident

    def open_incidents(self) -> Sequence[Incident]:
        """All open incidents, newest first."""
        return incidents.listed(self.session)

    def similar(
        self, line: str, kind: str | None, place: str | None, unit: int, at: datetime
    ) -> Sequence[Incident]:
        """Open real incidents that a report may be about, the likeliest first."""
        heard = Heard(line=line, kind=kind, place=place, unit=unit, at=at)
        recent = incidents.opened_since(self.session, at - WITHIN)
        return alike(heard, recent, self.organisation)

    def search(self, words: str) -> Sequence[Incident]:
        """Incidents matching words without marks."""
        return incidents.searched(self.session, words)

    def journal(self, stream: str) -> Sequence[Entry]:
        """The entries of an incident."""
        return journal.read(self.session, stream)

    def terms(self, incident: Incident) -> Terms:
        """The numbers in force for an incident."""
        return self.world.terms(self.session, incident.policy)

    def all_terms(self) -> list[Terms]:
        """The numbers that are in force for any incident."""
        return list(self.world.all_terms(self.session).values())

    def clause(self, duty: str) -> Mapping[str, Any] | None:
        """The sentence of the regulation behind a duty."""
        policy = self.world.terms(self.session, self.policy_in_force()).policy
        number = policy.duties[duty].clause if duty in policy.duties else None
        return self.world.clauses.get(number) if isinstance(number, int) else None

    def policy_in_force(self) -> str:
        """The version that an incident opened now is stamped with."""
        version = people.policy_in_force(self.session)
        if version is None:
            raise LookupError("no policy has been adopted")
        return version

    def told(self, stream: str, template: str) -> Sequence[deliveries.Told]:
        """Everything told about an incident by one template."""
        return deliveries.told(self.session, stream, template)

    def held_on(self, person: int) -> held.HeldOn:
        """What is kept of a person, apart from the incidents themselves."""
        return held.held_on(self.session, person, self.now)

    def retention(self) -> Retention:
        """How long is kept what is neither in the journal nor in a case file."""
        return self.world.terms(self.session, self.policy_in_force()).policy.retention

    def parked(self) -> Sequence[tuple[int, str, str | None]]:
        """The parked drafts of this chat."""
        if self.chat is None or self.chat.id is None:
            return ()
        return [(one.id, one.form, one.stream) for one in drafts.parked(self.session, self.chat.id)]

    def desk(self, person: int, stream: str | None, args: Mapping[str, Any]) -> Desk:
        """Where a conversation of this person about this incident sits."""
        return Desk(
            person=person,
            now=self.now,
            zone=self.world.settings.zone,
            organisation=self.organisation,
            look=self,
            words=self.world.words,
            incident=self.incident(stream) if stream else None,
            args=dict(args),
        )

    def scene(self, reader: int, stream: str | None) -> Scene:
        """What a template may ask, for one reader and one incident."""
        view = None
        if stream:
            incident = self.incident(stream)
            view = IncidentView(incident, self.organisation, self.terms(incident), self.now)
        person = self.organisation.people.get(reader)
        officer = duty_officer_for(self.organisation, person.unit if person else None)
        on_duty = self.organisation.people.get(officer) if officer else None
        return Scene(self.world.renderer, self.organisation, self.now, reader, view, on_duty)

    def write(self, template: str, reader: int, stream: str) -> str:
        """A first text that a template writes from what is known."""
        return self.world.renderer.text(template, {}, self.scene(reader, stream))

    # What a turn may do.

    def perform(self, stream: str | None, actor: int, action: a.Action) -> str:
        """Puts one action to the rules and writes all that follows; returns the stream.

        Raises Refused; nothing of a refused action is written.
        """
        if isinstance(action, a.OpenIncident):
            stream, action = self._numbered(action)
        assert stream is not None
        before = self._before(stream)
        policy = action.policy if isinstance(action, a.OpenIncident) else before.policy
        terms = self.world.terms(self.session, policy)
        action = self._with_other(stream, actor, action)
        decision = decide(before, action, actor, self.now, self.organisation, terms)
        own = Beside(stream, decision.facts, decision.notices)
        # Several incidents are written in order of id (design.md §2e).
        written = sorted((own, *decision.beside), key=lambda one: (len(one.stream), one.stream))
        for one in written:
            self._write(one, actor, decision.authority, terms if one is own else None)
        for one in (own, *decision.beside):
            after = self.incident(one.stream)
            for notice in one.notices:
                self.tell(after, terms if one is own else self.terms(after), notice)
        return stream

    def would(self, stream: str, actor: int, action: a.Action) -> None:
        """Asks the rules without writing anything. Raises Refused."""
        before = self._before(stream)
        terms = self.terms(before)
        action = self._with_other(stream, actor, action)
        decide(before, action, actor, self.now, self.organisation, terms)

    def _with_other(self, stream: str, actor: int, action: a.Action) -> a.Action:
        """Merging and splitting look at both incidents as they stand in this transaction."""
        if not isinstance(action, a.MergeIncidents | a.SplitIncident | a.MoveRecord):
            return action
        other = self._before(action.other)
        action = replace(action, absorbed=other if other.opened_at else None)
        if isinstance(action, a.MergeIncidents) and not action.reason:
            reason = self.write("words#joined_into", actor, stream)
            action = replace(action, reason=Prose(reason))
        return action

    def _write(self, one: Beside, actor: int, authority: str, terms: Terms | None) -> None:
        before = self._before(one.stream)
        terms = terms or self.terms(before)
        entries = journal.append(
            self.session,
            one.stream,
            one.facts,
            at=self.now,
            actor=actor,
            authority=authority,
            channel="clock" if actor == CLOCK else self.channel,
        )
        after = advanced(before, entries)
        incidents.save(self.session, after, next_ring_at(after, terms, self.organisation))
        self._known[one.stream] = after
        self._settle_met(before, after, terms)
        self.tell_room(after, entries)
        if after.yielded and not before.yielded:
            prompts.withdraw(self.session, after.stream)

    def _numbered(self, action: a.OpenIncident) -> tuple[str, a.OpenIncident]:
        """Codes come from a counter in the opening turn: VV-2026-001, in a drill DT-2026-001."""
        prefix = "DT" if action.drill else "VV"
        year = self.now.astimezone(self.world.settings.zone).year
        number = incidents.next_number(self.session, f"{prefix}-{year}")
        serial = incidents.next_number(self.session, "incident")
        code = f"{prefix}-{year}-{number:03d}"
        return f"incident-{serial}", replace(action, code=code)

    def _before(self, stream: str) -> Incident:
        try:
            return self.incident(stream)
        except KeyError:
            return Incident(stream=stream)

    def _settle_met(self, before: Incident, after: Incident, terms: Terms) -> None:
        """Prompts that ask for a duty that is now met lose their buttons, in every chat."""
        had = {one.key for one in owed(before, terms)} if before.opened_at else set()
        have = {one.key for one in owed(after, terms)}
        if had - have:
            prompts.settle(self.session, after.stream, standing=frozenset(have))
        for key, done in after.handed_on.items():
            if len(done) > len(before.handed_on.get(key, ())):
                self._settle_handed_on(after.stream, key, done[-1].previous)

    def _settle_handed_on(self, stream: str, key: str, previous: int) -> None:
        """Whoever has handed his work on keeps no buttons of it."""
        kind, _, number = key.partition(":")
        noun = "task" if kind == Duty.TASK.value else "order"
        for chat in chats.chats_of(self.session, previous):
            for about in (key, f"O1:{noun}:{number}:{previous}"):
                chats.supersede(self.session, chat.id or 0, f"{stream}/duty:{about}")

    def tell(self, incident: Incident, terms: Terms, notice: Notice) -> None:
        """One prompt to each person of a notice; at night the watch is rung for the sleeping."""
        facts = dump(dict(notice.facts))
        if "guest" in facts:
            facts["name"] = places.name_of(self.session, facts["guest"])
        for person in dict.fromkeys(notice.to):
            if person not in self.organisation.people:
                continue
            duty = notice.duty.format(person=person) if notice.duty else None
            reader = self._reader(incident, person, notice.kind)
            desk = self.desk(person, incident.stream, facts)
            choices = notice_choices.choices(notice.kind, desk, facts)
            aloud, watch = False, _NOBODY
            if notice.rings:
                aloud, watch = bell(incident, terms, self.organisation, reader, self.now)
            about = notice.about or (f"duty:{duty}" if duty else None)
            prompt = Prompt(
                template=f"notices/{notice.kind}#text",
                facts=facts if reader == person else {**facts, INSTEAD: person},
                choices=choices,
                stream=incident.stream,
                about=f"{incident.stream}/{about}" if about else None,
                duties=[(incident.stream, key) for key in (duty, work_of(duty or "")) if key],
                rings=aloud,
                drill=incident.drill,
                files=[
                    *notice_choices.files(notice.kind, incident),
                    *ics.attached(self, notice.kind, incident, person),
                ],
            )
            self.prompt(reader, prompt)
            for other in watch:
                self._call_instead(incident, terms, reader, other, duty)

    def _reader(self, incident: Incident, person: int, kind: str) -> int:
        """Who acts for whom is away reads what he is told, but for what lets the speaker speak:
        his word does not go over by itself (conduct §6)."""
        if kind in _SPEAKING and person == speaker(incident, self.organisation):
            return person
        return self.organisation.acting(person)

    def tell_room(self, incident: Incident, entries: Sequence[Entry]) -> None:
        """Says in every place of the incident's room what these entries mean for all."""
        rooms.tell(self, incident, entries)

    def _call_instead(
        self, incident: Incident, terms: Terms, person: int, watch: int, duty: str | None
    ) -> None:
        if duty is None:
            return
        facts = {"to": person, "duty": duty}
        desk = self.desk(watch, incident.stream, facts)
        self.prompt(
            watch,
            Prompt(
                template="rings/call#night",
                facts=facts,
                choices=notice_choices.call_choices(desk, duty, person),
                stream=incident.stream,
                about=f"{incident.stream}/call:{duty}:{person}",
                duties=((incident.stream, duty),),
                rings=True,
                drill=incident.drill,
            ),
        )

    def prompt(self, person: int, prompt: Prompt) -> int | None:
        """Queues a prompt on the channel that the person used last; the web when on none."""
        chat = accounts.reach(self.session, person, self.world.channels)[0]
        return chats.enqueue(self.session, chat, prompt, at=self.now)

    def prompt_on_web(self, person: int, prompt: Prompt) -> int | None:
        """Queues a prompt on the person's page, for what the messengers cannot tell."""
        chat = chats.chat_of(self.session, WEB, str(person), person)
        return chats.enqueue(self.session, chat, prompt, at=self.now)

    def say(self, chat: ChatRow, words: Say, *, drill: bool = False) -> None:
        """Answers the person who wrote, in the chat in which he wrote."""
        chats.enqueue(
            self.session,
            chat,
            Prompt(
                template=words.template,
                facts=dump(dict(words.facts)),
                choices=words.choices,
                stream=words.stream,
                about=words.about,
                drill=drill,
                files=words.files,
            ),
            at=self.now,
        )
