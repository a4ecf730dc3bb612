"""Taking away what is kept of one person: his words in the organisation's journal, his accounts,
what came in from him, what still waits for him. What was told to others stands, and so does what
he did and said in incidents, where he stands by his number."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, or_, select, update

from procedure.codec import canonical
from procedure.entries_organisation import ORGANISATION, PersonRegistered
from procedure.organisation import Person
from storage import journal
from storage.accounts import WEB
from storage.chats import HELD, QUEUED, STALE
from storage.erasure import escaped
from storage.inbox import DONE, FETCH, NEW
from storage.retention import EMPTY
from storage.tables import (
    AccountRow,
    ChatRow,
    ContentRow,
    DraftRow,
    EntryRow,
    InboxRow,
    MessageRow,
    SecretStopRow,
    is_one_of,
)
from storage.tables_rooms import ErrandRow, GroupMemberRow

REASON = "blanked"
#: Asks for a new link, in the chat of the duty officer: the name and number that he typed himself.
LINK_REQUEST = "web#link_request"


def waits(session: Session, person: int) -> int:
    """How many updates of his have come in and are not handled yet."""
    query = select(InboxRow.id).where(
        InboxRow.person == person, is_one_of(InboxRow.state, NEW, FETCH)
    )
    return len(session.exec(query).all())


def in_clear(session: Session, person: int) -> int:
    """How many older entries hold his words inside the chain itself: these can never be erased."""
    return sum(not list(journal.refs(one)) for one in _registered(session, person))


def blank(session: Session, person: Person, shown: str, *, at: datetime) -> None:
    """Erases everything of his but his number; `person` is as he was, `shown` what he is called.

    His roles and sessions have been ended; the chain still verifies.
    """
    own = _own(session, person)
    for told in _registered(session, person.id):
        for ref in journal.refs(told):
            journal.erase(session, ORGANISATION, ref["content"], at=at, why=REASON)
    accounts = session.exec(select(AccountRow).where(AccountRow.person == person.id)).all()
    known = {one.external for one in accounts}
    _inbox(session, person.id, known, at)
    _chats(session, person.id, own, shown, at)
    _rooms(session, person.id, known)
    _link_requests(session, person.id, shown)
    session.exec(delete(AccountRow).where(col(AccountRow.person) == person.id))
    session.exec(delete(DraftRow).where(col(DraftRow.person) == person.id))
    session.flush()


def _registered(session: Session, person: int) -> list[dict[str, Any]]:
    """What each entry that registers him says of him."""
    query = select(EntryRow.body).where(
        EntryRow.stream == ORGANISATION,
        EntryRow.kind == PersonRegistered.__name__,
        col(EntryRow.body).contains(f'"id":{person},', autoescape=True),
    )
    told = [json.loads(body)["data"]["person"] for body in session.exec(query)]
    return [one for one in told if one["id"] == person]


def _own(session: Session, person: Person) -> list[str]:
    """Every name, number and address that was ever his, the longest first."""
    words = {person.name, person.phone, person.email}
    for told in _registered(session, person.id):
        for ref in journal.refs(told):
            told = json.loads(session.get_one(ContentRow, ref["content"]).text or "{}")
        words |= {told.get(name, "") for name in ("name", "phone", "email")}
    return sorted((one for one in words if len(one) > 2), key=len, reverse=True)


def _inbox(session: Session, person: int, known: Collection[str], at: datetime) -> None:
    """The bodies go, with what the messenger tells of him in them; that they came stays."""
    his: ColumnElement[bool] = col(InboxRow.person) == person
    mine = select(InboxRow).where(or_(his, col(InboxRow.lane).in_(known)))
    for row in session.exec(mine).all():
        row.body, row.state, row.handled_at = EMPTY, DONE, row.handled_at or at
        if row.lane in known:
            row.lane = _nobody(row.id)
        session.add(row)


def _chats(session: Session, person: int, own: Collection[str], shown: str, at: datetime) -> None:
    """What waits is not sent; in what stands in his own chats his name and numbers go."""
    for chat in session.exec(select(ChatRow).where(ChatRow.person == person)).all():
        if chat.channel != WEB:
            chat.external, chat.unreachable_at = _nobody(chat.id), at
            session.add(chat)
        session.exec(
            update(MessageRow)
            .where(col(MessageRow.chat) == chat.id, is_one_of(MessageRow.state, QUEUED, HELD))
            .values(state=STALE, superseded=True, why=REASON)
        )
        for row in session.exec(select(MessageRow).where(MessageRow.chat == chat.id)).all():
            _without(row, own, shown)
            row.tidied = True  # Nobody can reach what the messenger shows of it any more.
            session.add(row)


def _without(row: MessageRow, own: Collection[str], shown: str) -> None:
    for words in own:
        row.text = row.text.replace(words, shown)
        row.facts = row.facts.replace(escaped(words), escaped(shown))
        row.choices = row.choices.replace(escaped(words), escaped(shown))


def _rooms(session: Session, person: int, known: Collection[str]) -> None:
    """In groups his account has no name any more; where it still is, it stays known as one that
    is nobody's, until it has left."""
    members = select(GroupMemberRow).where(col(GroupMemberRow.account).in_(known))
    for member in session.exec(members).all():
        member.name = ""
        if member.left_at is not None:
            member.account = _nobody(member.id)
        session.add(member)
    for account in known:
        session.exec(
            update(ErrandRow)
            .where(
                col(ErrandRow.done_at).is_not(None),
                col(ErrandRow.data).contains(f'"account":"{account}"', autoescape=True),
            )
            .values(data=EMPTY)
        )
    stops = select(SecretStopRow).where(
        SecretStopRow.person == person, col(SecretStopRow.deleted_at).is_not(None)
    )
    for stop in session.exec(stops).all():
        stop.place = None
        session.add(stop)


def _link_requests(session: Session, person: int, shown: str) -> None:
    asked = select(MessageRow).where(
        MessageRow.template == LINK_REQUEST,
        col(MessageRow.facts).contains(f'"who":{person}', autoescape=True),
    )
    for row in session.exec(asked).all():
        facts = json.loads(row.facts)
        if facts["who"] == person:
            row.text = row.text.replace(facts["name"], shown).replace(facts["phone"], shown)
            row.facts = canonical({**facts, "name": shown, "phone": ""})
            session.add(row)


def _nobody(row: int | None) -> str:
    """What stands instead of an account's number at the messenger: unique, and nobody's."""
    return f"blanked:{row}"
