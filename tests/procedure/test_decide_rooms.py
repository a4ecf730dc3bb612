"""The room of an incident, rule by rule: places, guests, the record (conduct §13, §16)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from procedure import actions as a
from procedure import entries_rooms as r
from procedure.codec import Prose
from procedure.decision import Decision
from procedure.parties import room_watch
from procedure.rules_rooms import OWN_TIME
from procedure.words import Role
from tests.procedure import two_files
from tests.procedure import village as v
from tests.procedure.village import Walk

CHAT = {"channel": "telegram", "place": "-4001", "title": v.WORDS}
BIND = a.BindRoom(**CHAT)  # type: ignore[arg-type]
KEEP = a.KeepRecord(text=v.WORDS, said_at=v.START)


def bound(base: Callable[[], Walk] = v.received) -> Walk:
    """Its room stands in one group."""
    return base().all([(v.ADMIN, BIND)])


def within() -> Walk:
    """The same of an incident that stays within the unit's authority."""
    return bound(v.within)


def asked(person: int | None = None, base: Callable[[], Walk] = bound) -> Walk:
    """Somebody is in it of whom the watch was asked."""
    return base().all([(v.CLOCK, a.NoteGuest(guest=1, room=1, person=person))])


def admitted() -> Walk:
    """The watch let him in."""
    return asked().all([(v.DUTY, a.AdmitGuest(guest=1))])


def removed() -> Walk:
    """The watch had him removed."""
    return asked().all([(v.DUTY, a.RemoveGuest(guest=1))])


def gone() -> Walk:
    """He is not there any more."""
    return asked().all([(v.CLOCK, a.NoteGuestLeft(guest=1))])


def ended() -> Walk:
    """The place is none any more."""
    return bound().all([(v.CLOCK, a.EndRoom(room=1, why="removed"))])


def recorded() -> Walk:
    """The reporter has put something on record."""
    return bound().all([(v.REPORTER, KEEP)])


def recorded_within() -> Walk:
    """The same in an incident that the unit keeps."""
    return v.within().all([(v.REPORTER, KEEP)])


def later() -> Walk:
    """So long ago that only the watch takes it back."""
    walk = recorded()
    walk.now += OWN_TIME + v.MINUTE
    return walk


def withdrawn() -> Walk:
    """And taken it back."""
    return recorded().all([(v.REPORTER, a.WithdrawRecord(record=1))])


def closed() -> Walk:
    """A closed incident with a room."""
    walk = bound()
    walk.incident = replace(walk.incident, closed_at=v.START)
    return walk


def moving(other: Walk | None = None, **change: object) -> a.MoveRecord:
    """Moves record 1 into another incident."""
    found = other or two_files.second(two_files.sent_up)
    return a.MoveRecord(
        record=1,
        other=two_files.OTHER,
        absorbed=replace(found.incident, **change),  # type: ignore[arg-type]
    )


def part(walk: Walk) -> Walk:
    """An incident in which the duty officer and the reporter of the other have a part."""
    members = (*walk.incident.members, v.REPORTER)
    walk.incident = replace(walk.incident, members=members)
    return walk


