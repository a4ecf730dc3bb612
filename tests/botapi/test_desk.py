"""Faults, flood limits, tokens, menus, control over HTTP."""

import contextlib
import re
from typing import Any

import httpx
import pytest

from tests.botapi.app import PAGE
from tests.botapi.conftest import AN, BINH, Asker, Clock
from tests.botapi.control import ACTS, DESK
from tests.botapi.driver import BotApi
from tests.botapi.limits import Limits


def test_a_wrong_token_or_method_is_refused(api: BotApi, ask: Asker) -> None:
    def get(path: str) -> tuple[int, str]:
        answer = ask.client.get(f"{api.url}/{path}")
        return answer.status_code, answer.json()["description"]

    assert get("bot123456:WRONG/getMe") == (401, "Unauthorized")
    assert get("botnonsense/getMe") == get("nowhere") == (404, "Not Found")
    assert get(f"bot{api.token}/flyToTheMoon") == (404, "Not Found")
    assert ask.yes("GETME")["username"] == "motdaumoi_bot"
    assert ask.no("sendMessage", chat_id=AN, action="typing")
    assert ask.no("sendChatAction", chat_id=AN, action="dance") == (
        "Bad Request: wrong parameter action in request"
    )
    ask.yes("sendChatAction", chat_id=AN, action="typing")
    assert api.actions == [(AN, "typing")]


@pytest.mark.parametrize(
    ("kind", "args", "status", "said"),
    [
        (429, {"retry_after": 7}, 429, "Too Many Requests: retry after 7"),
        (403, {}, 403, "Forbidden: bot was blocked by the user"),
        (400, {"description": "TOPIC_CLOSED"}, 400, "Bad Request: TOPIC_CLOSED"),
        (401, {}, 401, "Unauthorized"),
        (409, {}, 409, "Conflict: terminated by other getUpdates request; make sure that only"),
        (500, {}, 500, "Internal Server Error"),
    ],
)
def test_a_call_meets_a_refusal_on_command_once(
    api: BotApi, ask: Asker, kind: int, args: dict[str, Any], status: int, said: str
) -> None:
    api.fault("sendMessage", kind, **args)
    body = ask("sendMessage", chat_id=AN, text="x")
    assert (body["error_code"], body["description"][: len(said)]) == (status, said)
    assert body.get("parameters") == ({"retry_after": 7} if kind == 429 else None)
    assert api.last(AN) is None
    ask.yes("sendMessage", chat_id=AN, text="x")
    met = api.calls("sendMessage")
    assert [(one.fault, one.status) for one in met] == [(str(kind), kind), (None, 200)]


@pytest.mark.parametrize(
    ("kind", "args", "accepted"),
    [
        ("timeout", {}, 0),
        ("timeout_after", {}, 1),
        ("drop", {}, 0),
        ("drop", {"after": True}, 1),
        ("502", {}, 0),
        ("garbage", {}, 0),
        ("garbage", {"after": True}, 1),
    ],
)
def test_an_answer_is_lost_with_or_without_its_message(
    api: BotApi, ask: Asker, kind: str, args: dict[str, Any], accepted: int
) -> None:
    api.fault("sendMessage", kind, chat=AN, **args)
    ask.yes("sendMessage", chat_id=BINH, text="x")
    ask.client.timeout = httpx.Timeout(0.3)
    with pytest.raises((httpx.TransportError, ValueError)):
        ask("sendMessage", chat_id=AN, text="x")
    assert len([one for one in api.chat(AN) if one.from_bot]) == accepted


def test_a_fault_waits_for_its_turn_in_its_chat(api: BotApi, ask: Asker, crew: int) -> None:
    api.fault("sendMessage", 503, chat=crew, nth=2)
    api.fault("sendMessage", "timeout_after", chat=crew, nth=3)
    api.fault("pinChatMessage", 400, chat=crew, migrate_to=-1001)
    ask.client.timeout = httpx.Timeout(0.3)

    def send(chat: int, text: str) -> object:
        try:
            return ask("sendMessage", chat_id=chat, text=text)["ok"]
        except (httpx.TransportError, ValueError) as error:
            return type(error).__name__

    met = [send(chat, str(number)) for number, chat in enumerate([crew, AN, crew, crew, crew])]
    assert met == [True, True, "JSONDecodeError", "ReadTimeout", True]
    assert [one.text for one in api.chat(crew) if one.from_bot][-3:] == ["0", "3", "4"]
    pin = ask("pinChatMessage", chat_id=crew, message_id=1)
    assert pin["parameters"] == {"migrate_to_chat_id": -1001}
    assert pin["description"] == "Bad Request: group chat was upgraded to a supergroup chat"


@pytest.mark.parametrize("kind", [500, 502, 429, 403, "drop"])
def test_a_fault_can_come_after_the_message_was_accepted(
    api: BotApi, ask: Asker, crew: int, kind: str | int
) -> None:
    api.fault("sendMessage", kind, chat=crew, after=True)
    with contextlib.suppress(httpx.TransportError, ValueError):
        ask("sendMessage", chat_id=crew, text="vẫn đứng đó")
    shown = api.last(crew)
    assert shown is not None and shown.text == "vẫn đứng đó"
    assert api.calls("sendMessage")[0].status != 200


def test_a_slow_answer_comes_all_the_same(api: BotApi, ask: Asker) -> None:
    api.fault("*", "slow", seconds=0.2)
    assert ask.yes("getUpdates") == []
    assert ask.yes("getMe")["is_bot"]
    assert api.calls("getMe")[0].fault == "slow"
    with pytest.raises(ValueError, match="unknown fault"):
        api.fault("getMe", "earthquake")


