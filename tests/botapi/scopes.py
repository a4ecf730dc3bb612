"""Menus of commands: for whom, and which one a client shows."""

from typing import Any

from tests.botapi import rules
from tests.botapi.access import WRITE
from tests.botapi.groups import Group
from tests.botapi.refusal import bad
from tests.botapi.rules import Query
from tests.botapi.state import MenuKey, State

WIDE = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
NARROW = ("chat", "chat_administrators", "chat_member")


def unreadable(reason: str) -> Exception:
    """The refusal of a scope."""
    return bad(f"can't parse BotCommandScope: {reason}")


def key(state: State, query: Query) -> MenuKey:
    """Whose menu, in which language."""
    value = query.json("scope", "BotCommandScope")
    if value is None:
        value = {"type": "default"}
    if not isinstance(value, dict):
        raise unreadable("BotCommandScope must be an Object")
    language = query.text("language_code")
    if language and (len(language) != 2 or not language.isalpha() or not language.islower()):
        raise bad("invalid language code specified")
    kind = value.get("type")
    if kind is None:
        raise unreadable('Can\'t find field "type"')
    if kind in WIDE:
        return str(kind), None, None, language
    if kind not in NARROW:
        raise unreadable("Unsupported type specified")
    return str(kind), *whose(state, str(kind), value), language


def whose(state: State, kind: str, value: dict[str, Any]) -> tuple[int, int | None]:
    """The chat and the user of a narrow scope."""
    if not value.get("chat_id"):
        raise unreadable("Empty chat_id specified")
    user = None
    if kind == "chat_member":
        if "user_id" not in value:
            raise unreadable('Can\'t find field "user_id"')
        user = number(value["user_id"])
        if user <= 0:
            raise unreadable("Invalid user_id specified")
    chat = state.chat_of(number(value["chat_id"]), WRITE)
    if kind != "chat" and not isinstance(chat, Group):
        raise bad("can't use specified scope in private chats")
    if user is not None and user not in state.people:
        raise bad("user not found")
    return chat.id, user


def number(value: Any) -> int:
    """A number that may come as text; 0 for what is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def set_commands(state: State, query: Query) -> Any:
    """setMyCommands."""
    commands = rules.commands(query)
    state.menus[key(state, query)] = commands
    return True


def get_commands(state: State, query: Query) -> Any:
    """getMyCommands: of exactly that scope and language."""
    return state.menus.get(key(state, query), [])


def delete_commands(state: State, query: Query) -> Any:
    """deleteMyCommands: the next wider scope shows again."""
    state.menus.pop(key(state, query), None)
    return True


def shown(state: State, user: int, chat: int) -> list[dict[str, str]]:
    """The menu that the user's client shows in a chat: of the narrowest scope that has one."""
    group = state.groups.get(chat)
    wanted: list[tuple[str, int | None, int | None]] = []
    if group is None:
        wanted = [("chat", chat, None), ("all_private_chats", None, None)]
    else:
        admin = group.member(user).admin
        wanted = [("chat_member", chat, user)]
        wanted += [("chat_administrators", chat, None)] if admin else []
        wanted += [("chat", chat, None)]
        wanted += [("all_chat_administrators", None, None)] if admin else []
        wanted += [("all_group_chats", None, None)]
    for kind, where, whom in [*wanted, ("default", None, None)]:
        for language in ("vi", ""):
            menu = state.menus.get((kind, where, whom, language))
            if menu:
                return menu
    return []