REFUSALS: list[tuple[Callable[[], Walk], int, a.Action, str]] = [
    (v.received, v.DUTY, BIND, "only_admin_binds"),
    (v.received, v.HEAD, BIND, "only_admin_binds"),
    (closed, v.ADMIN, replace(BIND, place="-4002"), "incident_closed"),
    (bound, v.ADMIN, BIND, "room_bound_already"),
    (bound, v.CLOCK, BIND, "room_bound_already"),
    (bound, v.ADMIN, a.MoveRoom(room=1, place="-5"), "only_clock"),
    (bound, v.CLOCK, a.MoveRoom(room=1, place="-4001"), "room_as_told"),
    (bound, v.CLOCK, a.MoveRoom(room=2, place="-5"), "room_ended"),
    (bound, v.DUTY, a.ChangeRoomRights(room=1, lacking=()), "only_clock"),
    (bound, v.CLOCK, a.ChangeRoomRights(room=1, lacking=()), "room_as_told"),
    (ended, v.CLOCK, a.ChangeRoomRights(room=1, lacking=("x",)), "room_ended"),
    (bound, v.DUTY, a.EndRoom(room=1), "only_admin_binds"),
    (ended, v.ADMIN, a.EndRoom(room=1), "room_ended"),
    (ended, v.CLOCK, a.EndRoom(room=1, why="deleted"), "room_ended"),
    (bound, v.DUTY, a.NoteGuest(guest=1, room=1), "only_clock"),
    (ended, v.CLOCK, a.NoteGuest(guest=1, room=1), "room_ended"),
    (bound, v.CLOCK, a.NoteGuest(guest=1, room=1, person=v.HEAD), "room_as_told"),
    (asked, v.CLOCK, a.NoteGuest(guest=1, room=1), "room_as_told"),
    (bound, v.DUTY, a.AdmitGuest(guest=1), "guest_gone"),
    (gone, v.DUTY, a.AdmitGuest(guest=1), "guest_gone"),
    (asked, v.HEAD, a.AdmitGuest(guest=1), "only_watch_decides"),
    (asked, v.ADMIN, a.AdmitGuest(guest=1), "only_watch_decides"),
    (lambda: asked(base=within), v.DUTY, a.AdmitGuest(guest=1), "only_watch_decides"),
    (lambda: asked(v.JOURNALIST), v.DUTY, a.AdmitGuest(guest=1), "press_not_in_room"),
    (admitted, v.DUTY, a.AdmitGuest(guest=1), "guest_settled"),
    (gone, v.DUTY, a.RemoveGuest(guest=1), "guest_gone"),
    (asked, v.REPORTER, a.RemoveGuest(guest=1), "only_watch_decides"),
    (removed, v.DUTY, a.RemoveGuest(guest=1), "guest_settled"),
    (asked, v.DUTY, a.NoteGuestLeft(guest=1), "only_clock"),
    (gone, v.CLOCK, a.NoteGuestLeft(guest=1), "guest_gone"),
    (bound, v.JOURNALIST, KEEP, "press_reports_elsewhere"),
    (bound, v.OUTSIDER, KEEP, "not_in_incident"),
    (bound, v.ADMIN, KEEP, "not_in_incident"),
    (closed, v.REPORTER, KEEP, "incident_closed"),
    (bound, v.REPORTER, replace(KEEP, text=Prose(" ")), "record_blank"),
    (recorded, v.HEAD, a.WithdrawRecord(record=1), "record_is_kept"),
    (recorded_within, v.DUTY, a.WithdrawRecord(record=1), "record_is_kept"),
    (later, v.REPORTER, a.WithdrawRecord(record=1), "record_is_kept"),
    (withdrawn, v.REPORTER, a.WithdrawRecord(record=1), "record_gone"),
    (recorded, v.REPORTER, a.WithdrawRecord(record=2), "record_gone"),
    (recorded, v.REPORTER, a.MoveRecord(record=1, other="x"), "record_to_itself"),
    (recorded, v.REPORTER, moving(recorded(), stream="incident-1"), "record_to_itself"),
    (recorded, v.REPORTER, moving(), "not_in_incident"),
    (
        recorded,
        v.DUTY,
        moving(part(two_files.second(two_files.sent_up)), closed_at=v.START),
        "incident_closed",
    ),
    (
        recorded,
        v.DUTY,
        moving(part(two_files.second(two_files.sent_up)), drill=True),
        "drill_is_apart",
    ),
]


@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_a_refusal_names_its_sentence(
    stage: Callable[[], Walk], actor: int, action: a.Action, key: str
) -> None:
    refused = v.refusal(stage(), actor, action)
    assert refused is not None and refused.key == key


# Places


def test_a_bound_room_tells_nobody_and_gives_the_administrator_no_part() -> None:
    walk = v.received()
    decision = walk.does(v.ADMIN, BIND)
    assert v.told(decision) == {} and v.ADMIN not in walk.incident.members
    (room,) = walk.incident.rooms
    assert (room.id, room.by, room.place, room.ended_at) == (1, v.ADMIN, "-4001", None)


@pytest.mark.parametrize(("stage", "watch"), [(bound, v.DUTY), (within, v.HEAD)])
def test_a_lost_room_is_told_aloud_to_its_watch(stage: Callable[[], Walk], watch: int) -> None:
    walk = stage()
    assert room_watch(walk.incident, v.ORGANISATION) == (watch,)
    decision = walk.does(v.CLOCK, a.EndRoom(room=1, why="deleted"))
    assert v.told(decision) == {"room_lost": (watch,)} and decision.notices[0].rings
    assert walk.incident.rooms[0].why == "deleted"


@pytest.mark.parametrize("why", ["unbound", "forum_removed", "forum_deleted"])
def test_what_is_told_otherwise_is_not_told_again(why: str) -> None:
    assert v.told(bound().does(v.CLOCK, a.EndRoom(room=1, why=why))) == {}


def test_only_rights_that_were_lost_are_told() -> None:
    walk = bound()
    both = a.ChangeRoomRights(room=1, lacking=("b", "a"))
    assert v.told(walk.does(v.CLOCK, both)) == {"room_limited": (v.DUTY,)}
    assert walk.incident.rooms[0].lacking == ("a", "b")
    assert v.refusal(walk, v.CLOCK, both) is not None
    assert v.told(walk.does(v.CLOCK, a.ChangeRoomRights(room=1, lacking=("a",)))) == {}


