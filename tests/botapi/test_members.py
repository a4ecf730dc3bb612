"""Who is in a group: members, administrators, bans, invite links, requests to join."""

from typing import Any

import pytest

from tests.botapi.conftest import AN, BINH, STRANGER, Asker, Clock, forget, kinds
from tests.botapi.driver import BotApi
from tests.botapi.people import NotPossible

ALL = ["message", "my_chat_member", "chat_member", "chat_join_request"]


def changes(api: BotApi) -> list[tuple[int, str, str]]:
    """Who, from what, to what: of every change of a member that waits."""
    told = [one["chat_member"] for one in api.pending() if "chat_member" in one]
    return [
        (
            one["new_chat_member"]["user"]["id"],
            one["old_chat_member"]["status"],
            one["new_chat_member"]["status"],
        )
        for one in told
    ]


def test_changes_of_members_are_told_to_an_administrator_that_asked(
    api: BotApi, ask: Asker, crew: int
) -> None:
    api.add(crew, STRANGER)
    assert kinds(api) == ["new_chat_members"], "the kind was not asked for"
    ask.yes("getUpdates", allowed_updates=ALL)
    forget(api)
    api.promote(crew, STRANGER, ["can_pin_messages"])
    api.demote(crew, STRANGER)
    api.leave(STRANGER, crew)
    api.add(crew, STRANGER, by=BINH)
    api.remove(crew, STRANGER)
    assert changes(api) == [
        (STRANGER, "member", "administrator"),
        (STRANGER, "administrator", "member"),
        (STRANGER, "member", "left"),
        (STRANGER, "left", "member"),
        (STRANGER, "member", "kicked"),
    ]
    messages = [one["message"] for one in api.pending() if "message" in one]
    assert [one["from"]["id"] for one in messages] == [STRANGER, BINH, AN]
    assert messages[0]["left_chat_member"]["id"] == STRANGER
    assert messages[1]["new_chat_members"][0]["id"] == STRANGER
    api.demote_bot(crew)
    forget(api)
    api.leave(BINH, crew)
    assert kinds(api) == ["left_chat_member"]


def test_the_bot_asks_who_is_there(api: BotApi, ask: Asker, crew: int) -> None:
    def status(user: int) -> str:
        return str(ask.yes("getChatMember", chat_id=crew, user_id=user)["status"])

    assert [status(user) for user in (AN, BINH, STRANGER, api.state.own)] == [
        "creator",
        "member",
        "left",
        "administrator",
    ]
    assert ask.yes("getChatMemberCount", chat_id=crew) == 3
    admins = ask.yes("getChatAdministrators", chat_id=crew)
    assert [one["user"]["id"] for one in admins] == [AN, api.state.own]
    api.remove(crew, BINH)
    assert status(BINH) == "kicked"
    assert ask.yes("getChatMemberCount", chat_id=crew) == 2


@pytest.mark.parametrize(
    ("method", "args", "reason"),
    [
        ("getChatMember", {"user_id": 999}, "member not found"),
        ("getChatMember", {}, "invalid user_id specified"),
        ("getChatMember", {"chat_id": AN, "user_id": BINH}, "member not found"),
        (
            "getChatAdministrators",
            {"chat_id": AN},
            "there are no administrators in the private chat",
        ),
        ("banChatMember", {"user_id": AN}, "can't remove chat owner"),
        ("banChatMember", {"user_id": 123456}, "can't restrict self"),
        ("banChatMember", {"user_id": 999}, "PARTICIPANT_ID_INVALID"),
        (
            "banChatMember",
            {"chat_id": AN, "user_id": AN},
            "can't ban members in private chats",
        ),
        ("leaveChat", {"chat_id": AN}, "can't leave private chats"),
        ("createChatInviteLink", {"chat_id": AN}, "can't invite members to a private chat"),
        (
            "approveChatJoinRequest",
            {"chat_id": AN, "user_id": AN},
            "the chat can't have join requests",
        ),
        (
            "unbanChatMember",
            {"chat_id": AN, "user_id": AN},
            "method is available for supergroup and channel chats only",
        ),
    ],
)
def test_a_question_about_members_is_refused(
    ask: Asker, crew: int, method: str, args: dict[str, Any], reason: str
) -> None:
    assert ask.no(method, **{"chat_id": crew} | args) == f"Bad Request: {reason}"


