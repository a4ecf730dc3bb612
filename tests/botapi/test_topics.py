"""Topics of a forum."""

from typing import Any

import pytest

from tests.botapi.conftest import AN, BINH, Asker, forget, kinds
from tests.botapi.driver import BotApi
from tests.botapi.people import NotPossible


@pytest.fixture
def topic(api: BotApi, ask: Asker, forum: int) -> int:
    """A topic that the bot has made; nothing waits."""
    number: int = ask.yes("createForumTopic", chat_id=forum, name="Vụ 1")["message_thread_id"]
    forget(api)
    return number


def test_a_topic_is_created_and_told(api: BotApi, ask: Asker, forum: int) -> None:
    made = ask.yes("createForumTopic", chat_id=forum, name="Vụ 1", icon_color=9367192)
    assert made["name"] == "Vụ 1" and made["icon_color"] == 9367192
    message = api.pending()[0]["message"]
    assert message["message_id"] == message["message_thread_id"] == made["message_thread_id"]
    assert message["is_topic_message"] and message["from"]["id"] == api.state.own
    assert message["forum_topic_created"] == {"name": "Vụ 1", "icon_color": 9367192}
    icons = ask.yes("getForumTopicIconStickers")
    emoji = icons[0]["custom_emoji_id"]
    icon = ask.yes("createForumTopic", chat_id=forum, name="b", icon_custom_emoji_id=emoji)
    assert icon["icon_custom_emoji_id"] == emoji


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ({"name": " "}, "title must be non-empty"),
        ({"name": "x" * 129}, "TOPIC_TITLE_TOO_LONG"),
        ({"name": "x", "icon_color": 1}, "COLOR_INVALID"),
        ({"name": "x", "icon_color": "đỏ"}, "COLOR_INVALID"),
        ({"name": "x", "icon_custom_emoji_id": "1"}, "DOCUMENT_INVALID"),
    ],
)
def test_a_topic_is_refused(ask: Asker, forum: int, args: dict[str, Any], reason: str) -> None:
    assert ask.no("createForumTopic", chat_id=forum, **args) == f"Bad Request: {reason}"
    assert ask.yes("createForumTopic", chat_id=forum, name="x" * 128)


def test_topics_need_a_forum_and_a_right(api: BotApi, ask: Asker, crew: int, forum: int) -> None:
    none = "Bad Request: the chat is not a forum"
    assert ask.no("createForumTopic", chat_id=crew, name="x") == none
    assert ask.no("createForumTopic", chat_id=AN, name="x") == none
    api.promote_bot(forum, ["can_pin_messages"])
    theirs = api.create_topic(forum, "Của Bình", by=BINH)

    def no(method: str, **args: Any) -> str:
        return ask.no(method, chat_id=forum, **args).removeprefix("Bad Request: not enough rights ")

    assert no("createForumTopic", name="x") == "to create a topic"
    assert no("editForumTopic", name="x", message_thread_id=theirs) == "to edit the topic"
    assert no("closeForumTopic", message_thread_id=theirs) == "to close or open the topic"
    assert no("deleteForumTopic", message_thread_id=theirs) == "to delete the topic"


def test_messages_stand_in_their_topic(api: BotApi, ask: Asker, forum: int, topic: int) -> None:
    sent = ask.yes("sendMessage", chat_id=forum, text="x", message_thread_id=topic)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic, True)
    assert sent["reply_to_message"]["forum_topic_created"]["name"] == "Vụ 1"
    api.send_text(BINH, "trong", chat=forum, topic=topic)
    api.send_text(BINH, "ngoài", chat=forum)
    api.send_text(BINH, "đáp", sent["message_id"], chat=forum)
    inside, general, answer = (one["message"] for one in api.pending())
    assert inside["message_thread_id"] == answer["message_thread_id"] == topic
    assert inside["reply_to_message"]["message_id"] == topic
    assert answer["reply_to_message"]["message_id"] == sent["message_id"]
    assert not {"message_thread_id", "is_topic_message", "reply_to_message"} & set(general)
    assert general["chat"]["is_forum"] is True
    follow = ask.yes(
        "sendMessage", chat_id=forum, text="y", reply_to_message_id=answer["message_id"]
    )
    assert follow["message_thread_id"] == topic, "an answer stands where the question does"
    assert [one.text for one in api.chat(forum, topic)] == ["", "x", "trong", "đáp", "y"]


