"""Groups, topics, pins and members as python-telegram-bot sees them."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import telegram
from telegram import (
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.botapi.conftest import AN, BINH, STRANGER, fetch, forget
from tests.botapi.driver import BotApi
from tests.botapi.files import grey_png

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Có", callback_data="1:1")]])


async def heard(bot: telegram.Bot) -> list[Update]:
    """Every update that waits, read by the library with no field left unknown."""
    kinds = json.dumps(Update.ALL_TYPES)
    found = [Update.de_json(one, bot) for one in await fetch(bot, allowed_updates=kinds)]
    for update in found:
        message = update.effective_message
        known = {"new_chat_participant", "new_chat_member", "left_chat_participant"}
        assert message is None or set(message.api_kwargs) <= known
        for change in (update.my_chat_member, update.chat_member, update.chat_join_request):
            assert change is None or not change.api_kwargs
    return found


async def test_a_group_is_read(api: BotApi, bot: telegram.Bot) -> None:
    await heard(bot)
    group = api.create_supergroup("Tổ", AN, [BINH])
    api.promote_bot(group)
    api.send_text(BINH, "chào", chat=group)
    api.ask_to_join(STRANGER, api.invite_link(group, request=True))
    api.approve(group, STRANGER)
    api.remove(group, STRANGER)
    updates = await heard(bot)
    added = updates[0].my_chat_member
    assert added is not None and added.new_chat_member.status == "member"
    right = updates[2].my_chat_member
    assert right is not None
    assert isinstance(right.new_chat_member, telegram.ChatMemberAdministrator)
    assert right.new_chat_member.can_manage_topics and not right.new_chat_member.can_promote_members
    said = updates[3].message
    assert said is not None and said.chat.type == "supergroup" and said.chat.title == "Tổ"
    wish = updates[4].chat_join_request
    assert wish is not None and wish.from_user.id == wish.user_chat_id == STRANGER
    joined = updates[5].chat_member
    assert joined is not None and joined.via_join_request
    gone = [one.chat_member for one in updates if one.chat_member]
    assert isinstance(gone[-1].new_chat_member, telegram.ChatMemberBanned)


async def test_a_topic_from_its_birth_to_its_end(
    api: BotApi, bot: telegram.Bot, forum: int
) -> None:
    icons = await bot.get_forum_topic_icon_stickers()
    assert icons[0].custom_emoji_id and icons[0].type == "custom_emoji"
    topic = await bot.create_forum_topic(forum, "Vụ 1", icon_color=7322096)
    where: dict[str, Any] = {"chat_id": forum, "message_thread_id": topic.message_thread_id}
    sent = await bot.send_message(text="bảng", reply_markup=KEYS, **where)
    assert sent.is_topic_message and sent.chat.is_forum
    assert sent.reply_to_message is not None and sent.reply_to_message.forum_topic_created
    photos = [InputMediaPhoto(grey_png(300, 200)) for _ in "ab"]
    album = await bot.send_media_group(media=photos, **where)
    assert [one.message_thread_id for one in album] == [topic.message_thread_id] * 2
    assert await bot.pin_chat_message(forum, sent.message_id, disable_notification=True)
    edited = await bot.edit_message_text("mới", chat_id=forum, message_id=sent.message_id)
    assert isinstance(edited, telegram.Message) and edited.message_thread_id
    pinned = (await bot.get_chat(forum)).pinned_message
    assert pinned is not None and pinned.text == "mới"
    assert await bot.edit_forum_topic(name="Vụ 1: xong", **where)
    assert await bot.close_forum_topic(**where)
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await bot.close_forum_topic(**where)
    assert await bot.reopen_forum_topic(**where)
    told = [one.message for one in await heard(bot) if one.message]
    assert told[1].pinned_message is not None
    assert told[2].forum_topic_edited is not None and told[3].forum_topic_closed
    assert told[4].forum_topic_reopened
    assert await bot.delete_forum_topic(**where)
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(text="x", **where)


async def test_a_move_is_the_error_that_the_library_has_for_it(
    api: BotApi, bot: telegram.Bot
) -> None:
    old = api.create_group("Nhóm", AN, bot=True)
    forget(api)
    new = api.upgrade(old)
    with pytest.raises(ChatMigrated) as raised:
        await bot.send_message(old, "x")
    assert raised.value.new_chat_id == new
    messages = [one.message for one in await heard(bot)]
    assert messages[0] is not None and messages[0].migrate_to_chat_id == new
    assert messages[1] is not None and messages[1].migrate_from_chat_id == old
    assert messages[1].sender_chat is not None and messages[1].sender_chat.id == new


async def test_members_and_menus(api: BotApi, bot: telegram.Bot, crew: int) -> None:
    assert isinstance(await bot.get_chat_member(crew, AN), telegram.ChatMemberOwner)
    assert isinstance(await bot.get_chat_member(crew, STRANGER), telegram.ChatMemberLeft)
    assert await bot.get_chat_member_count(crew) == 3
    assert [one.user.id for one in await bot.get_chat_administrators(crew)] == [AN, bot.id]
    link = await bot.create_chat_invite_link(crew, creates_join_request=True, name="Tổ")
    api.ask_to_join(STRANGER, link.invite_link)
    assert await bot.approve_chat_join_request(crew, STRANGER)
    assert await bot.ban_chat_member(crew, STRANGER)
    assert await bot.unban_chat_member(crew, STRANGER, only_if_banned=True)
    for scope in (
        BotCommandScopeAllGroupChats(),
        BotCommandScopeAllChatAdministrators(),
        BotCommandScopeChat(crew),
        BotCommandScopeChatAdministrators(crew),
        BotCommandScopeChatMember(crew, BINH),
    ):
        assert await bot.set_my_commands([("viec", "Việc")], scope=scope)
        assert (await bot.get_my_commands(scope=scope))[0].command == "viec"
        assert await bot.delete_my_commands(scope=scope)
    assert await bot.leave_chat(crew)


Work = Callable[[telegram.Bot, int], Coroutine[Any, Any, object]]


@pytest.mark.parametrize(
    "work",
    [
        lambda bot, group: bot.send_message(group, "x"),
        lambda bot, group: bot.get_chat(group),
        lambda bot, group: bot.get_chat_member(group, AN),
        lambda bot, group: bot.create_forum_topic(group, "x"),
        lambda bot, group: bot.pin_chat_message(group, 1),
        lambda bot, group: bot.set_my_commands([], scope=BotCommandScopeChat(group)),
    ],
)
async def test_a_removed_bot_is_forbidden_everything(
    api: BotApi, bot: telegram.Bot, forum: int, work: Work
) -> None:
    api.remove_bot(forum)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await work(bot, forum)
