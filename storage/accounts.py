"""Accounts on messengers: whose they are, and the chats that they open."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as raw_select
from sqlmodel import Session, col, select

from storage import chats
from storage.prepared import Prepared
from storage.tables import AccountRow, ChatRow, metadata

#: The web needs no account: whoever is registered has his page.
WEB = "web"
#: Nobody's id: the chat of an account that is linked to no person.
STRANGER = 0
_ROWS = metadata.tables["accounts"]
#: Whose an account is now.
OWNER = raw_select(_ROWS.c.person).where(
    _ROWS.c.channel == bindparam("channel"),
    _ROWS.c.external == bindparam("account"),
    _ROWS.c.ended_at.is_(None),
)
_LINKED = Prepared(OWNER)


def linked(session: Session, channel: str, external: str) -> int | None:
    """Whose an account is now, or None."""
    found: int | None = _LINKED.value(session, channel=channel, account=external)
    return found


def link(session: Session, channel: str, external: str, person: int, at: datetime) -> ChatRow:
    """Makes an account a person's own and returns its chat there.

    What an earlier owner of the account was told stays his: his chat is put aside.
    """
    row = _row(session, channel, external) or AccountRow(
        channel=channel, external=external, person=person, linked_at=at
    )
    row.person, row.linked_at, row.ended_at = person, at, None
    session.add(row)
    chat = chats.chat_of(session, channel, external, person)
    if chat.person not in (person, STRANGER):
        chat.external = f"{external}:{chat.id}"
        chat.unreachable_at = at
        session.add(chat)
        session.flush()
        chat = chats.chat_of(session, channel, external, person)
    chat.person, chat.unreachable_at, chat.seen_at = person, None, at
    session.add(chat)
    session.flush()
    return chat


def unlink(session: Session, channel: str, external: str, at: datetime) -> int | None:
    """Ends an account at once; nothing more is sent there. Returns whose it was."""
    row = _row(session, channel, external)
    if row is None or row.ended_at:
        return None
    row.ended_at = at
    session.add(row)
    chat = chats.chat_of(session, channel, external, row.person)
    unreachable(session, chat, at)
    return row.person


def unreachable(session: Session, chat: ChatRow, at: datetime | None) -> None:
    """Nothing can be sent into a chat from now on; with None it can again."""
    chat.unreachable_at = at
    session.add(chat)
    session.flush()


def reach(
    session: Session, person: int, channels: Collection[str], *, but: Collection[int] = ()
) -> list[ChatRow]:
    """The chats in which a person can be told something now, the last used first.

    The web stands always among them; `but` names chats that are left out, by id.
    """
    known = [
        chat
        for chat in chats.chats_of(session, person)
        if chat.channel in channels and chat.unreachable_at is None
    ]
    if all(chat.channel != WEB for chat in known):
        known.append(chats.chat_of(session, WEB, str(person), person))
    return [chat for chat in known if chat.id not in but]


def of_person(session: Session, person: int) -> list[AccountRow]:
    """The accounts that are a person's now."""
    rows = session.exec(
        select(AccountRow).where(AccountRow.person == person, col(AccountRow.ended_at).is_(None))
    ).all()
    return list(rows)


def all_reachable(session: Session) -> list[tuple[int, str]]:
    """Every account that is somebody's now and in which he has not shut us out: whose, and on
    which channel."""
    shut = (
        select(ChatRow.id)
        .where(
            ChatRow.channel == AccountRow.channel,
            ChatRow.external == AccountRow.external,
            col(ChatRow.unreachable_at).is_not(None),
        )
        .exists()
    )
    rows = session.exec(
        select(AccountRow.person, AccountRow.channel).where(
            col(AccountRow.ended_at).is_(None), ~shut
        )
    ).all()
    return list(rows)


def _row(session: Session, channel: str, external: str) -> AccountRow | None:
    return session.exec(
        select(AccountRow).where(AccountRow.channel == channel, AccountRow.external == external)
    ).first()