def test_the_rooms_of_a_merged_incident_are_still_looked_after() -> None:
    walk = two_files.two().other
    walk.all([(v.ADMIN, BIND)])
    files = two_files.Files(v.received(), walk)
    files.merge()
    assert walk.incident.yielded is not None
    walk.does(v.CLOCK, a.NoteGuest(guest=1, room=1))
    walk.does(v.DUTY, a.RemoveGuest(guest=1))
    walk.does(v.CLOCK, a.MoveRoom(room=1, place="-9"))
    walk.does(v.CLOCK, a.EndRoom(room=1, why="removed"))
    refused = v.refusal(walk, v.ADMIN, BIND)
    assert refused is not None and refused.key == "merged_into"


# Guests


def told(decision: Decision) -> list[str]:
    """The kinds of notice."""
    return [one.kind for one in decision.notices]


def test_a_stranger_is_asked_about_until_he_was_let_in() -> None:
    walk = asked()
    (guest,) = walk.incident.guests
    assert guest.is_stranger and guest.person is None
    walk.does(v.CLOCK, a.NoteGuestLeft(guest=1))
    assert not walk.incident.guests[0].is_stranger
    assert told(walk.does(v.CLOCK, a.NoteGuest(guest=1, room=1))) == ["guest_came"]
    walk.does(v.DUTY, a.AdmitGuest(guest=1))
    assert not walk.incident.guests[0].is_stranger and v.DUTY in walk.incident.members
    walk.does(v.CLOCK, a.NoteGuestLeft(guest=1))
    assert told(walk.does(v.CLOCK, a.NoteGuest(guest=1, room=1))) == []
    assert not walk.incident.guests[0].is_stranger


def test_removed_he_is_a_stranger_until_he_has_gone_and_again_when_he_comes() -> None:
    walk = admitted()
    walk.does(v.DUTY, a.RemoveGuest(guest=1))
    assert walk.incident.guests[0].is_stranger
    walk.does(v.CLOCK, a.NoteGuestLeft(guest=1))
    again = a.NoteGuest(guest=1, room=1, person=v.OUTSIDER)
    assert told(walk.does(v.CLOCK, again)) == ["guest_came"]
    guest = walk.incident.guests[0]
    assert (guest.removed_by, guest.person) == (None, v.OUTSIDER)


def test_nobody_with_a_part_is_removed_as_a_guest() -> None:
    walk = asked(v.OUTSIDER)
    walk.incident = replace(walk.incident, members=(*walk.incident.members, v.OUTSIDER))
    refused = v.refusal(walk, v.DUTY, a.RemoveGuest(guest=1))
    assert refused is not None and refused.key == "guest_gone"
    walk.does(v.CLOCK, a.NoteGuestLeft(guest=1))


def test_with_its_place_the_guests_are_gone() -> None:
    walk = asked().all([(v.CLOCK, a.EndRoom(room=1, why="removed"))])
    assert walk.incident.guests[0].left_at == walk.now


# The record


def test_for_ten_minutes_it_is_the_authors_then_the_watchs() -> None:
    walk = recorded()
    walk.now = walk.incident.records[0].at + OWN_TIME - timedelta(minutes=1)
    assert v.refusal(walk, v.REPORTER, a.WithdrawRecord(record=1)) is None
    decision = later().does(v.DUTY, a.WithdrawRecord(record=1))
    assert decision.authority == "watch"


def test_taken_back_its_words_are_gone_and_the_fact_stays() -> None:
    (record,) = withdrawn().incident.records
    assert (record.text, record.author, record.stands) == ("", v.REPORTER, False)


def test_moved_it_stands_in_the_other_with_its_author_and_time() -> None:
    other = part(two_files.second(two_files.sent_up))
    walk = recorded()
    said = walk.incident.records[0]
    decision = walk.does(v.REPORTER, moving(other))
    (beside,) = decision.beside
    (kept,) = beside.facts
    assert isinstance(kept, r.RecordKept) and kept.came_from == walk.incident.code
    assert (kept.author, kept.said_at, kept.text) == (said.author, said.said_at, v.WORDS)
    assert walk.incident.records[0].moved_to == other.incident.code
    assert not walk.incident.records[0].text


def test_an_administrator_is_no_part_of_the_watch() -> None:
    assert Role.ADMIN in {one.role for one in v.ORGANISATION.held_by(v.ADMIN)}
    assert v.ADMIN not in room_watch(bound().incident, v.ORGANISATION)
