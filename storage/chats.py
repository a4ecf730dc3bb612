"""Chats and their messages: what people wrote and the prompts of the bot (the outbox)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel import update as change

from procedure.codec import canonical
from storage.tables import ChatRow, MessageRow

BOT, PERSON = "bot", "person"
#: The key of a line in a room begins so; behind it stands the update it came in with.
SAID = "said:"
QUEUED, SENT, STALE, FAILED = "queued", "sent", "stale", "failed"
#: Waits to be one line of a list, and is one; nobody sees it by itself.
HELD, MERGED = "held", "merged"
#: Under this name a session keeps what it has queued.
ENQUEUED = "enqueued"


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What is to be said to a person: a template, its facts and the choices under it.

    `about` names the card that it replaces; `key` makes it unique for ever; `duties` are
    the (stream, key) pairs that a ring speaks of, re-checked before it is sent.
    """

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Mapping[str, Any]] = ()
    stream: str | None = None
    about: str | None = None
    key: str | None = None
    duties: Sequence[tuple[str, str]] = ()
    rings: bool = False
    drill: bool = False
    files: Sequence[Mapping[str, Any]] = ()


def chat_of(session: Session, channel: str, external: str, person: int) -> ChatRow:
    """The chat of a person on a channel, made when it is new."""
    row = session.exec(
        select(ChatRow).where(ChatRow.channel == channel, ChatRow.external == external)
    ).first()
    if row is None:
        row = ChatRow(channel=channel, external=external, person=person)
        session.add(row)
        session.flush()
    return row


def chats_of(session: Session, person: int) -> list[ChatRow]:
    """All chats of a person, the last used first."""
    rows = session.exec(select(ChatRow).where(ChatRow.person == person)).all()
    return sorted(
        rows, key=lambda row: row.seen_at.isoformat() if row.seen_at else "", reverse=True
    )


def said(
    session: Session,
    chat: ChatRow,
    text: str,
    *,
    at: datetime,
    files: Sequence[Mapping[str, Any]] = (),
    reply_to: int | None = None,
    author: int | None = None,
    update: int | None = None,
) -> MessageRow:
    """What a person wrote, in its place in the chat.

    In a room, whose chat is nobody's, `author` names him and `update` what it came in with.
    """
    row = MessageRow(
        chat=_id(chat),
        seq=_next(session, chat),
        person=chat.person if author is None else author,
        key=f"{SAID}{update}" if update else None,
        sender=PERSON,
        state=SENT,
        text=text,
        files=canonical(list(files)),
        reply_to=reply_to,
        created_at=at,
        sent_at=at,
    )
    session.add(row)
    session.flush()
    return row


def enqueue(session: Session, chat: ChatRow, prompt: Prompt, *, at: datetime) -> MessageRow | None:
    """Puts a prompt into a chat; None when one with its key was there before."""
    known = select(MessageRow.id).where(MessageRow.key == prompt.key)
    if prompt.key and session.exec(known).first():
        return None
    if prompt.about:
        supersede(session, _id(chat), prompt.about)
    row = MessageRow(
        chat=_id(chat),
        seq=_next(session, chat),
        person=chat.person,
        sender=BOT,
        template=prompt.template,
        facts=canonical(prompt.facts),
        choices=canonical(list(prompt.choices)),
        stream=prompt.stream,
        about=prompt.about,
        key=prompt.key,
        duties=canonical([list(pair) for pair in prompt.duties]),
        rings=prompt.rings,
        drill=prompt.drill,
        files=canonical(list(prompt.files)),
        created_at=at,
    )
    session.add(row)
    session.flush()
    session.info.setdefault(ENQUEUED, set()).add(row.id)
    return row


def supersede(session: Session, chat: int, *about: str) -> None:
    """Marks the live prompts about these things in a chat as moved on."""
    session.exec(
        change(MessageRow)
        .where(
            col(MessageRow.chat) == chat,
            col(MessageRow.about).in_(about),
            col(MessageRow.superseded).is_(False),
            col(MessageRow.answered).is_(None),
        )
        .values(superseded=True)
    )


