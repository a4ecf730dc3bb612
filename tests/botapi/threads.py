"""Where in a chat a new message stands: in which topic of a forum, under which message."""

from typing import NamedTuple

from tests.botapi.groups import Group, Topic
from tests.botapi.refusal import bad
from tests.botapi.rules import Query
from tests.botapi.state import Chat, Message, State


class Place(NamedTuple):
    """The topic, and the first message of the row of replies, of a message."""

    topic: int | None = None
    thread: int | None = None


#: What a refusal calls the messages that a method sends.
SENT = {
    "sendmessage": "text messages",
    "sendphoto": "photos",
    "senddocument": "documents",
    "sendvoice": "voice notes",
    "sendaudio": "music",
    "sendvideo": "videos",
}


def under(group: Group, answered: Message | None) -> Place:
    """Where an answer stands that names no topic: with what it answers."""
    if answered is None:
        return Place()
    if answered.topic is not None:
        return Place(topic=answered.topic)
    if group.basic:
        return Place()
    return Place(thread=answered.thread or answered.id)


def asked(state: State, query: Query, chat: Chat, reply_to: int | None) -> Place:
    """Where a message of the bot stands; refused in a topic that is gone or closed to it."""
    number = query.number("message_thread_id", 0, 0, 2**31)
    if not isinstance(chat, Group):
        if number:
            raise bad("message thread not found")
        return Place()
    if chat.silent and not chat.member(state.own).admin:
        what = SENT.get(query.method.lower(), "photos")
        raise bad(f"not enough rights to send {what} to the chat")
    place = under(chat, state.find(chat.id, reply_to)) if not number else Place(topic=number)
    if number and number not in chat.topics:
        place = thread(state, chat, number)
    if place.topic is not None:
        open_to(chat, chat.topics[place.topic], state.own)
    return place


def thread(state: State, group: Group, number: int) -> Place:
    """A row of replies of a group without topics, by the message that began it."""
    first = state.find(group.id, number)
    if group.forum or group.basic or first is None or first.thread or first.topic:
        raise bad("message thread not found")
    return Place(thread=number)


def open_to(group: Group, topic: Topic, user: int) -> None:
    """Refuses a message into a topic that is closed to this user."""
    if topic.closed and not group.member(user).may("can_manage_topics"):
        raise bad("TOPIC_CLOSED")