def test_a_topic_that_is_not_there(api: BotApi, ask: Asker, crew: int, forum: int) -> None:
    gone = "Bad Request: message thread not found"
    for number in (1, 999):
        assert ask.no("sendMessage", chat_id=forum, text="x", message_thread_id=number) == gone
    assert ask.no("sendMessage", chat_id=crew, text="x", message_thread_id=999) == gone
    assert ask.no("sendMessage", chat_id=AN, text="x", message_thread_id=5) == gone

    def no(method: str, number: int) -> str:
        return ask.no(method, chat_id=forum, message_thread_id=number, name="x")

    for method in ("editForumTopic", "closeForumTopic", "reopenForumTopic", "deleteForumTopic"):
        assert no(method, 999) == "Bad Request: TOPIC_ID_INVALID"
        assert no(method, 0) == "Bad Request: invalid message thread identifier specified"


def test_a_topic_is_changed_closed_and_reopened(
    api: BotApi, ask: Asker, forum: int, topic: int
) -> None:
    where = {"chat_id": forum, "message_thread_id": topic}
    same = "Bad Request: TOPIC_NOT_MODIFIED"
    assert ask.yes("editForumTopic", name="Vụ 1: xong", **where) is True
    assert ask.no("editForumTopic", name="Vụ 1: xong", **where) == same
    assert ask.yes("editForumTopic", **where) is True
    assert ask.no("reopenForumTopic", **where) == same
    assert ask.yes("closeForumTopic", **where) is True
    assert ask.no("closeForumTopic", **where) == same
    assert ask.yes("sendMessage", text="quản trị vẫn viết được", **where)
    assert ask.yes("reopenForumTopic", **where) is True
    assert kinds(api) == ["forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"]
    assert api.pending()[0]["message"]["forum_topic_edited"] == {"name": "Vụ 1: xong"}


def test_a_closed_topic_is_closed_to_a_plain_bot(
    api: BotApi, ask: Asker, forum: int, topic: int
) -> None:
    api.close_topic(forum, topic)
    where = {"chat_id": forum, "message_thread_id": topic}
    closed = "Bad Request: TOPIC_CLOSED"
    api.promote_bot(forum, ["can_pin_messages"])
    assert ask.no("sendMessage", text="x", **where) == closed, "an administrator without the right"
    api.demote_bot(forum)
    assert ask.no("sendMessage", text="x", **where) == closed
    answer = {"chat_id": forum, "reply_to_message_id": topic}
    assert ask.no("sendMessage", text="x", **answer) == closed
    with pytest.raises(NotPossible, match="closed"):
        api.send_text(BINH, "x", chat=forum, topic=topic)
    api.send_text(AN, "x", chat=forum, topic=topic)
    api.reopen_topic(forum, topic)
    assert ask.yes("sendMessage", text="x", **where)


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_deleted_topic_takes_its_messages(
    api: BotApi, ask: Asker, forum: int, topic: int, by_hand: bool
) -> None:
    where = {"chat_id": forum, "message_thread_id": topic}
    sent = ask.yes("sendMessage", text="x", **where)["message_id"]
    other = api.create_supergroup("Khác", AN, forum=True)
    twin = api.create_topic(other, "Cùng số")
    while twin < topic:
        twin = api.create_topic(other, "Cùng số")
    assert twin == topic
    if by_hand:
        api.delete_topic(forum, topic)
    else:
        assert ask.yes("deleteForumTopic", **where) is True
    assert api.pending() == []
    assert ask.no("sendMessage", text="x", **where) == "Bad Request: message thread not found"
    edit = ask.no("editMessageText", chat_id=forum, message_id=sent, text="y")
    assert edit == "Bad Request: message to edit not found"
    assert ask.no("closeForumTopic", **where) == "Bad Request: TOPIC_ID_INVALID"
    assert [one.deleted for one in api.chat(other, twin)] == [False], "of its own forum only"
    with pytest.raises(NotPossible, match="no topic"):
        api.send_text(AN, "x", chat=forum, topic=topic)


def test_people_run_topics_by_hand(api: BotApi, forum: int) -> None:
    topic = api.create_topic(forum, "Của Bình", by=BINH)
    api.rename_topic(forum, topic, "Vẫn của Bình", by=BINH)
    with pytest.raises(NotPossible, match="has not the right"):
        api.close_topic(forum, api.create_topic(forum, "Của An"), by=BINH)
    api.close_topic(forum, topic)
    assert kinds(api) == [
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_created",
        "forum_topic_closed",
    ]


def test_the_first_message_of_a_topic_is_not_deleted(ask: Asker, forum: int, topic: int) -> None:
    cannot = "Bad Request: message can't be deleted"
    assert ask.no("deleteMessage", chat_id=forum, message_id=topic) == cannot
