"""What waits for somebody when two files become one, or two again, and who is asked anew.

The buttons of the file that yields are withdrawn, those of what leaves the kept file too. So an
open offer, a wish for time, "not mine", a telephone decision to confirm and figures that differ
are asked in the file where they go on. A meeting that lies ahead does not go along: it is
cancelled once, with the reason, and a split does not bring it back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from procedure import entries_meeting as m
from procedure.codec import Prose
from procedure.decision import Asked, Notice
from procedure.entries import Fact
from procedure.facts import Meeting
from procedure.facts_merge import Carried
from procedure.figures import conflicts, thing_key
from procedure.incident import Incident
from procedure.obligations import find
from procedure.rules_figures import conflict_told, contested_told
from procedure.rules_help import above, on_duty
from procedure.steps import has_conclusion


def carried_told(asked: Asked, after: Incident, carried: Carried) -> Iterator[Notice]:
    """In the kept file, as it stands `after` the merge: all that came and waits."""
    there = replace(asked, incident=after)
    came = {one.id for one in carried.figures}
    keys = {*carried.offers, *carried.time_wishes, *carried.not_mine}
    yield from _asked_anew(there, keys, {one.id for one in carried.phone_decisions})
    about = set()
    for found in conflicts(after):
        if came & set(found.ids) and not found.measuring:
            about.add(thing_key(found.figures[0]))
            yield conflict_told(there, found)
    yield from contested_told(asked, after, about)


def restored_told(asked: Asked, back: Incident) -> Iterator[Notice]:
    """In the other one, as it stands once it is `back`: all that waits in it."""
    there = replace(asked, incident=back)
    keys = {*back.offers, *back.time_wishes, *back.not_mine}
    yield from _asked_anew(there, keys, {one.id for one in back.phone_decisions})
    for found in conflicts(back):
        if not found.measuring:
            yield conflict_told(there, found)


def meeting_ended(
    asked: Asked, other: Incident, reason: Prose
) -> tuple[tuple[Fact, ...], tuple[Notice, ...]]:
    """The meeting of the one that yields is off; who was to come hears which one stands."""
    held = _ahead(asked, other)
    if held is None:
        return (), ()
    coming = [who for one in held.invitees if one.answer != "no" for who in (one.goes, one.person)]
    everybody = dict.fromkeys((*coming, held.chair, held.called_by))
    to = tuple(who for who in everybody if who != asked.actor)
    stands = _ahead(asked, asked.incident)
    facts: dict[str, Any] = {"meeting": held.id, "by": asked.actor, "kept": asked.incident.code}
    facts["stands"] = stands.at if stands else None
    why = reason if reason.strip() else Prose(asked.incident.code)
    fact = m.MeetingCancelled(meeting=held.id, reason=why)
    return (fact,), (Notice("meeting_cancelled", to, facts, rings=True),)


def _ahead(asked: Asked, incident: Incident) -> Meeting | None:
    """The meeting that people are still to come to."""
    held = incident.meeting
    over = held is None or held.at <= asked.now or has_conclusion(incident)
    return None if over else held


def _asked_anew(asked: Asked, keys: set[str], decisions: set[int]) -> Iterator[Notice]:
    incident = asked.incident
    for key in sorted(key for key in keys if find(incident, asked.terms, key)):
        yield from _about(asked, key)
    for one in incident.phone_decisions:
        if one.id in decisions and not one.confirmed_at and not one.corrected_at:
            facts = {"decision": one.id, "by": one.by}
            yield Notice("phone_decision_to_confirm", (one.decider,), facts)


def _about(asked: Asked, key: str) -> Iterator[Notice]:
    """What waits about one duty."""
    incident = asked.incident
    offer, wish = incident.offers.get(key), incident.time_wishes.get(key)
    said = incident.not_mine.get(key)
    facts: Mapping[str, Any]
    if offer:
        facts = {"duty": key, "by": offer.by}
        yield Notice("task_offered", (offer.to,), facts, True, f"offer:{key}", key)
    if wish:
        facts = {"duty": key, "minutes": wish.minutes, "by": wish.by, "decides": wish.decides}
        to = tuple(dict.fromkeys((wish.decides, *on_duty(asked))))
        yield Notice("more_time_asked", to, facts, True, f"time:{key}")
    if said:
        facts = {"duty": key, "by": said.by, "whose": said.whose, "text": said.text}
        yield Notice("not_mine_said", above(asked, said.by), facts, True, f"mine:{key}")