#: The answer of a prompt that was answered with words instead of a button.
IN_WORDS = 0


def answered_in_words(session: Session, chat: int, about: str) -> None:
    """Marks the live prompts about one thing in a chat as answered by what was typed."""
    session.exec(
        change(MessageRow)
        .where(
            col(MessageRow.chat) == chat,
            col(MessageRow.about) == about,
            col(MessageRow.superseded).is_(False),
            col(MessageRow.answered).is_(None),
        )
        .values(answered=IN_WORDS)
    )


def thread(session: Session, chat: int, after: int, limit: int) -> list[MessageRow]:
    """The messages of a chat behind `after`; with `after` 0 the newest `limit`."""
    query = select(MessageRow).where(
        MessageRow.chat == chat, col(MessageRow.seq) > after, MessageRow.state == SENT
    )
    rows = session.exec(query.order_by(col(MessageRow.seq).desc()).limit(limit)).all()
    return list(reversed(rows))


def open_prompts(session: Session, chat: int) -> list[MessageRow]:
    """Prompts with choices that wait for an answer, newest first."""
    rows = session.exec(
        select(MessageRow)
        .where(
            MessageRow.chat == chat,
            MessageRow.sender == BOT,
            MessageRow.choices != "[]",
            col(MessageRow.answered).is_(None),
            col(MessageRow.superseded).is_(False),
            col(MessageRow.state).not_in((HELD, MERGED)),
        )
        .order_by(col(MessageRow.seq).desc())
        .limit(50)
    ).all()
    return list(rows)


def unshown(session: Session, since: datetime) -> list[MessageRow]:
    """Prompts that ask something of a person and that he has not been seen to see.

    Created after `since`, not yet looked at whether another channel must tell them too.
    """
    rows = session.exec(
        select(MessageRow)
        .where(
            MessageRow.sender == BOT,
            MessageRow.duties != "[]",
            col(MessageRow.passed_on).is_(False),
            col(MessageRow.shown_at).is_(None),
            col(MessageRow.superseded).is_(False),
            col(MessageRow.answered).is_(None),
            MessageRow.taken == "[]",
            col(MessageRow.state).not_in((STALE, HELD, MERGED)),
            col(MessageRow.created_at) >= since,
        )
        .order_by(col(MessageRow.id))
    ).all()
    return list(rows)


def copies(session: Session, row: MessageRow) -> list[MessageRow]:
    """The copies of one thing on all channels, itself among them."""
    first = row.origin or row.id
    rows = session.exec(
        select(MessageRow).where((col(MessageRow.id) == first) | (MessageRow.origin == first))
    ).all()
    return list(rows)


def copy_to(session: Session, row: MessageRow, chat: ChatRow, *, at: datetime) -> MessageRow:
    """The same thing once more, in another chat of the same person."""
    again = MessageRow(
        chat=_id(chat),
        seq=_next(session, chat),
        person=row.person,
        sender=BOT,
        template=row.template,
        facts=row.facts,
        choices=row.choices,
        stream=row.stream,
        about=row.about,
        key=f"{row.key}@{chat.id}" if row.key else None,
        duties=row.duties,
        rings=row.rings,
        drill=row.drill,
        files=row.files,
        origin=row.origin or row.id,
        taken=row.taken,
        created_at=at,
    )
    session.add(again)
    session.flush()
    session.info.setdefault(ENQUEUED, set()).add(again.id)
    return again


def settle_copies(session: Session, row: MessageRow) -> None:
    """One copy was answered: the others ask no more."""
    for other in copies(session, row):
        if other.id != row.id and other.answered is None:
            other.superseded = True
            session.add(other)
    session.flush()


