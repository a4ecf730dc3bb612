"""The topics of a forum: the methods that make and change them."""

from typing import Any

from tests.botapi.access import WRITE
from tests.botapi.groups import Group, Topic
from tests.botapi.hearing import service
from tests.botapi.refusal import bad
from tests.botapi.rules import Query
from tests.botapi.state import Person, State

LONGEST_NAME = 128
COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
#: The custom emoji that a topic may have as its icon, with the emoji that each stands for.
ICONS = {
    "5434144690511290129": "📰",
    "5312536423851630001": "💡",
    "5312016608254762256": "⚡️",
    "5377544228505134960": "🎙",
    "5370870893004203704": "🗣",
    "5379748062124056162": "❗️",
    "5373251851074415873": "📝",
    "5433614043006903194": "📆",
    "5357315181649076022": "📁",
    "5309965701241379366": "🔎",
    "5309984423003823246": "📣",
    "5312241539987020022": "🔥",
    "5377316857231450742": "❓",
    "5417915203100613993": "💬",
    "5235579393115438657": "⭐️",
    "5237699328843200968": "✅",
}


def forum(state: State, query: Query) -> Group:
    """The forum that a request names."""
    chat = state.chat(query, WRITE)
    if isinstance(chat, Person) or not chat.forum:
        raise bad("the chat is not a forum")
    return chat


def topic_of(group: Group, query: Query) -> Topic:
    """The topic that a request names; the first, General, has methods of its own."""
    number = query.number("message_thread_id", 0, 0, 2**31)
    if number <= 0:
        raise bad("invalid message thread identifier specified")
    if number not in group.topics:
        raise bad("TOPIC_ID_INVALID")
    return group.topics[number]


def may(state: State, group: Group, topic: Topic, right: str, what: str) -> None:
    """Refuses a bot that has not the right, unless it has made the topic itself."""
    if topic.creator != state.own and not group.member(state.own).may(right):
        raise bad(f"not enough rights to {what} the topic")


def named(name: str) -> str:
    """A name of a topic, 1 to 128 characters."""
    name = name.strip()
    if not name:
        raise bad("title must be non-empty")
    if len(name) > LONGEST_NAME:
        raise bad("TOPIC_TITLE_TOO_LONG")
    return name


def icon(query: Query) -> str:
    """`icon_custom_emoji_id`, one of those that getForumTopicIconStickers lists, or none."""
    emoji = query.text("icon_custom_emoji_id")
    if emoji and emoji != "0" and emoji not in ICONS:
        raise bad("DOCUMENT_INVALID")
    return "" if emoji == "0" else emoji


def made(
    state: State, group: Group, name: str, creator: int, color: int = COLORS[0], emoji: str = ""
) -> Topic:
    """A new topic: its first message says that it was created."""
    topic = Topic(group.last_message + 1, name, color, creator, emoji)
    group.topics[topic.id] = topic
    service(state, group, creator, {"forum_topic_created": topic.fields()}, topic.id)
    return topic


def create(state: State, query: Query) -> Any:
    """createForumTopic."""
    group = forum(state, query)
    if not group.member(state.own).may("can_manage_topics"):
        raise bad("not enough rights to create a topic")
    name, emoji = named(query.text("name")), icon(query)
    color = query.number("icon_color", COLORS[0] if not query.text("icon_color") else -1, -1, 2**24)
    if color not in COLORS:
        raise bad("COLOR_INVALID")
    state.spend(group)
    topic = made(state, group, name, state.own, color, emoji)
    return {"message_thread_id": topic.id, **topic.fields()}


def edited(state: State, group: Group, topic: Topic, editor: int, change: dict[str, str]) -> None:
    """Carries out a new name or icon and says so in the topic."""
    topic.name = change.get("name", topic.name)
    topic.emoji = change.get("icon_custom_emoji_id", topic.emoji)
    service(state, group, editor, {"forum_topic_edited": change}, topic.id)


def edit(state: State, query: Query) -> Any:
    """editForumTopic: an absent name or icon stays, an empty icon is taken away."""
    group = forum(state, query)
    topic = topic_of(group, query)
    may(state, group, topic, "can_manage_topics", "edit")
    change: dict[str, str] = {}
    if query.text("name"):
        change["name"] = named(query.text("name"))
    if "icon_custom_emoji_id" in query.args:
        change["icon_custom_emoji_id"] = icon(query)
    if not change:
        return True
    if (topic.name, topic.emoji) == (
        change.get("name", topic.name),
        change.get("icon_custom_emoji_id", topic.emoji),
    ):
        raise bad("TOPIC_NOT_MODIFIED")
    state.spend(group)
    edited(state, group, topic, state.own, change)
    return True


def turned(state: State, group: Group, topic: Topic, closed: bool, by: int) -> None:
    """Closes or reopens a topic and says so in it."""
    topic.closed = closed
    kind = "forum_topic_closed" if closed else "forum_topic_reopened"
    service(state, group, by, {kind: {}}, topic.id)


def close(state: State, query: Query) -> Any:
    """closeForumTopic."""
    return turn(state, query, True)


def reopen(state: State, query: Query) -> Any:
    """reopenForumTopic."""
    return turn(state, query, False)


def turn(state: State, query: Query, closed: bool) -> bool:
    """Closes or reopens a topic that is not so yet."""
    group = forum(state, query)
    topic = topic_of(group, query)
    may(state, group, topic, "can_manage_topics", "close or open")
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    state.spend(group)
    turned(state, group, topic, closed, state.own)
    return True


def gone(state: State, group: Group, topic: Topic) -> None:
    """Takes a topic away with all its messages; nobody is told."""
    del group.topics[topic.id]
    for message in state.messages.values():
        if message.chat == group.id and message.topic == topic.id:
            message.deleted = True


def delete(state: State, query: Query) -> Any:
    """deleteForumTopic."""
    group = forum(state, query)
    topic = topic_of(group, query)
    may(state, group, topic, "can_delete_messages", "delete")
    state.spend(group)
    gone(state, group, topic)
    return True


def icon_stickers(state: State, query: Query) -> Any:
    """getForumTopicIconStickers."""
    return [
        {
            "file_id": f"CAACAgIAAxUAAWtopic{number}",
            "file_unique_id": f"AgADtopic{number}",
            "file_size": 10_000,
            "type": "custom_emoji",
            "width": 512,
            "height": 512,
            "is_animated": True,
            "is_video": False,
            "emoji": emoji,
            "set_name": "Topics",
            "custom_emoji_id": number,
        }
        for number, emoji in ICONS.items()
    ]
