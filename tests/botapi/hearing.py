"""What of a group reaches the bot: privacy mode, and the messages that Telegram itself writes."""

from typing import Any

from tests.botapi.entities import Entity
from tests.botapi.groups import Group
from tests.botapi.state import Message, State


def tell(state: State, message: Message, kind: str = "message") -> None:
    """Gives a message, or its new version, to the bot when it reaches it."""
    if hears(state, message):
        state.updates.add({kind: state.render(message)}, message.chat)


def hears(state: State, message: Message) -> bool:
    """Whether the bot gets a message: in a group by its privacy mode unless it is an admin."""
    group = state.groups.get(message.chat)
    if group is None:
        return True
    member = group.member(state.own)
    if not member.inside:
        gone = message.content.get("left_chat_member", {})
        return bool(gone.get("id") == state.own)  # of its own end it hears once more
    return message.service or member.admin or not state.privacy or addressed(state, message)


def addressed(state: State, message: Message) -> bool:
    """Whether a message is meant for the bot: an answer to it, a command, a mention."""
    answered = state.messages.get((message.chat, message.reply_to or 0))
    if answered is not None and answered.from_bot and not answered.service:
        return True
    text = message.content.get("text", message.content.get("caption", ""))
    own = "@" + str(state.bot["username"]).lower()
    for one in message.content.get("entities", message.content.get("caption_entities", [])):
        word = words(text, one).lower()
        if one["type"] == "mention" and word == own:
            return True
        if one["type"] == "bot_command" and one["offset"] == 0:
            bot = word.partition("@")[2]
            if not bot or f"@{bot}" == own:
                return True
    return False


def words(text: str, entity: Entity) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le")
    start = 2 * int(entity["offset"])
    return raw[start : start + 2 * int(entity["length"])].decode("utf-16-le")


def service(
    state: State,
    group: Group,
    sender: int,
    content: dict[str, Any],
    topic: int | None = None,
    anonymous: bool = False,
) -> Message:
    """A message that Telegram itself writes into a group because of what `sender` did."""
    message = Message(
        state.next_message(group.id),
        group.id,
        sender == state.own,
        state.clock(),
        content,
        sender=sender,
        topic=topic,
        service=True,
        anonymous=anonymous,
    )
    state.add(message)
    tell(state, message)
    return message
