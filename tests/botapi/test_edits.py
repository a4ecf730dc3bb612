"""Edits, deletions, reactions, answers to a tap."""

from typing import Any

import pytest

from tests.botapi.conftest import AN, BINH, Asker, Clock
from tests.botapi.driver import BotApi
from tests.botapi.people import NotPossible

KEYS = {"inline_keyboard": [[{"text": "Có", "callback_data": "1:1"}]]}
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


@pytest.fixture
def sent(ask: Asker) -> int:
    """A message of the bot with one button."""
    number: int = ask.yes("sendMessage", chat_id=AN, text="cũ", reply_markup=KEYS)["message_id"]
    return number


def test_an_edit_changes_the_text_and_drops_a_keyboard_that_it_does_not_name(
    api: BotApi, ask: Asker, sent: int
) -> None:
    edited = ask.yes("editMessageText", chat_id=AN, message_id=sent, text="mới")
    assert "reply_markup" not in edited and edited["edit_date"]
    shown = api.last(AN)
    assert shown is not None and (shown.text, shown.edits, shown.keyboard) == ("mới", 1, [])


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("editMessageText", {"text": "cũ", "reply_markup": KEYS}),
        (
            "editMessageText",
            {
                "text": "cũ",
                "reply_markup": KEYS,
                "link_preview_options": {"is_disabled": True},
            },
        ),
        ("editMessageReplyMarkup", {"reply_markup": KEYS}),
    ],
)
def test_an_edit_that_changes_nothing_is_refused(
    ask: Asker, sent: int, method: str, args: dict[str, Any]
) -> None:
    assert ask.no(method, chat_id=AN, message_id=sent, **args) == SAME


def test_an_edit_is_refused(api: BotApi, ask: Asker, sent: int) -> None:
    own = api.send_text(AN, "của tôi")
    other = ask.yes("sendMessage", chat_id=BINH, text="x")["message_id"]
    not_found = "Bad Request: message to edit not found"

    def edit(number: int, **args: Any) -> str:
        return ask.no(
            "editMessageText", **{"chat_id": AN, "message_id": number, "text": "y"} | args
        )

    assert edit(own) == "Bad Request: message can't be edited"
    assert edit(other) == edit(999) == not_found
    assert edit(0) == "Bad Request: message identifier is not specified"
    assert edit(sent, text="") == "Bad Request: message text is empty"
    assert edit(sent, text="x" * 4097) == "Bad Request: message is too long"
    assert edit(sent, chat_id=999) == "Bad Request: chat not found"
    no_caption = ask.no("editMessageCaption", chat_id=AN, message_id=sent, caption="y")
    assert no_caption == "Bad Request: there is no caption in the message to edit"
    api.delete(AN, sent)
    assert edit(sent) == not_found


def test_the_bot_deletes_what_is_younger_than_two_days(
    api: BotApi, ask: Asker, clock: Clock, sent: int
) -> None:
    own = api.send_text(AN, "của tôi")
    clock.passes(hours=47)
    assert ask.yes("deleteMessage", chat_id=AN, message_id=own) is True
    clock.passes(hours=1)
    said = ask.no("deleteMessage", chat_id=AN, message_id=sent)
    assert said == "Bad Request: message can't be deleted for everyone"
    gone = ask.no("deleteMessage", chat_id=AN, message_id=own)
    assert gone == "Bad Request: message to delete not found"
    assert [one.id for one in api.chat(AN) if one.deleted] == [own]


def test_several_messages_are_deleted_at_once(api: BotApi, ask: Asker, sent: int) -> None:
    assert ask.yes("deleteMessages", chat_id=AN, message_ids=[sent, 998, 999]) is True
    assert api.last(AN) is None
    none = "Bad Request: message identifiers are not specified"
    assert ask.no("deleteMessages", chat_id=AN, message_ids=[]) == none
    many = ask.no("deleteMessages", chat_id=AN, message_ids=list(range(1, 102)))
    assert many == "Bad Request: too many message identifiers specified"


def test_a_tap_is_answered_once_and_soon(api: BotApi, ask: Asker, clock: Clock, sent: int) -> None:
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    tap = api.tap(AN, sent, "Có")
    query = api.pending()[-1]["callback_query"]
    assert (query["id"], query["data"]) == (tap, "1:1")
    assert query["message"]["reply_markup"] == KEYS
    long = ask.no("answerCallbackQuery", callback_query_id=tap, text="x" * 201)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    assert api.answered(tap) is None
    assert ask.yes("answerCallbackQuery", callback_query_id=tap, text="x" * 200) is True
    assert api.answered(tap) == {"text": "x" * 200, "show_alert": False}
    assert ask.no("answerCallbackQuery", callback_query_id=tap) == late
    assert ask.no("answerCallbackQuery", callback_query_id="5") == late
    slow = api.tap(AN, sent, "1:1")
    clock.passes(minutes=2)
    assert ask.no("answerCallbackQuery", callback_query_id=slow) == late


def test_a_button_that_is_not_shown_can_only_be_tapped_on_an_old_screen(
    api: BotApi, ask: Asker, sent: int
) -> None:
    ask.yes("editMessageReplyMarkup", chat_id=AN, message_id=sent)
    with pytest.raises(NotPossible, match="shows no button 'Có'"):
        api.tap(AN, sent, "Có")
    api.tap_stale(AN, sent, "1:1")
    assert "reply_markup" not in api.pending()[-1]["callback_query"]["message"]
    api.delete(AN, sent)
    with pytest.raises(NotPossible, match="sees no message"):
        api.tap(AN, sent, "Có")
    api.tap_stale(AN, sent, "1:1")
    message = api.pending()[-1]["callback_query"]["message"]
    assert (message["message_id"], message["date"]) == (sent, 0)


def test_reactions_are_told_only_to_a_bot_that_asked(api: BotApi, ask: Asker, sent: int) -> None:
    api.react(AN, sent, "👍")
    assert api.pending() == []
    ask.yes("getUpdates", allowed_updates=["message", "message_reaction"])
    api.react(AN, sent, None)
    told = api.pending()[-1]["message_reaction"]
    assert (told["message_id"], told["old_reaction"], told["new_reaction"]) == (
        sent,
        [{"type": "emoji", "emoji": "👍"}],
        [],
    )


def test_the_bot_reacts_with_one_of_the_known_emoji(api: BotApi, ask: Asker) -> None:
    own = api.send_text(AN, "xong")
    thumb = [{"type": "emoji", "emoji": "👍"}]
    assert ask.yes("setMessageReaction", chat_id=AN, message_id=own, reaction=thumb) is True
    assert api.chat(AN)[-1].reactions == ["👍"]

    def no(reaction: list[dict[str, str]], number: int = own) -> str:
        return ask.no("setMessageReaction", chat_id=AN, message_id=number, reaction=reaction)

    assert no([{"type": "emoji", "emoji": "✅"}]) == "Bad Request: REACTION_INVALID"
    assert no(thumb * 2) == "Bad Request: REACTIONS_TOO_MANY"
    assert no(thumb, 999) == "Bad Request: message to react not found"


def test_what_users_do_to_their_messages(api: BotApi, ask: Asker, sent: int) -> None:
    own = api.send_text(AN, "sai")
    api.edit_text(AN, own, "đúng")
    told = api.pending()[-1]["edited_message"]
    assert (told["message_id"], told["text"]) == (own, "đúng") and told["edit_date"]
    with pytest.raises(NotPossible, match="of one's own"):
        api.edit_text(AN, sent, "x")
    before = api.pending()
    api.recall(AN, own)
    assert api.pending() == before and api.chat(AN)[-1].deleted
