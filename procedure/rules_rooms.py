"""The room of an incident: its places, who may be in it, what goes on record (conduct §13, §16).

What the bot itself notices on a messenger (a group that moved, somebody who came) is the clock's
to write; what people decide needs their authority.
"""

from datetime import timedelta

from procedure import actions as a
from procedure import entries_rooms as r
from procedure.decision import CLOCK, Asked, Beside, Decision, Notice, require
from procedure.errors import BadValue, NotYours, Outdated, WrongStep
from procedure.facts_rooms import Guest, Record, Room
from procedure.parties import Party, Post, is_press, room_members, room_watch

#: By himself an author takes back or moves what he put on record for so long (conduct §16).
OWN_TIME = timedelta(minutes=10)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)


def bind_room(asked: Asked, action: a.BindRoom) -> Decision:
    """An administrator binds a group; the clock binds the topic that it opened in a forum."""
    _admin_or_clock(asked)
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
    if any(one.place == action.place and not one.ended_at for one in asked.incident.rooms):
        raise BadValue("room_bound_already")
    number = len(asked.incident.rooms) + 1
    fact = r.RoomBound(room=number, channel=action.channel, place=action.place, title=action.title)
    return Decision((fact,), (), "admin" if asked.actor else "clock")


def move_room(asked: Asked, action: a.MoveRoom) -> Decision:
    """A group that became a supergroup is the same room under another id."""
    room = _noticed(asked, action.room)
    if room.place == action.place:
        raise Outdated("room_as_told")
    return Decision((r.RoomMoved(room=room.id, place=action.place),), (), "clock")


def change_room_rights(asked: Asked, action: a.ChangeRoomRights) -> Decision:
    """Rights that the bot lost are told to the duty officer; won back they are only written."""
    room = _noticed(asked, action.room)
    if set(room.lacking) == set(action.lacking):
        raise Outdated("room_as_told")
    fact = r.RoomRightsChanged(room=room.id, lacking=tuple(sorted(action.lacking)))
    lost = set(action.lacking) - set(room.lacking)
    facts = {"room": room.id, "lacking": sorted(action.lacking)}
    notices = (Notice("room_limited", _watch(asked), facts, about=f"room:{room.id}"),)
    return Decision((fact,), notices if lost else (), "clock")


def end_room(asked: Asked, action: a.EndRoom) -> Decision:
    """A place is none any more: unbound by an administrator, or lost.

    With a whole forum all of its topics are lost; that is told once, not for every topic.
    """
    _admin_or_clock(asked)
    room = _live(asked, action.room)
    fact = r.RoomEnded(room=room.id, why=action.why)
    if action.why == "unbound" or action.why.startswith("forum_"):
        return Decision((fact,), (), "admin" if asked.actor else "clock")
    facts = {"room": room.id, "why": action.why}
    notice = Notice("room_lost", _watch(asked), facts, about=f"room:{room.id}", rings=True)
    return Decision((fact,), (notice,), "clock")


def note_guest(asked: Asked, action: a.NoteGuest) -> Decision:
    """Somebody without a part came: the duty officer lets him in or has him removed."""
    room = _noticed(asked, action.room)
    if action.person and action.person in room_members(asked.incident, asked.organisation):
        raise Outdated("room_as_told")
    before = next((one for one in asked.incident.guests if one.id == action.guest), None)
    if before and before.left_at is None:
        raise Outdated("room_as_told")
    fact = r.GuestCame(guest=action.guest, room=room.id, person=action.person)
    if before and before.admitted_by:
        return Decision((fact,), (), "clock")
    facts = {"guest": action.guest, "room": room.id, "who": action.person}
    about = f"guest:{action.guest}"
    return Decision((fact,), (Notice("guest_came", _watch(asked), facts, about=about),), "clock")


def admit_guest(asked: Asked, action: a.AdmitGuest) -> Decision:
    """For this incident only; he may listen, he has no part in it."""
    guest = _guest(asked, action.guest)
    _watch_only(asked)
    if guest.person and is_press(guest.person, asked.organisation):
        raise BadValue("press_not_in_room")
    if guest.admitted_by:
        raise Outdated("guest_settled")
    return Decision((r.GuestAdmitted(guest=guest.id),), (), "watch")


def remove_guest(asked: Asked, action: a.RemoveGuest) -> Decision:
    """The bot removes him where it has the right; else whoever runs the group must."""
    guest = _guest(asked, action.guest)
    _watch_only(asked)
    if guest.person in room_members(asked.incident, asked.organisation):
        raise Outdated("guest_gone")
    if guest.removed_by:
        raise Outdated("guest_settled")
    return Decision((r.GuestRemoved(guest=guest.id),), (), "watch")


