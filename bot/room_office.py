"""What is decided in private about rooms: binding a forum, moving and withdrawing records, and
going on with what was begun in a room."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot import room_people, rooms, rooms_heard
from bot.converse import Talk
from handlers import binding, navigation
from handlers.say import Say, acts, choice
from procedure import actions as a
from procedure.entries_organisation import ForumBound, ForumEnded
from procedure.errors import NotYours, Outdated
from storage import people, places
from storage.tables import MessageRow
from storage.tables_rooms import PlaceRow

if TYPE_CHECKING:
    from bot.turn import Turn

MOST = 9


def act(talk: Talk, do: Mapping[str, Any]) -> None:
    """What a tap on a private button about rooms does."""
    if "withdraw" in do:
        rooms_heard.withdraw(talk, do["stream"], int(do["withdraw"]))
    elif "move_record" in do:
        _which(talk, do["stream"], int(do["move_record"]))
    elif "bind_forum" in do:
        _bind_forum(talk, do["bind_forum"])
    elif "end_forum" in do:
        _end_forum(talk, int(do["end_forum"]))


def from_room(turn: "Turn", prompt: int, n: int) -> None:
    """Goes on in private with a button that was pressed in a room."""
    talk = turn.talk
    row = talk.stage.session.get(MessageRow, prompt)
    do = rooms.pressed(row, n)
    if row is None or row.stream is None or do is None:
        talk.say(Say(template="refusals#answer_outdated"))
        return
    if not rooms.is_member(talk.stage, talk.person, talk.stage.incident(row.stream)):
        talk.refuse(NotYours("not_in_incident", who=None), None)
        return
    turn.does(do)


def _which(talk: Talk, stream: str, number: int) -> None:
    """[Chuyển vụ khác]: to which of the incidents in which he has a part."""
    desk = talk.stage.desk(talk.person, stream, {})
    others = [one for one in navigation.seen_incidents(desk) if one.stream != stream][:MOST]
    if not others:
        talk.say(Say(template="answers#no_other_incident", stream=stream))
        return
    buttons = [
        choice(
            "incident",
            acts(a.MoveRecord(record=number, other=one.stream), stream),
            code=one.code,
            title=str(one.title)[:60],
        )
        for one in others
    ]
    facts = {"record": number}
    talk.say(Say(template="answers#move_record", facts=facts, choices=buttons, stream=stream))


def _bind_forum(talk: Talk, about: Mapping[str, Any]) -> None:
    """The forum in which every new incident opens its topic; there is one."""
    binding.only_admins(talk.stage.organisation, talk.person)
    stage = talk.stage
    before = places.forum(stage.session, about["channel"])
    if before is not None and before.external != about["group"]:
        places.end(stage.session, before, stage.now)
    place = places.bind(
        stage.session,
        channel=about["channel"],
        external=about["group"],
        kind=places.FORUM,
        title=about["title"],
        at=stage.now,
        rights=about["rights"],
    )
    fact = ForumBound(channel=about["channel"], place=place.external)
    people.record(stage.session, [fact], at=stage.now, actor=talk.person, channel=stage.channel)
    lacking = sorted(set(room_people.NEEDED[places.FORUM]) - set(about["rights"]))
    facts = {"title": about["title"], "lacking": lacking}
    talk.say(Say(template="binding#forum_bound", facts=facts))


def _end_forum(talk: Talk, id: int) -> None:
    binding.only_admins(talk.stage.organisation, talk.person)
    stage = talk.stage
    place = stage.session.get(PlaceRow, id)
    if place is None or place.ended_at:
        raise Outdated("room_ended")
    places.end(stage.session, place, stage.now)
    fact = ForumEnded(channel=place.channel, place=place.external)
    people.record(stage.session, [fact], at=stage.now, actor=talk.person, channel=stage.channel)
    talk.say(Say(template="binding#forum_ended"))