def test_the_bot_bans_and_unbans(api: BotApi, ask: Asker, crew: int) -> None:
    ask.yes("getUpdates", allowed_updates=ALL)
    who = {"chat_id": crew, "user_id": BINH}
    assert ask.yes("banChatMember", **who) is True
    left = api.pending()[-1]["message"]
    assert (left["left_chat_member"]["id"], left["from"]["id"]) == (BINH, api.state.own)
    with pytest.raises(NotPossible, match="banned"):
        api.join(BINH, api.invite_link(crew))
    assert ask.yes("unbanChatMember", **who) is True
    assert changes(api) == [(BINH, "member", "kicked"), (BINH, "kicked", "left")]
    api.join(BINH, api.invite_link(crew))
    assert ask.yes("unbanChatMember", only_if_banned=True, **who) is True
    assert BINH in api.members(crew)
    assert ask.yes("unbanChatMember", **who) is True
    assert BINH not in api.members(crew)
    api.add(crew, BINH)
    api.promote(crew, BINH)
    assert ask.no("banChatMember", **who) == "Bad Request: user is an administrator of the chat"
    api.promote_bot(crew, ["can_pin_messages"])
    no = "Bad Request: not enough rights to restrict/unrestrict chat member"
    assert ask.no("banChatMember", **who) == no


def test_a_basic_group_bans_nobody(api: BotApi, ask: Asker) -> None:
    group = api.create_group("Nhóm", AN, [BINH], bot=True)
    who = {"chat_id": group, "user_id": BINH}
    assert ask.no("banChatMember", **who).endswith("a user to kick it from a basic group")
    api.promote_bot(group, ["can_pin_messages"])
    assert ask.yes("getChatMember", chat_id=group, user_id=123456)["can_restrict_members"]
    assert ask.yes("banChatMember", **who) is True
    assert ask.yes("getChatMember", **who)["status"] == "left"
    own = {"chat_id": group, "user_id": api.state.own}
    only = "Bad Request: method is available for supergroup and channel chats only"
    assert ask.no("unbanChatMember", **who) == only
    api.remove_bot(group)
    assert kinds(api)[-2:] == ["my_chat_member", "left_chat_member"]
    assert ask.yes("getChatMember", **own)["status"] == "left", "of itself it may ask"
    kicked = "Forbidden: bot was kicked from the group chat"
    assert ask.no("getChatMember", **who) == ask.no("getChatMemberCount", chat_id=group) == kicked


def test_a_link_lets_in(api: BotApi, ask: Asker, clock: Clock, crew: int) -> None:
    ask.yes("getUpdates", allowed_updates=ALL)
    link = ask.yes("createChatInviteLink", chat_id=crew, name="Tổ", member_limit=1)
    assert link["creator"]["id"] == api.state.own and link["member_limit"] == 1
    api.join(STRANGER, link["invite_link"])
    told = api.pending()[0]["chat_member"]
    assert (told["from"]["id"], told["invite_link"]["invite_link"]) == (
        STRANGER,
        link["invite_link"],
    )
    api.leave(STRANGER, crew)
    with pytest.raises(NotPossible, match="opens nothing"):
        api.join(STRANGER, link["invite_link"])
    until = int(clock().timestamp()) + 60
    late = ask.yes("createChatInviteLink", chat_id=crew, expire_date=until)["invite_link"]
    revoked = ask.yes("createChatInviteLink", chat_id=crew)["invite_link"]
    shown = ask.yes("revokeChatInviteLink", chat_id=crew, invite_link=revoked)
    assert shown["is_revoked"] is True
    clock.passes(minutes=2)
    for url in (late, revoked, "https://t.me/+khong"):
        with pytest.raises(NotPossible, match="opens nothing"):
            api.join(STRANGER, url)


