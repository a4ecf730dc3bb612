"""The main paths as python-telegram-bot walks them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.botapi.conftest import AN, BINH, STRANGER, fetch
from tests.botapi.driver import BotApi
from tests.botapi.files import grey_png

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Có", callback_data="1:1")]])


async def test_the_library_knows_itself(bot: telegram.Bot) -> None:
    assert (bot.id, bot.username) == (123456, "motdaumoi_bot")
    chat = await bot.get_chat(AN)
    assert (chat.id, chat.type, chat.full_name) == (AN, "private", "An Nguyễn")


async def test_a_message_goes_out_is_tapped_edited_and_deleted(
    api: BotApi, bot: telegram.Bot
) -> None:
    sent = await bot.send_message(AN, "<b>Có</b> việc", parse_mode="HTML", reply_markup=KEYS)
    assert sent.text_html == "<b>Có</b> việc" and sent.reply_markup == KEYS
    api.tap(AN, sent.message_id, "Có")
    raw = await fetch(bot, timeout=5)
    update = Update.de_json(raw[0], bot)
    assert update.callback_query is not None and update.callback_query.data == "1:1"
    assert await update.callback_query.answer("Đã nhận")
    edited = await bot.edit_message_text("Xong", chat_id=AN, message_id=sent.message_id)
    assert isinstance(edited, telegram.Message) and edited.edit_date
    shown = api.last(AN)
    assert shown is not None and (shown.text, shown.keyboard) == ("Xong", [])
    assert await bot.delete_message(AN, sent.message_id)
    assert api.last(AN) is None


async def test_every_kind_of_message_is_read(api: BotApi, bot: telegram.Bot) -> None:
    api.send_photo(AN, grey_png(500, 400), "ảnh")
    api.send_voice(AN, b"OggS", 4)
    api.send_location(AN, 21.5, 105.5)
    api.send_contact(AN, "+84901", "Hoa")
    api.send_poll(AN, "?", ["a", "b"])
    api.send_venue(AN, 1.0, 2.0, "Cầu")
    api.send_sticker(AN)
    api.send_dice(AN)
    api.forward(AN, "x")
    api.forward(AN, message_id=api.send_text(AN, "y"))
    api.block(AN)
    messages = [Update.de_json(one, bot) for one in await fetch(bot)]
    photo, voice, place = (one.message for one in messages[:3])
    assert photo is not None and (photo.photo[-1].width, photo.caption) == (500, "ảnh")
    assert voice is not None and voice.voice is not None
    assert voice.voice.duration == timedelta(seconds=4)
    assert place is not None and place.location is not None and place.location.latitude == 21.5
    blocked = messages[-1].my_chat_member
    assert blocked is not None and blocked.new_chat_member.status == "kicked"
    assert all(one.effective_user is not None for one in messages)


async def test_files_go_both_ways(api: BotApi, bot: telegram.Bot) -> None:
    sent = await bot.send_document(AN, b"%PDF-1.7", filename="công văn.pdf", caption="x")
    assert sent.document is not None and sent.document.file_name == "công văn.pdf"
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7"
    again = await bot.send_document(BINH, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_unique_id == sent.document.file_unique_id
    photos = [InputMediaPhoto(grey_png(300, 200), caption=one) for one in "ab"]
    album = await bot.send_media_group(AN, photos)
    assert [one.caption for one in album] == ["a", "b"]
    api.fault("file", 500)
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()


async def test_the_menu_is_set(api: BotApi, bot: telegram.Bot) -> None:
    scope = telegram.BotCommandScopeChat(AN)
    assert await bot.set_my_commands([("viec", "Việc của tôi")], scope=scope)
    assert api.commands(AN) == [("viec", "Việc của tôi")]
    assert (await bot.get_my_commands(scope=scope))[0].command == "viec"


@pytest.mark.parametrize(
    ("kind", "args", "error"),
    [
        (429, {"retry_after": 7}, RetryAfter),
        (403, {}, Forbidden),
        (400, {}, BadRequest),
        (401, {}, InvalidToken),
        (409, {}, Conflict),
        (500, {}, NetworkError),
        ("502", {}, NetworkError),
        ("drop", {}, NetworkError),
        ("timeout", {}, TimedOut),
        ("timeout_after", {}, TimedOut),
        ("garbage", {}, TelegramError),
    ],
)
async def test_a_fault_is_the_error_that_the_library_has_for_it(
    api: BotApi,
    bot: telegram.Bot,
    kind: str | int,
    args: dict[str, Any],
    error: type[TelegramError],
) -> None:
    api.fault("sendMessage", kind, **args)
    with pytest.raises(error) as raised:
        await bot.send_message(AN, "x", read_timeout=0.3)
    assert type(raised.value) is error
    if isinstance(raised.value, RetryAfter):
        assert raised.value.retry_after == timedelta(seconds=7)
    assert (api.last(AN) is not None) == (kind == "timeout_after")


async def test_what_telegram_refuses_the_library_raises(api: BotApi, bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "x")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(AN, "x" * 4097)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(STRANGER, "x")
    api.block(AN)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(AN, "x")


async def test_a_long_poll_of_the_library_wakes(api: BotApi, bot: telegram.Bot) -> None:
    poll = asyncio.create_task(fetch(bot, timeout=5))
    await asyncio.sleep(0.1)
    api.send_text(AN, "đây")
    updates = await asyncio.wait_for(poll, 2)
    assert updates[0]["message"]["text"] == "đây"
