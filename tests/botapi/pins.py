"""Pinned messages: of the whole chat, topics included."""

from typing import Any

from tests.botapi.access import WRITE
from tests.botapi.groups import Group
from tests.botapi.hearing import service, tell
from tests.botapi.refusal import bad
from tests.botapi.rules import Query
from tests.botapi.state import Chat, Message, State

NO_RIGHTS = "not enough rights to manage pinned messages in the chat"


def latest(state: State, chat: Chat) -> Message | None:
    """The pinned message that clients show and getChat names: the newest by its date."""
    there = [number for number in chat.pinned if state.find(chat.id, number)]
    return state.find(chat.id, max(there)) if there else None


def pin(state: State, chat: Chat, message: Message, sender: int, anonymous: bool = False) -> None:
    """Pins a message and says so in the chat; one that is pinned already stays as it is."""
    if message.id in chat.pinned:
        return
    chat.pinned.add(message.id)
    content = {"pinned_message": state.render(message, deep=False)}
    if isinstance(chat, Group):
        service(state, chat, sender, content, message.topic, anonymous)
        return
    told = Message(
        state.next_message(chat.id),
        chat.id,
        sender == state.own,
        state.clock(),
        content,
        service=True,
    )
    tell(state, state.add(told))


def allowed(state: State, query: Query) -> Chat:
    """The chat, when the bot may pin in it."""
    chat = state.reachable(query)
    if isinstance(chat, Group) and not chat.member(state.own).may("can_pin_messages"):
        raise bad(NO_RIGHTS)
    return chat


def pin_message(state: State, query: Query) -> Any:
    """pinChatMessage."""
    chat = state.chat(query, WRITE)
    number = query.number("message_id", 0, 0, 2**31)
    message = state.find(chat.id, number)
    if message is None:
        raise bad("message to pin not found")
    allowed(state, query)
    if message.service:
        raise bad("a service message can't be pinned")
    state.spend(chat)
    pin(state, chat, message, state.own)
    return True


def unpin_message(state: State, query: Query) -> Any:
    """unpinChatMessage: the newest one when none is named."""
    chat = state.chat(query, WRITE)
    number = query.number("message_id", 0, 0, 2**31)
    message = state.find(chat.id, number) if number else latest(state, chat)
    if message is None:
        raise bad("message to unpin not found")
    allowed(state, query)
    state.spend(chat)
    chat.pinned.discard(message.id)
    return True


def unpin_all(state: State, query: Query) -> Any:
    """unpinAllChatMessages."""
    chat = allowed(state, query)
    state.spend(chat)
    chat.pinned.clear()
    return True


def unpin_topic(state: State, query: Query) -> Any:
    """unpinAllForumTopicMessages."""
    chat = allowed(state, query)
    number = query.number("message_thread_id", 0, 0, 2**31)
    if not isinstance(chat, Group) or not chat.forum:
        raise bad("the chat is not a forum")
    if number not in chat.topics:
        raise bad("TOPIC_ID_INVALID")
    state.spend(chat)
    there = [(one, state.find(chat.id, one)) for one in chat.pinned]
    chat.pinned -= {one for one, message in there if message and message.topic == number}
    return True