def note_guest_left(asked: Asked, action: a.NoteGuestLeft) -> Decision:
    """He is gone, or has a part now: he is nobody's guest any more."""
    if asked.actor != CLOCK:
        raise NotYours("only_clock", who=None)
    guest = _guest(asked, action.guest)
    return Decision((r.GuestLeft(guest=guest.id),), (), "clock")


def keep_record(asked: Asked, action: a.KeepRecord) -> Decision:
    """Whoever has a part puts his own words on record, with their time and their files."""
    _may_say(asked)
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
    if not action.text.strip() and not action.files:
        raise BadValue("record_blank")
    fact = r.RecordKept(
        record=len(asked.incident.records) + 1,
        author=asked.actor,
        said_at=action.said_at,
        room=action.room,
        text=action.text,
        files=action.files,
        about=action.about,
    )
    return Decision((fact,), (), "author")


def withdraw_record(asked: Asked, action: a.WithdrawRecord) -> Decision:
    """Within ten minutes by the author himself, later by the duty officer (conduct §16)."""
    record = _record(asked, action.record)
    authority = _over_record(asked, record)
    return Decision((r.RecordWithdrawn(record=record.id),), (), authority)


def move_record(asked: Asked, action: a.MoveRecord) -> Decision:
    """It belongs to another incident: kept there with its author and time, gone here."""
    record, other = _record(asked, action.record), action.absorbed
    authority = _over_record(asked, record)
    if other is None or other.opened_at is None or other.stream == asked.incident.stream:
        raise BadValue("record_to_itself")
    there = Asked(other, asked.actor, asked.now, asked.organisation, asked.terms)
    _may_say(there)
    if other.closed_at:
        raise WrongStep("incident_closed", at=other.closed_at)
    if other.drill != asked.incident.drill:
        raise BadValue("drill_is_apart")
    kept = r.RecordKept(
        record=len(other.records) + 1,
        author=record.author,
        said_at=record.said_at,
        room=0,
        text=record.text,
        files=record.files,
        came_from=asked.incident.code,
    )
    moved = r.RecordMoved(record=record.id, code=other.code)
    return Decision((moved,), (), authority, (Beside(other.stream, (kept,)),))


def may_change_record(asked: Asked, record: Record) -> bool:
    """Whether the actor may withdraw or move it now."""
    own = asked.actor == record.author and asked.now - record.at <= OWN_TIME
    return own or _watches(asked)


def _over_record(asked: Asked, record: Record) -> str:
    watch = _watch(asked)
    require(may_change_record(asked, record), "record_is_kept", watch[0] if watch else None)
    return "author" if asked.actor == record.author else "watch"


def _may_say(asked: Asked) -> None:
    require(asked.has_part(), "not_in_incident", asked.who(DUTY_OFFICER))


def _noticed(asked: Asked, room: int) -> Room:
    if asked.actor != CLOCK:
        raise NotYours("only_clock", who=None)
    return _live(asked, room)


def _live(asked: Asked, number: int) -> Room:
    room = next((one for one in asked.incident.rooms if one.id == number), None)
    if room is None or room.ended_at:
        raise Outdated("room_ended")
    return room


def _guest(asked: Asked, number: int) -> Guest:
    found = next((one for one in asked.incident.guests if one.id == number), None)
    if found is None or found.left_at:
        raise Outdated("guest_gone")
    return found


def _record(asked: Asked, number: int) -> Record:
    found = next((one for one in asked.incident.records if one.id == number), None)
    if found is None or not found.stands:
        raise Outdated("record_gone")
    return found


def _watch(asked: Asked) -> tuple[int, ...]:
    return room_watch(asked.incident, asked.organisation)


def _watch_only(asked: Asked) -> None:
    watch = _watch(asked)
    require(_watches(asked), "only_watch_decides", watch[0] if watch else None)


def _watches(asked: Asked) -> bool:
    """Within a unit's authority the department reads nothing of it, and takes nothing back."""
    able = asked.is_head() if asked.incident.within else asked.is_department()
    return able or asked.actor in _watch(asked)


def _admin_or_clock(asked: Asked) -> None:
    admins = asked.organisation.admins
    allowed = asked.actor in (CLOCK, *admins)
    require(allowed, "only_admin_binds", admins[0] if admins else None)
