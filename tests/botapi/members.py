"""Who is in a group: the methods about members, and the updates that a change makes."""

from typing import Any

from tests.botapi.access import READ, WRITE
from tests.botapi.groups import KICKED, OUTSIDE, PLAIN, Group, Link, Member
from tests.botapi.hearing import service
from tests.botapi.refusal import bad
from tests.botapi.rules import Query
from tests.botapi.state import Person, State

NO_RIGHTS = "not enough rights to restrict/unrestrict chat member"


def change(
    state: State,
    group: Group,
    user: int,
    new: Member,
    actor: int,
    link: Link | None = None,
    by_request: bool = False,
) -> None:
    """Lets a user stand to a group otherwise than before, and tells the bot what it may hear.

    Of itself it hears always (`my_chat_member`), of others only while it is an administrator
    (`chat_member`, which it must have asked for).
    """
    old = group.member(user)
    if old == new:
        return
    group.members.pop(user, None)
    group.members[user] = new
    own = user == state.own
    group.known = group.known or (own and new.inside)
    body: dict[str, Any] = {
        "chat": group.as_chat(),
        "from": state.user(actor),
        "date": int(state.clock().timestamp()),
        "old_chat_member": shown(state, group, user, old),
        "new_chat_member": shown(state, group, user, new),
    }
    if link is not None:
        body["invite_link"] = link_fields(state, link)
    if by_request:
        body["via_join_request"] = True
    if own or group.member(state.own).admin:
        state.updates.add({"my_chat_member" if own else "chat_member": body}, group.id)


def shown(state: State, group: Group, user: int, member: Member) -> dict[str, Any]:
    """The API's ChatMember; a basic group knows nobody who is banned, only who is not in it."""
    if group.basic and member.status == "kicked":
        member = OUTSIDE
    return member.fields(state.user(user), group.kind)


def link_fields(state: State, link: Link) -> dict[str, Any]:
    """The API's ChatInviteLink."""
    found: dict[str, Any] = {
        "invite_link": link.url,
        "creator": state.user(link.creator),
        "creates_join_request": link.request,
        "is_primary": False,
        "is_revoked": link.revoked,
    }
    found |= {"name": link.name} if link.name else {}
    found |= {"expire_date": link.expires} if link.expires else {}
    return found | ({"member_limit": link.limit} if link.limit else {})


def came(state: State, group: Group, users: list[int], actor: int) -> None:
    """The service message that people have come, by themselves or added by another."""
    joined = [state.user(user) for user in users]
    content: dict[str, Any] = {"new_chat_participant": joined[0], "new_chat_member": joined[0]}
    service(state, group, actor, content | {"new_chat_members": joined})


def went(state: State, group: Group, user: int, actor: int) -> None:
    """The service message that somebody has gone, by himself or removed by another."""
    gone = state.user(user)
    service(state, group, actor, {"left_chat_participant": gone, "left_chat_member": gone})


def user_id(query: Query) -> int:
    """`user_id` of a request."""
    number = query.number("user_id", 0, 0, 2**52)
    if number <= 0:
        raise bad("invalid user_id specified")
    return number


def get_chat_member(state: State, query: Query) -> Any:
    """getChatMember: somebody whom Telegram does not know is refused, a stranger has left. The
    bot may ask about itself wherever it may read."""
    user = user_id(query)
    chat = state.chat(query, READ if user == state.own else WRITE)
    if user != state.own and user not in state.people:
        raise bad("member not found")
    if isinstance(chat, Person):
        if user not in (chat.id, state.own):
            raise bad("member not found")
        return PLAIN.fields(state.user(user), "private")
    return shown(state, chat, user, chat.member(user))


def get_member_count(state: State, query: Query) -> Any:
    """getChatMemberCount, the bot counted."""
    chat = state.chat(query, WRITE)
    return 2 if isinstance(chat, Person) else len(chat.inside())


def get_administrators(state: State, query: Query) -> Any:
    """getChatAdministrators."""
    chat = state.chat(query, WRITE)
    if isinstance(chat, Person):
        raise bad("there are no administrators in the private chat")
    return [shown(state, chat, user, one) for user, one in chat.members.items() if one.admin]


def managed(state: State, query: Query) -> tuple[Group, int]:
    """The group and the user that a ban is about, when the bot may ban."""
    chat, user = state.chat(query, WRITE), user_id(query)
    if isinstance(chat, Person):
        raise bad("can't ban members in private chats")
    if user != state.own and user not in state.people:
        raise bad("PARTICIPANT_ID_INVALID")
    if not chat.member(state.own).may("can_restrict_members"):
        basic = "need to be inviter of a user to kick it from a basic group"
        raise bad(basic if chat.basic else NO_RIGHTS)
    return chat, user


def ban(state: State, query: Query) -> Any:
    """banChatMember: out of the group, and not in again; of a basic group only out."""
    group, user = managed(state, query)
    old = group.member(user)
    if old.status == "creator":
        raise bad("can't remove chat owner")
    if user == state.own:
        raise bad("can't restrict self")
    if old.admin:
        raise bad("user is an administrator of the chat")
    group.wishes.pop(user, None)
    change(state, group, user, OUTSIDE if group.basic else KICKED, state.own)
    if old.inside:
        went(state, group, user, state.own)
    return True


def unban(state: State, query: Query) -> Any:
    """unbanChatMember: a member is put out unless `only_if_banned`."""
    chat = state.chat(query, WRITE)
    if isinstance(chat, Person) or chat.basic:
        raise bad("method is available for supergroup and channel chats only")
    group, user = managed(state, query)
    old = group.member(user)
    if old.status == "creator":
        raise bad("can't remove chat owner")
    if old.inside and query.flag("only_if_banned"):
        return True
    if old.admin:
        raise bad("user is an administrator of the chat")
    change(state, group, user, OUTSIDE, state.own)
    if old.inside:
        went(state, group, user, state.own)
    return True


def leave(state: State, query: Query) -> Any:
    """leaveChat."""
    chat = state.chat(query, WRITE)
    if isinstance(chat, Person):
        raise bad("can't leave private chats")
    change(state, chat, state.own, OUTSIDE, state.own)
    went(state, chat, state.own, state.own)
    return True
