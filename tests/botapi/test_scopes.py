"""Menus of commands in groups: which scope shows to whom, and which is refused."""

from typing import Any

import pytest

from tests.botapi.conftest import AN, BINH, STRANGER, Asker
from tests.botapi.driver import BotApi


def menu(name: str) -> list[dict[str, str]]:
    """A menu of one command."""
    return [{"command": name, "description": name}]


def test_the_narrowest_scope_shows(api: BotApi, ask: Asker, crew: int) -> None:
    def seen() -> tuple[str, str]:
        return tuple(api.commands(user, crew)[0][0] for user in (AN, BINH))  # type: ignore[return-value]

    steps: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"type": "default"}, ("s0", "s0")),
        ({"type": "all_private_chats"}, ("s0", "s0")),
        ({"type": "all_group_chats"}, ("s2", "s2")),
        ({"type": "all_chat_administrators"}, ("s3", "s2")),
        ({"type": "chat", "chat_id": crew}, ("s4", "s4")),
        ({"type": "chat_administrators", "chat_id": str(crew)}, ("s5", "s4")),
        ({"type": "chat_member", "chat_id": crew, "user_id": BINH}, ("s5", "s6")),
    ]
    for number, (scope, expected) in enumerate(steps):
        ask.yes("setMyCommands", commands=menu(f"s{number}"), scope=scope)
        assert seen() == expected
        assert ask.yes("getMyCommands", scope=scope) == menu(f"s{number}")
    assert api.commands(AN) == [("s1", "s1")], "in the chat with the bot"
    for scope, _ in reversed(steps[2:]):
        assert ask.yes("deleteMyCommands", scope=scope) is True
    assert seen() == ("s0", "s0")


def test_a_menu_has_a_language(api: BotApi, ask: Asker, crew: int) -> None:
    scope = {"type": "chat", "chat_id": crew}
    ask.yes("setMyCommands", commands=menu("all"), scope=scope)
    ask.yes("setMyCommands", commands=menu("vi"), scope=scope, language_code="vi")
    assert api.commands(BINH, crew) == [("vi", "vi")]
    bad = ask.no("setMyCommands", commands=menu("x"), language_code="vie")
    assert bad == "Bad Request: invalid language code specified"


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ({}, "can't parse BotCommandScope: Can't find field \"type\""),
        ({"type": "galaxy"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat"}, "can't parse BotCommandScope: Empty chat_id specified"),
        ({"type": "chat", "chat_id": -5}, "chat not found"),
        (
            {"type": "chat_administrators", "chat_id": AN},
            "can't use specified scope in private chats",
        ),
        (
            {"type": "chat_member", "chat_id": AN, "user_id": AN},
            "can't use specified scope in private chats",
        ),
    ],
)
def test_a_scope_is_refused(ask: Asker, scope: dict[str, Any], reason: str) -> None:
    for method in ("setMyCommands", "getMyCommands", "deleteMyCommands"):
        assert ask.no(method, commands=menu("x"), scope=scope) == f"Bad Request: {reason}"


def test_a_member_is_named_by_a_number(ask: Asker, crew: int) -> None:
    def no(**more: Any) -> str:
        scope = {"type": "chat_member", "chat_id": crew, **more}
        return ask.no("setMyCommands", commands=menu("x"), scope=scope)

    unreadable = "Bad Request: can't parse BotCommandScope: "
    assert no() == unreadable + 'Can\'t find field "user_id"'
    assert no(user_id=0) == unreadable + "Invalid user_id specified"
    assert no(user_id=999) == "Bad Request: user not found"
    scope = {"type": "chat_member", "chat_id": crew, "user_id": STRANGER}
    assert ask.yes("setMyCommands", commands=menu("x"), scope=scope) is True


def test_a_scope_of_a_lost_group_is_refused(api: BotApi, ask: Asker, crew: int) -> None:
    api.remove_bot(crew)
    scope = {"type": "chat", "chat_id": crew}
    body = ask("setMyCommands", commands=menu("x"), scope=scope)
    assert body["description"] == "Forbidden: bot was kicked from the supergroup chat"
