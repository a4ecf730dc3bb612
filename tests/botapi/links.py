"""Invite links and requests to join."""

from typing import Any

from tests.botapi.access import WRITE
from tests.botapi.groups import PLAIN, Group, Link, Wish
from tests.botapi.members import came, change, link_fields, user_id
from tests.botapi.refusal import bad
from tests.botapi.rules import Query
from tests.botapi.state import Person, State

LONGEST_NAME = 32


LINKS = ("can't invite members to a private chat", "chat invite link")
REQUESTS = ("the chat can't have join requests", "chat join requests")


def invited(state: State, query: Query, refusals: tuple[str, str]) -> Group:
    """The group, when the bot may invite into it."""
    chat = state.chat(query, WRITE)
    if isinstance(chat, Person):
        raise bad(refusals[0])
    if not chat.member(state.own).may("can_invite_users"):
        raise bad(f"not enough rights to manage {refusals[1]}")
    return chat


def new_link(state: State, group: Group, creator: int, **more: Any) -> Link:
    """A link of a group."""
    number = sum(len(one.links) for one in state.groups.values()) + 1
    link = Link(f"https://t.me/+Moi{number:013d}", creator, **more)
    group.links.append(link)
    return link


def create(state: State, query: Query) -> Any:
    """createChatInviteLink."""
    group = invited(state, query, LINKS)
    name, request = query.text("name"), query.flag("creates_join_request")
    limit = query.number("member_limit", 0, 0, 100_000)
    expires = query.number("expire_date", 0, 0, 2**31 - 1)
    if len(name) > LONGEST_NAME:
        raise bad("INVITE_TITLE_TOO_LONG")
    if request and limit:
        raise bad("member limit can't be specified for links requiring administrator approval")
    if limit > 99_999:
        raise bad("USAGE_LIMIT_INVALID")
    if expires and expires <= state.clock().timestamp():
        raise bad("EXPIRE_DATE_INVALID")
    link = new_link(
        state, group, state.own, request=request, name=name, limit=limit, expires=expires
    )
    return link_fields(state, link)


def revoke(state: State, query: Query) -> Any:
    """revokeChatInviteLink."""
    group = invited(state, query, LINKS)
    found = [one for one in group.links if one.url == query.text("invite_link")]
    if not found:
        raise bad("INVITE_HASH_EXPIRED")
    found[0].revoked = True
    return link_fields(state, found[0])


def usable(state: State, url: str) -> tuple[Group, Link] | None:
    """The group and the link behind an address, while it opens the group."""
    for group in state.groups.values():
        for link in group.links:
            over = link.expires and state.clock().timestamp() >= link.expires
            full = link.limit and link.joined >= link.limit
            if link.url == url and group.active and not (link.revoked or over or full):
                return group, link
    return None


def ask(state: State, group: Group, user: int, link: Link | None) -> None:
    """A user asks to join; the bot hears it when it may invite."""
    group.wishes[user] = Wish(user, state.clock(), link)
    if not group.member(state.own).may("can_invite_users"):
        return
    body: dict[str, Any] = {
        "chat": group.as_chat(),
        "from": state.user(user),
        "user_chat_id": user,
        "date": int(state.clock().timestamp()),
    }
    if link is not None:
        body["invite_link"] = link_fields(state, link)
    state.updates.add({"chat_join_request": body}, group.id)


def admit(state: State, group: Group, user: int, actor: int) -> None:
    """Lets in somebody who has asked."""
    wish = group.wishes.pop(user)
    change(state, group, user, PLAIN, actor, wish.link, by_request=True)
    came(state, group, [user], user)


def wished(state: State, query: Query) -> tuple[Group, int]:
    """The group and the user whose request is answered."""
    group, user = invited(state, query, REQUESTS), user_id(query)
    if user not in state.people:
        raise bad("USER_ID_INVALID")
    if group.member(user).inside:
        raise bad("USER_ALREADY_PARTICIPANT")
    if user not in group.wishes:
        raise bad("HIDE_REQUESTER_MISSING")
    return group, user


def approve(state: State, query: Query) -> Any:
    """approveChatJoinRequest."""
    admit(state, *wished(state, query), state.own)
    return True


def decline(state: State, query: Query) -> Any:
    """declineChatJoinRequest."""
    group, user = wished(state, query)
    del group.wishes[user]
    return True
