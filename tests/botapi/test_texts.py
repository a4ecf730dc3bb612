"""Texts, their HTML, their keyboards: what is taken and what is refused, in Telegram's words."""

import json
from typing import Any

import pytest

from tests.botapi.conftest import AN, STRANGER, Asker
from tests.botapi.driver import BotApi
from tests.botapi.entities import parse_html, to_html, units
from tests.botapi.refusal import Refused

SMILE = "😀"

REFUSED_HTML = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("đ<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
    ("đỏ<div>x</div>", 'Unsupported start tag "div" at byte offset 5'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("a <b", "Unclosed start tag at byte offset 2"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte'),
    ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
    ("Rau & quả", 'Unescaped "&" at byte offset 4'),
    ("&nbsp;", 'Unescaped "&" at byte offset 0'),
    ("2 > 1", 'Unescaped ">" at byte offset 2'),
    ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
]

TAKEN_HTML: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("&lt;&gt;&amp;&quot;&#33;&#x41;", '<>&"!A', []),
    (f"{SMILE}<b>đ</b>", f"{SMILE}đ", [("bold", 2, 1)]),
    ("<B>a<em>b</em></b >", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("<u></u>a", "a", []),
    ("<ins>a</ins><strike>b</strike>", "ab", [("underline", 0, 1), ("strikethrough", 1, 1)]),
    ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
    ('<pre><code class="language-py">a</code></pre>', "a", [("pre", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ('<a href="https://a.vn/?x=1&amp;y=2">a</a>', "a", [("text_link", 0, 1)]),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED_HTML)
def test_broken_html_is_refused_with_the_byte_where_it_breaks(source: str, reason: str) -> None:
    with pytest.raises(Refused) as error:
        parse_html(source)
    assert error.value.code == 400
    assert error.value.description.startswith(f"Bad Request: can't parse entities: {reason}")


@pytest.mark.parametrize(("source", "text", "entities"), TAKEN_HTML)
def test_html_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[Any, ...]]
) -> None:
    found = parse_html(source)
    assert found[0] == text
    assert [(one["type"], one["offset"], one["length"]) for one in found[1]] == entities


@pytest.mark.parametrize(
    "source", ["<b>đ <i>a</i></b> &lt; c", f"{SMILE}<u>a{SMILE}</u>", "<code>/x</code>"]
)
def test_entities_are_shown_as_html_again(source: str) -> None:
    assert to_html(*parse_html(source)) == source


REFUSED_TEXTS: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "message text is empty"),
    ({}, "message text is empty"),
    ({"text": "  \n "}, "text must be non-empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": SMILE * 2049}, "message is too long"),
    ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
    ({"text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
    ({"text": "x", "chat_id": 999}, "chat not found"),
    ({"text": "x", "chat_id": ""}, "chat_id is empty"),
    ({"text": "x", "chat_id": "@an"}, "chat not found"),
    ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ({"text": "x", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "entity beyond"),
    ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
    ({"text": "x", "reply_markup": {"inline_keyboard": [1]}}, 'field "inline_keyboard" of the'),
]


@pytest.mark.parametrize(("args", "reason"), REFUSED_TEXTS)
def test_a_message_is_refused(ask: Asker, args: dict[str, Any], reason: str) -> None:
    said = ask.no("sendMessage", **{"chat_id": AN, **args})
    assert said.startswith(f"Bad Request: {reason}")
    assert ask.api.last(AN) is None


def test_4096_units_are_one_message(ask: Asker) -> None:
    text = "x" * 4094 + SMILE
    assert units(text) == 4096
    assert ask.yes("sendMessage", chat_id=AN, text=f"<b>{text}</b>", parse_mode="HTML")["text"]


DATA = "callback_data"
REFUSED_BUTTONS: list[tuple[dict[str, Any], str]] = [
    ({"text": "Có", DATA: ""}, "BUTTON_DATA_INVALID"),
    ({"text": "Có", DATA: "x" * 65}, "BUTTON_DATA_INVALID"),
    ({"text": "Có", DATA: "đ" * 33}, "BUTTON_DATA_INVALID"),
    ({"text": "Có", "url": "nowhere"}, "BUTTON_URL_INVALID"),
    ({"text": "Có", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
    ({"text": "Có", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
    ({"text": "", DATA: "x"}, "inline keyboard button text must be non-empty"),
    ({DATA: "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
    (
        {"text": "Có"},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline",
    ),
    ({"text": "Có", DATA: "x", "url": "https://a.vn"}, "can't parse inline keyboard button: Exac"),
    ({"text": "Có", DATA: 1}, 'can\'t parse inline keyboard button: Field "callback_data" must'),
]


@pytest.mark.parametrize(("button", "reason"), REFUSED_BUTTONS)
def test_a_button_is_refused(ask: Asker, button: dict[str, Any], reason: str) -> None:
    markup = {"inline_keyboard": [[{"text": "Vâng", DATA: "1"}], [button]]}
    said = ask.no("sendMessage", chat_id=AN, text="x", reply_markup=json.dumps(markup))
    assert said.startswith(f"Bad Request: {reason}")


def test_a_hundred_buttons_are_taken_and_one_more_is_not(ask: Asker) -> None:
    row = [{"text": f"{n}", DATA: "đ" * 32} for n in range(25)]
    markup = {"inline_keyboard": [row, row, row, row]}
    sent = ask.yes("sendMessage", chat_id=AN, text="x", reply_markup=markup)
    assert sent["reply_markup"] == markup
    markup["inline_keyboard"].append([row[0]])
    said = ask.no("sendMessage", chat_id=AN, text="x", reply_markup=markup)
    assert said == "Bad Request: reply markup is too long"


def test_a_message_is_shown_as_it_was_sent(api: BotApi, ask: Asker) -> None:
    asked = api.send_text(AN, "/viec gấp")
    args = {"text": " <b>Việc</b> của đồng chí ", "parse_mode": "html"}
    options = {"disable_notification": True, "reply_parameters": {"message_id": asked}}
    keys = {
        "inline_keyboard": [[{"text": "Xem", DATA: "9:1"}, {"text": "A", "url": "http://a.vn"}]]
    }
    sent = ask.yes("sendMessage", chat_id=AN, reply_markup=keys, **args, **options)
    assert sent["reply_to_message"]["message_id"] == asked
    shown = api.last(AN)
    assert shown is not None
    assert (shown.text, shown.html) == ("Việc của đồng chí", "<b>Việc</b> của đồng chí")
    assert (shown.silent, shown.reply_to, shown.edits) == (True, asked, 0)
    assert [[(key.label, key.data, key.url) for key in row] for row in shown.keyboard] == [
        [("Xem", "9:1", None), ("A", None, "http://a.vn")]
    ]
    assert api.chat(AN)[-2].html == "/viec gấp"


def test_a_reply_to_a_message_that_is_gone_may_go_out_without_it(api: BotApi, ask: Asker) -> None:
    gone = api.send_text(AN, "nhầm")
    api.recall(AN, gone)
    answered = {"message_id": gone, "allow_sending_without_reply": True}
    sent = ask.yes("sendMessage", chat_id=AN, text="x", reply_parameters=answered)
    assert "reply_to_message" not in sent


def test_the_bot_writes_first_to_nobody_and_never_to_who_blocked_it(
    api: BotApi, ask: Asker
) -> None:
    said = ask.no("sendMessage", chat_id=STRANGER, text="x")
    assert said == "Forbidden: bot can't initiate conversation with a user"
    api.block(AN)
    said = ask.no("sendMessage", chat_id=AN, text="x")
    assert said == "Forbidden: bot was blocked by the user"
    api.unblock(AN)
    assert ask.yes("sendMessage", chat_id=AN, text="x")
    api.deactivate(AN)
    assert ask.no("sendMessage", chat_id=AN, text="x") == "Forbidden: user is deactivated"
    kinds = [one["my_chat_member"]["new_chat_member"]["status"] for one in api.pending()]
    assert kinds == ["kicked", "member"]
