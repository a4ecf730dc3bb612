"""Groups and supergroups: what reaches the bot, what it may send, how they end and move."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.botapi.conftest import AN, BINH, STRANGER, Asker, Clock, forget, kinds
from tests.botapi.driver import BotApi
from tests.botapi.files import grey_png
from tests.botapi.limits import Limits
from tests.botapi.people import NotPossible

KEYS = {"inline_keyboard": [[{"text": "Có", "callback_data": "1:1"}]]}


def test_the_bot_is_added_and_told(api: BotApi, ask: Asker) -> None:
    group = api.create_supergroup("Tổ ứng phó", AN, [BINH])
    assert ask.no("getChat", chat_id=group) == "Bad Request: chat not found"
    assert api.pending() == []
    api.add_bot(group, by=BINH)
    told, came = api.pending()
    change = told["my_chat_member"]
    assert change["chat"] == {"id": group, "title": "Tổ ứng phó", "type": "supergroup"}
    assert change["from"]["id"] == BINH
    assert change["old_chat_member"] == {"user": api.state.bot, "status": "left"}
    assert change["new_chat_member"] == {"user": api.state.bot, "status": "member"}
    assert came["message"]["new_chat_members"] == [api.state.bot]
    assert str(group).startswith("-100")
    forget(api)
    api.promote_bot(group, ["can_pin_messages"])
    rights = api.pending()[0]["my_chat_member"]["new_chat_member"]
    assert rights["status"] == "administrator"
    assert (rights["can_pin_messages"], rights["can_delete_messages"]) == (True, False)
    api.demote_bot(group)
    assert api.pending()[1]["my_chat_member"]["new_chat_member"]["status"] == "member"


def test_a_basic_group_with_the_bot_from_the_start(api: BotApi, ask: Asker) -> None:
    group = api.create_group("Nhóm nhỏ", AN, [BINH], bot=True)
    assert kinds(api) == ["my_chat_member", "group_chat_created"]
    assert -(10**12) < group < 0
    assert api.pending()[1]["message"]["chat"]["type"] == "group"
    private = api.send_text(AN, "riêng")
    sent = ask.yes("sendMessage", chat_id=group, text="chung")
    assert sent["message_id"] == private + 1, "one counter with the private chats"
    assert "message_thread_id" not in ask.yes(
        "sendMessage", chat_id=group, text="x", reply_parameters={"message_id": private + 1}
    )


def test_a_supergroup_counts_its_own_messages(api: BotApi, ask: Asker, crew: int) -> None:
    for _ in range(3):
        ask.yes("sendMessage", chat_id=crew, text="a")
    other = api.create_supergroup("Khác", AN)
    api.add_bot(other)
    one = ask.yes("sendMessage", chat_id=other, text="của nhóm khác")["message_id"]
    assert one <= api.chat(crew)[-1].id
    edit = ask.yes("editMessageText", chat_id=other, message_id=one, text="đổi")
    assert edit["chat"]["id"] == other
    assert "đổi" not in [shown.text for shown in api.chat(crew)]


HEARD = [
    ("chào cả nhà", False),
    ("/viec", True),
    ("/viec@motdaumoi_bot", True),
    ("/viec@other_bot", False),
    ("nhờ @motdaumoi_bot xem", True),
    ("nhờ @MotDauMoi_Bot xem", True),
    ("nhờ @motdaumoi_bot2 xem", False),
    ("xem /viec", False),
]


@pytest.mark.parametrize(("text", "heard"), HEARD)
def test_privacy_mode_lets_through_what_is_meant_for_the_bot(
    api: BotApi, text: str, heard: bool
) -> None:
    group = api.create_supergroup("Tổ", AN, [BINH])
    api.add_bot(group)
    forget(api)
    number = api.send_text(BINH, text, chat=group)
    api.edit_text(BINH, number, text + " nhé", chat=group)
    assert kinds(api) == (["message", "edited_message"] if heard else [])
    api.promote_bot(group)
    forget(api)
    api.send_text(BINH, text, chat=group)
    assert kinds(api) == ["message"], "an administrator hears everything"


def test_privacy_mode_lets_through_answers_and_service_messages(api: BotApi, ask: Asker) -> None:
    group = api.create_supergroup("Tổ", AN, [BINH])
    api.add_bot(group)
    forget(api)
    asked = ask.yes("sendMessage", chat_id=group, text="Ai nhận?")["message_id"]
    number = api.send_text(BINH, "tôi", reply_to=asked, chat=group)
    api.send_text(AN, "cảm ơn", reply_to=number, chat=group)
    api.rename(group, "Tổ mới")
    assert kinds(api) == ["message", "new_chat_title"]
    assert api.pending()[0]["message"]["reply_to_message"]["message_id"] == asked
    assert api.pending()[0]["message"]["message_thread_id"] == asked
    assert "is_topic_message" not in api.pending()[0]["message"]
    assert ask.yes("getMe")["can_read_all_group_messages"] is False


def test_without_privacy_mode_everything_is_heard(clock: Clock) -> None:
    with BotApi(clock=clock, privacy=False) as api:
        api.user(AN, "An")
        group = api.create_supergroup("Tổ", AN)
        api.add_bot(group)
        forget(api)
        api.send_text(AN, "chào", chat=group)
        assert kinds(api) == ["message"]


def test_all_that_people_do_in_a_group(api: BotApi, ask: Asker, crew: int) -> None:
    ask.yes("getUpdates", allowed_updates=["message", "callback_query", "message_reaction"])
    sent = ask.yes("sendMessage", chat_id=crew, text="Có?", reply_markup=KEYS)
    tap = api.tap(BINH, sent["message_id"], "Có", chat=crew)
    api.send_photo(BINH, grey_png(90, 90), "ảnh", chat=crew)
    api.send_document(BINH, b"%PDF", "a.pdf", "application/pdf", chat=crew)
    api.send_album(
        AN, [("photo", grey_png(90, 90), "x"), ("photo", grey_png(90, 90), None)], chat=crew
    )
    api.react(AN, sent["message_id"], "👍", chat=crew)
    assert kinds(api) == ["callback_query", *["message"] * 4, "message_reaction"]
    query = api.pending()[0]["callback_query"]
    assert (query["message"]["chat"]["id"], query["from"]["id"]) == (crew, BINH)
    assert ask.yes("answerCallbackQuery", callback_query_id=tap) is True
    with pytest.raises(NotPossible, match="not in the group"):
        api.tap(STRANGER, sent["message_id"], "Có", chat=crew)
    with pytest.raises(NotPossible, match="not in the group"):
        api.send_text(STRANGER, "x", chat=crew)
    api.demote_bot(crew)
    forget(api)
    api.react(BINH, sent["message_id"], "👍", chat=crew)
    assert api.pending() == [], "reactions are told to administrators only"


def test_an_anonymous_administrator_writes_as_the_group(api: BotApi, crew: int) -> None:
    api.hide(crew)
    forget(api)
    api.send_text(AN, "ẩn danh", chat=crew, anonymous=True)
    message = api.pending()[0]["message"]
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (1087968824, crew)
    with pytest.raises(NotPossible, match="no anonymous administrator"):
        api.send_text(BINH, "x", chat=crew, anonymous=True)


def test_files_and_albums_go_into_a_group(api: BotApi, ask: Asker, crew: int) -> None:
    sent = ask.yes("sendMessage", chat_id=crew, text="x")["message_id"]
    api.send_photo(AN, grey_png(90, 90), chat=crew)
    photo = api.pending()[-1]["message"]["photo"][-1]["file_id"]
    again = ask.yes("sendPhoto", chat_id=crew, photo=photo, caption="lại", reply_to_message_id=sent)
    assert again["reply_to_message"]["message_id"] == again["message_thread_id"] == sent
    media = [{"type": "photo", "media": photo}] * 2
    album = ask.yes("sendMediaGroup", chat_id=crew, media=media)
    assert [one["chat"]["id"] for one in album] == [crew, crew]
    assert ask.yes("sendChatAction", chat_id=crew, action="typing") is True


def test_edits_in_a_group(api: BotApi, ask: Asker, crew: int) -> None:
    sent = ask.yes("sendMessage", chat_id=crew, text="cũ")["message_id"]
    theirs = api.send_text(AN, "của An", chat=crew)
    pinned = ask.yes("pinChatMessage", chat_id=crew, message_id=sent) and api.chat(crew)[-1].id

    def no(number: int, text: str) -> str:
        return ask.no("editMessageText", chat_id=crew, message_id=number, text=text)

    assert no(sent, "cũ").startswith("Bad Request: message is not modified: ")
    assert no(theirs, "x") == no(pinned, "x") == "Bad Request: message can't be edited"
    assert no(999, "x") == "Bad Request: message to edit not found"
    api.delete(AN, sent, chat=crew)
    assert no(sent, "mới") == "Bad Request: message to edit not found"


def test_deletions_need_a_right_in_a_group(
    api: BotApi, ask: Asker, clock: Clock, crew: int
) -> None:
    own = ask.yes("sendMessage", chat_id=crew, text="x")["message_id"]
    theirs, another = (api.send_text(AN, text, chat=crew) for text in "ab")
    assert ask.yes("deleteMessage", chat_id=crew, message_id=theirs) is True
    api.promote_bot(crew, ["can_pin_messages"])
    cannot = "Bad Request: message can't be deleted"
    assert ask.no("deleteMessage", chat_id=crew, message_id=another) == cannot
    assert ask.no("deleteMessages", chat_id=crew, message_ids=[own, another]) == cannot
    assert ask.yes("deleteMessage", chat_id=crew, message_id=own) is True
    old = ask.yes("sendMessage", chat_id=crew, text="y")["message_id"]
    clock.passes(hours=48)
    assert ask.no("deleteMessage", chat_id=crew, message_id=old) == cannot


def test_a_basic_group_moves_to_a_supergroup(api: BotApi, ask: Asker) -> None:
    old = api.create_group("Nhóm", AN, [BINH], bot=True)
    sent = ask.yes("sendMessage", chat_id=old, text="trước khi chuyển")["message_id"]
    forget(api)
    new = api.upgrade(old)
    first, second = (one["message"] for one in api.pending())
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (old, new)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new, old)
    assert (second["chat"]["type"], second["message_id"]) == ("supergroup", 1)
    assert second["sender_chat"]["id"] == new
    moved: list[tuple[str, dict[str, Any]]] = [
        ("sendMessage", {"text": "x"}),
        ("editMessageText", {"text": "x", "message_id": sent}),
        ("deleteMessage", {"message_id": sent}),
        ("pinChatMessage", {"message_id": sent}),
        ("getChatMember", {"user_id": AN}),
        ("sendChatAction", {"action": "typing"}),
    ]
    for method, args in moved:
        body = ask(method, chat_id=old, **args)
        assert (body["error_code"], body["description"], body["parameters"]) == (
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": new},
        )
    gone = ask.no("editMessageText", chat_id=new, message_id=sent, text="x")
    assert gone == "Bad Request: message to edit not found"
    assert ask.yes("sendMessage", chat_id=new, text="sau")["message_id"] == 2
    assert api.members(new) == {AN: "creator", BINH: "member", api.state.own: "member"}
    with pytest.raises(NotPossible, match="no group"):
        api.send_text(AN, "x", chat=old)


@pytest.mark.parametrize(
    ("basic", "how", "said"),
    [
        (False, "removed", "bot was kicked from the supergroup chat"),
        (False, "left", "bot is not a member of the supergroup chat"),
        (False, "deleted", "bot was kicked from the supergroup chat"),
        (True, "removed", "bot was kicked from the group chat"),
        (True, "left", "bot is not a member of the group chat"),
        (True, "deleted", "the group chat was deleted"),
    ],
)
def test_a_group_that_the_bot_has_lost(
    api: BotApi, ask: Asker, basic: bool, how: str, said: str
) -> None:
    group = (api.create_group if basic else api.create_supergroup)("Tổ", AN)
    api.add_bot(group)
    sent = ask.yes("sendMessage", chat_id=group, text="x")["message_id"]
    forget(api)
    if how == "removed":
        api.remove_bot(group)
    elif how == "left":
        assert ask.yes("leaveChat", chat_id=group) is True
    else:
        api.delete_group(group)
    told = [one["my_chat_member"] for one in api.pending() if "my_chat_member" in one]
    status = "kicked" if how == "removed" and not basic else "left"
    assert [one["new_chat_member"]["status"] for one in told] == (
        [] if how == "deleted" else [status]
    )
    assert ("left_chat_member" in kinds(api)) == (how != "deleted")
    for method, args in (
        ("sendMessage", {"text": "x"}),
        ("editMessageText", {"text": "y", "message_id": sent}),
    ):
        assert ask(method, chat_id=group, **args)["error_code"] == 403
        assert ask.no(method, chat_id=group, **args) == f"Forbidden: {said}"
    forget(api)
    if how != "deleted":
        api.send_text(AN, "bot không nghe", chat=group)
        assert api.pending() == []


def test_what_getchat_tells(api: BotApi, ask: Asker, crew: int) -> None:
    found = ask.yes("getChat", chat_id=crew)
    assert (found["type"], found["title"]) == ("supergroup", "Tổ ứng phó")
    assert "pinned_message" not in found and found["permissions"]["can_send_messages"]


def test_a_group_in_which_only_administrators_write(api: BotApi, ask: Asker, crew: int) -> None:
    api.silence(crew)
    assert ask.yes("sendMessage", chat_id=crew, text="quản trị")
    api.demote_bot(crew)
    cannot = "Bad Request: not enough rights to send text messages to the chat"
    assert ask.no("sendMessage", chat_id=crew, text="x") == cannot
    with pytest.raises(NotPossible, match="only administrators"):
        api.send_text(BINH, "x", chat=crew)
    api.silence(crew, False)
    assert ask.yes("sendMessage", chat_id=crew, text="x")


def test_every_call_of_a_group_counts_against_its_limit(
    clock: Clock,
) -> None:
    spent: list[tuple[int, int]] = []

    class Counted(Limits):
        def spend(self, chat: int, now: datetime, count: int = 1) -> None:
            spent.append((chat, count))

    with BotApi(clock=clock, limits=Counted()) as api, httpx.Client(trust_env=False) as client:
        ask = Asker(api, client)
        api.user(AN, "An")
        group = api.create_supergroup("Tổ", AN, forum=True)
        api.promote_bot(group)
        topic = ask.yes("createForumTopic", chat_id=group, name="x")["message_thread_id"]
        where = {"chat_id": group, "message_thread_id": topic}
        sent = ask.yes("sendMessage", text="x", **where)["message_id"]
        ask.yes("editMessageText", chat_id=group, message_id=sent, text="y")
        ask.yes("pinChatMessage", chat_id=group, message_id=sent)
        ask.yes("unpinChatMessage", chat_id=group, message_id=sent)
        ask.yes("editForumTopic", name="y", **where)
        ask.yes("closeForumTopic", **where)
        ask.yes("reopenForumTopic", **where)
        assert spent == [(group, 1)] * 8
        ask.yes("sendChatAction", action="typing", **where)
        ask.yes("deleteMessage", chat_id=group, message_id=sent)
        assert len(spent) == 8