def test_a_flood_is_refused_with_the_true_wait(clock: Clock) -> None:
    with BotApi(clock=clock, limits=Limits()) as api, httpx.Client(trust_env=False) as client:
        ask = Asker(api, client)
        for user in range(100, 140):
            api.user(user, "x")
            api.start(user)
        for text in "abc":
            sent = ask.yes("sendMessage", chat_id=100, text=text)
        edit = {"chat_id": 100, "message_id": sent["message_id"], "text": "d"}
        refused = ask("editMessageText", **edit)
        assert refused["error_code"] == 429
        assert refused["parameters"] == {"retry_after": 1}
        clock.passes(seconds=1)
        ask.yes("editMessageText", **edit)
        for user in range(101, 130):
            ask.yes("sendMessage", chat_id=user, text="x")
        assert ask("sendMessage", chat_id=131, text="x")["parameters"] == {"retry_after": 1}
        assert ask.yes("sendChatAction", chat_id=131, action="typing")
        clock.passes(seconds=0.05)
        ask.yes("sendMessage", chat_id=131, text="x")


MENU = [{"command": "viec", "description": "Việc của tôi"}]


def test_the_menu_of_a_chat_comes_before_the_wider_ones(api: BotApi, ask: Asker) -> None:
    chat = {"type": "chat", "chat_id": AN}
    ask.yes("setMyCommands", commands=[{"command": "start", "description": "Bắt đầu"}])
    ask.yes("setMyCommands", commands=MENU, scope=chat)
    assert api.commands(AN) == [("viec", "Việc của tôi")]
    assert api.commands(BINH) == [("start", "Bắt đầu")]
    assert ask.yes("getMyCommands", scope=chat) == MENU
    assert ask.yes("getMyCommands", scope={"type": "all_private_chats"}) == []
    ask.yes("deleteMyCommands", scope=chat)
    assert api.commands(AN) == [("start", "Bắt đầu")]


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ({"commands": [{"command": "Viec", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "/viec", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "v", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        (
            {"commands": [{"command": "v", "description": "x" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ({"commands": [{"command": "v"}]}, "can't parse BotCommand: Can't find field"),
        ({"commands": MENU * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": MENU, "scope": {"type": "galaxy"}}, "can't parse BotCommandScope: Unsup"),
        ({"commands": MENU, "scope": {"type": "chat"}}, "can't parse BotCommandScope: Empty"),
        ({"commands": MENU, "scope": {"type": "chat", "chat_id": 999}}, "chat not found"),
    ],
)
def test_a_menu_is_refused(ask: Asker, args: dict[str, Any], reason: str) -> None:
    assert ask.no("setMyCommands", **args).startswith(f"Bad Request: {reason}")


def test_users_are_driven_over_http(api: BotApi, ask: Asker) -> None:
    def do(verb: str, **args: Any) -> tuple[int, Any]:
        answer = ask.client.post(f"{api.url}/control/{verb}", json=args)
        return answer.status_code, answer.json()

    assert do("user", id=50, first_name="Cường") == (200, {"result": 50})
    status, sent = do("send_text", user=50, text="xin chào")
    assert status == 200
    do("send_document", user=50, data="JVBERg==", name="a.pdf", mime="application/pdf")
    shown = do("chat", user=50)[1]["result"]
    assert (shown[0]["id"], shown[0]["text"]) == (sent["result"], "xin chào")
    assert shown[1]["files"] == [["document", "a.pdf", 4]]
    assert do("tap", user=50, message_id=1, what="x")[0] == 409
    assert do("send_text", user=50)[0] == 400
    assert do("fly", user=50)[0] == 404
    seen = ask.client.get(f"{api.url}/control/confirmed_offset").json()
    assert seen["result"] == do("confirmed_offset")[1]["result"] == api.confirmed_offset
    do("fault", method="getMe", kind=500)
    assert ask.no("getMe") == "Internal Server Error"
    assert {one["id"] for one in do("users")[1]["result"]} >= {AN, 50}
    assert ask.client.get(f"{api.url}/").headers["content-type"].startswith("text/html")


def test_groups_are_driven_over_http(api: BotApi, ask: Asker) -> None:
    def do(verb: str, **args: Any) -> Any:
        answer = ask.client.post(f"{api.url}/control/{verb}", json=args)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    group = do("create_supergroup", title="Tổ", owner=AN, forum=True)
    do("promote_bot", chat=group, rights=["can_invite_users"])
    topic = do("create_topic", chat=group, name="Vụ 1", by=AN)
    assert do("join", user=BINH, link=do("invite_link", chat=group)) == group
    sent = do("send_text", user=BINH, text="xin chào", chat=group, topic=topic)
    do("pin", chat=group, message_id=sent)
    shown = do("chat", user=group, topic=topic)
    assert [(one["service"], one["about"]) for one in shown] == [
        ("forum_topic_created", "Vụ 1"),
        ("", ""),
        ("pinned_message", "xin chào"),
    ]
    assert (shown[1]["name"], shown[1]["sender"], shown[1]["pinned"]) == ("Bình", BINH, True)
    private, listed = do("chats", user=BINH)
    assert private["id"] == BINH and listed["topics"][0]["name"] == "Vụ 1"
    assert do("groups")[0]["inside"] == [AN, api.state.own, BINH]
    do("leave", user=BINH, chat=group)
    assert len(do("chats", user=BINH)) == 1
    assert str(BINH) not in do("members", chat=group)


def test_the_page_knows_only_verbs_that_there_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    called = set(re.findall(r'\b(?:act|mine|doing|writes|leads)\("(\w+)"', page))
    offered = set(re.findall(r'\["(\w+)", "', page)) - {"forum", "basic", "creator"}
    assert {"chats", "send_text", "chat"} <= called and "add_bot" in offered
    assert called | offered <= ACTS | DESK
