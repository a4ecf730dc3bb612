"""Pinned messages in groups, topics and private chats."""

import pytest

from tests.botapi.conftest import AN, BINH, Asker, forget, kinds
from tests.botapi.driver import BotApi
from tests.botapi.people import NotPossible


@pytest.fixture
def sent(ask: Asker, crew: int) -> int:
    """A message of the bot in the group."""
    number: int = ask.yes("sendMessage", chat_id=crew, text="bảng tình hình")["message_id"]
    return number


def test_a_pin_is_told_and_shown(api: BotApi, ask: Asker, crew: int, sent: int) -> None:
    where = {"chat_id": crew, "message_id": sent}
    assert ask.yes("pinChatMessage", disable_notification=True, **where) is True
    message = api.pending()[0]["message"]
    assert message["pinned_message"]["message_id"] == sent
    assert message["from"]["id"] == api.state.own
    assert ask.yes("getChat", chat_id=crew)["pinned_message"]["text"] == "bảng tình hình"
    ask.yes("editMessageText", text="bảng mới", **where)
    assert ask.yes("getChat", chat_id=crew)["pinned_message"]["text"] == "bảng mới"
    assert ask.yes("pinChatMessage", **where) is True
    assert len(api.pending()) == 1, "pinned already"
    notice = message["message_id"]
    refused = ask.no("pinChatMessage", chat_id=crew, message_id=notice)
    assert refused == "Bad Request: a service message can't be pinned"
    assert ask.yes("deleteMessage", chat_id=crew, message_id=notice) is True


def test_the_newest_pin_is_unpinned_first(api: BotApi, ask: Asker, crew: int, sent: int) -> None:
    later = ask.yes("sendMessage", chat_id=crew, text="sau")["message_id"]
    for number in (later, sent):
        ask.yes("pinChatMessage", chat_id=crew, message_id=number)
    forget(api)
    assert ask.yes("getChat", chat_id=crew)["pinned_message"]["message_id"] == later
    assert ask.yes("unpinChatMessage", chat_id=crew) is True
    assert api.pinned(crew) == [sent]
    assert ask.yes("unpinChatMessage", chat_id=crew, message_id=sent) is True
    none = "Bad Request: message to unpin not found"
    assert ask.no("unpinChatMessage", chat_id=crew) == none
    assert ask.no("unpinChatMessage", chat_id=crew, message_id=999) == none
    assert api.pending() == [], "nobody is told of an end"


def test_a_pin_needs_the_right(api: BotApi, ask: Asker, crew: int, sent: int) -> None:
    api.promote_bot(crew, ["can_delete_messages"])
    cannot = "Bad Request: not enough rights to manage pinned messages in the chat"
    for method in ("pinChatMessage", "unpinChatMessage"):
        assert ask.no(method, chat_id=crew, message_id=sent) == cannot
    assert ask.no("unpinAllChatMessages", chat_id=crew) == cannot
    gone = ask.no("pinChatMessage", chat_id=crew, message_id=999)
    assert gone == "Bad Request: message to pin not found"


def test_a_pin_goes_with_its_message_or_by_hand(
    api: BotApi, ask: Asker, crew: int, sent: int
) -> None:
    ask.yes("pinChatMessage", chat_id=crew, message_id=sent)
    theirs = api.send_text(BINH, "lịch trực", chat=crew)
    api.pin(crew, theirs)
    assert api.pending()[-1]["message"]["from"]["id"] == AN
    with pytest.raises(NotPossible, match="has not the right"):
        api.pin(crew, theirs, by=BINH)
    api.unpin(crew, theirs)
    with pytest.raises(NotPossible, match="not pinned"):
        api.unpin(crew, theirs)
    assert api.pinned(crew) == [sent]
    api.delete(AN, sent, chat=crew)
    assert "pinned_message" not in ask.yes("getChat", chat_id=crew)


def test_pins_of_a_topic(api: BotApi, ask: Asker, forum: int) -> None:
    topic = api.create_topic(forum, "Vụ 1")
    inside = ask.yes("sendMessage", chat_id=forum, text="a", message_thread_id=topic)["message_id"]
    outside = ask.yes("sendMessage", chat_id=forum, text="b")["message_id"]
    forget(api)
    for number in (inside, outside):
        ask.yes("pinChatMessage", chat_id=forum, message_id=number)
    assert [one["message"].get("message_thread_id") for one in api.pending()] == [topic, None]
    assert api.pinned(forum, topic) == [inside]
    where = {"chat_id": forum, "message_thread_id": topic}
    assert ask.yes("unpinAllForumTopicMessages", **where) is True
    assert api.pinned(forum) == [outside]
    assert ask.yes("unpinAllChatMessages", chat_id=forum) is True
    assert api.pinned(forum) == []
    gone = ask.no("unpinAllForumTopicMessages", chat_id=forum, message_thread_id=999)
    assert gone == "Bad Request: TOPIC_ID_INVALID"


def test_a_pin_in_a_private_chat(api: BotApi, ask: Asker) -> None:
    number = ask.yes("sendMessage", chat_id=AN, text="x")["message_id"]
    assert ask.yes("pinChatMessage", chat_id=AN, message_id=number) is True
    assert kinds(api) == ["pinned_message"]
    assert api.pinned(AN) == [number]
    assert ask.yes("unpinChatMessage", chat_id=AN) is True