def shown(session: Session, chat: ChatRow, seq: int, at: datetime) -> int:
    """His page has shown everything up to `seq`. Returns how many that is news for."""
    rows = session.exec(
        select(MessageRow).where(
            MessageRow.chat == chat.id,
            MessageRow.sender == BOT,
            col(MessageRow.seq) <= seq,
            col(MessageRow.shown_at).is_(None),
            MessageRow.state == SENT,
        )
    ).all()
    for row in rows:
        row.shown_at = at
        session.add(row)
    chat.shown_seq = max(chat.shown_seq, min(seq, chat.last_seq))
    chat.seen_at = at
    session.add(chat)
    return len(rows)


def choices_of(row: MessageRow) -> list[dict[str, Any]]:
    """The choices under a prompt, in order; number n is the n-th from 1."""
    found: list[dict[str, Any]] = json.loads(row.choices)
    return found


def facts_of(row: MessageRow) -> dict[str, Any]:
    """The facts of a prompt."""
    found: dict[str, Any] = json.loads(row.facts)
    return found


def taken_of(row: MessageRow) -> frozenset[int]:
    """The numbers of the choices that are gone while the others wait."""
    return frozenset(json.loads(row.taken))


def open_choices(row: MessageRow) -> list[tuple[int, dict[str, Any]]]:
    """The choices that are still offered under a prompt, each with its number."""
    gone = taken_of(row)
    return [(n, one) for n, one in enumerate(choices_of(row), 1) if n not in gone]


def duty_of(do: Mapping[str, Any]) -> tuple[str, str] | None:
    """The (stream, key) of the duty that a receipt or a call for help speaks of, else None."""
    if do.get("act") == "AcknowledgeDuty":
        return do["stream"], do["data"]["duty"]
    if do.get("open") == "help_wanted":
        return do["stream"], do["args"]["duty"]
    return None


def take(session: Session, row: MessageRow, numbers: Collection[int]) -> None:
    """Takes single choices away from a prompt and its copies; the others wait on."""
    for one in copies(session, row):
        _take(session, one, numbers)
    session.flush()


def _take(session: Session, row: MessageRow, numbers: Collection[int]) -> None:
    before = taken_of(row)
    gone = before.union(numbers)
    if gone != before:
        row.taken, row.trim = canonical(sorted(gone)), True
        session.add(row)


def _next(session: Session, chat: ChatRow) -> int:
    chat.last_seq += 1
    session.add(chat)
    session.flush()
    return chat.last_seq


def _id(chat: ChatRow) -> int:
    assert chat.id is not None
    return chat.id


def settle(session: Session, stream: str, *, standing: frozenset[str]) -> None:
    """Takes the buttons off every live prompt of an incident none of whose duties stands.

    Of a prompt that has a duty left, only what asks for one that is met.
    """
    rows = session.exec(
        select(MessageRow).where(
            MessageRow.stream == stream,
            MessageRow.duties != "[]",
            col(MessageRow.answered).is_(None),
            col(MessageRow.superseded).is_(False),
        )
    ).all()
    for row in rows:
        keys = {key for of, key in json.loads(row.duties) if of == stream}
        others = [of for of, _ in json.loads(row.duties) if of != stream]
        if keys and not keys & standing and not others:
            row.superseded = True
            session.add(row)
            continue
        asked = {n: duty_of(one["do"]) for n, one in open_choices(row)}
        met = [n for n, of in asked.items() if of and of[0] == stream and of[1] not in standing]
        _take(session, row, met)
    session.flush()


def withdraw(session: Session, stream: str) -> None:
    """Takes the buttons off every live prompt of an incident that lies in another file now.

    A ring about duties of several incidents keeps them, for the sake of the others.
    """
    rows = session.exec(
        select(MessageRow).where(
            MessageRow.stream == stream,
            MessageRow.choices != "[]",
            col(MessageRow.answered).is_(None),
            col(MessageRow.superseded).is_(False),
        )
    ).all()
    for row in rows:
        if all(of == stream for of, _ in json.loads(row.duties)):
            row.superseded = True
            session.add(row)
    session.flush()