def test_a_request_to_join_is_told_and_answered(api: BotApi, ask: Asker, crew: int) -> None:
    ask.yes("getUpdates", allowed_updates=ALL)
    url = ask.yes("createChatInviteLink", chat_id=crew, creates_join_request=True)["invite_link"]
    api.ask_to_join(STRANGER, url)
    wish = api.pending()[0]["chat_join_request"]
    assert (wish["from"]["id"], wish["user_chat_id"]) == (STRANGER, STRANGER)
    assert wish["invite_link"]["creates_join_request"] is True
    who = {"chat_id": crew, "user_id": STRANGER}
    assert ask.yes("declineChatJoinRequest", **who) is True
    missing = "Bad Request: HIDE_REQUESTER_MISSING"
    assert ask.no("approveChatJoinRequest", **who) == missing
    api.ask_to_join(STRANGER, url)
    forget(api)
    assert ask.yes("approveChatJoinRequest", **who) is True
    told = api.pending()[0]["chat_member"]
    assert told["via_join_request"] is True and told["new_chat_member"]["status"] == "member"
    assert api.pending()[1]["message"]["from"]["id"] == STRANGER
    already = "Bad Request: USER_ALREADY_PARTICIPANT"
    assert ask.no("approveChatJoinRequest", **who) == already


def test_who_asks_to_join_can_be_written_to_for_five_minutes(
    api: BotApi, ask: Asker, clock: Clock, crew: int
) -> None:
    api.ask_to_join(STRANGER, api.invite_link(crew, request=True))
    assert ask.yes("sendMessage", chat_id=STRANGER, text="Ai giới thiệu?")
    clock.passes(minutes=5)
    cannot = "Forbidden: bot can't initiate conversation with a user"
    assert ask.no("sendMessage", chat_id=STRANGER, text="x") == cannot


def test_without_the_right_the_bot_hears_of_no_request(api: BotApi, ask: Asker, crew: int) -> None:
    api.promote_bot(crew, ["can_pin_messages"])
    forget(api)
    api.ask_to_join(STRANGER, api.invite_link(crew, request=True))
    assert api.pending() == []
    who = {"chat_id": crew, "user_id": STRANGER}
    rights = "Bad Request: not enough rights to manage chat "
    assert ask.no("approveChatJoinRequest", **who) == rights + "join requests"
    assert ask.no("createChatInviteLink", chat_id=crew) == rights + "invite link"
    api.approve(crew, STRANGER)
    assert kinds(api) == ["new_chat_members"]


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ({"name": "x" * 33}, "INVITE_TITLE_TOO_LONG"),
        (
            {"creates_join_request": True, "member_limit": 2},
            "member limit can't be specified for links requiring administrator approval",
        ),
        ({"expire_date": 5}, "EXPIRE_DATE_INVALID"),
        ({"member_limit": 100_000}, "USAGE_LIMIT_INVALID"),
    ],
)
def test_a_link_is_refused(ask: Asker, crew: int, args: dict[str, Any], reason: str) -> None:
    assert ask.no("createChatInviteLink", chat_id=crew, **args) == f"Bad Request: {reason}"


def test_what_no_client_allows(api: BotApi, crew: int) -> None:
    with pytest.raises(NotPossible, match="has not the right"):
        api.rename(crew, "x", by=BINH)
    with pytest.raises(NotPossible, match="has not the right"):
        api.promote_bot(crew, by=BINH)
    with pytest.raises(NotPossible, match="no right can_fly"):
        api.promote(crew, BINH, ["can_fly"])
    with pytest.raises(NotPossible, match="already"):
        api.add(crew, BINH)
    with pytest.raises(NotPossible, match="asks nobody"):
        api.ask_to_join(STRANGER, api.invite_link(crew))
    other = api.send_text(AN, "x", chat=crew)
    with pytest.raises(NotPossible, match="may not delete"):
        api.delete(BINH, other, chat=crew)
    api.delete(AN, other, chat=crew)
    with pytest.raises(NotPossible, match="not in the group"):
        api.leave(STRANGER, crew)
