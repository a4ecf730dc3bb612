"""Chats and their messages: what people wrote and the prompts of the bot (the outbox)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy import select as raw_select
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from procedure.codec import canonical
from storage import loose_files
from storage.lines import CHATS as _CHATS
from storage.lines import COLUMNS, AnyLine, Line
from storage.lines import LINES as _LINES
from storage.prepared import Prepared, PreparedInsert, PreparedModel, made_in
from storage.tables import ChatRow, MessageRow, is_one_of

BOT, PERSON = "bot", "person"
#: The key of a line in a room begins so; behind it stands the update it came in with.
SAID = "said:"
QUEUED, SENT, STALE, FAILED = "queued", "sent", "stale", "failed"
#: Waits to be one line of a list, and is one; nobody sees it by itself.
HELD, MERGED = "held", "merged"
_COUNT_ON = Prepared(
    update(_CHATS).where(_CHATS.c.id == bindparam("chat")).values(last_seq=bindparam("counted"))
)
_CHAT_OF = PreparedModel(
    ChatRow,
    _CHATS.c.channel == bindparam("channel"),
    _CHATS.c.external == bindparam("external"),
)
_CHATS_OF = PreparedModel(ChatRow, _CHATS.c.person == bindparam("person"))
_SEEN = Prepared(
    update(_CHATS)
    .where(_CHATS.c.id == bindparam("chat"))
    .values(
        seen_at=bindparam("at"),
        unreachable_at=bindparam("away"),
        last_seq=bindparam("counted"),
    )
)
_KNOWN = Prepared(raw_select(_LINES.c.id).where(_LINES.c.key == bindparam("key")))
#: A line as it is put, but for what is told of it.
_PLAIN: Mapping[str, Any] = {
    "state": QUEUED,
    "template": "",
    "facts": "{}",
    "choices": "[]",
    "text": "",
    "files": "[]",
    "stream": None,
    "about": None,
    "key": None,
    "duties": "[]",
    "rings": False,
    "drill": False,
    "answered": None,
    "superseded": False,
    "reply_to": None,
    "sent_at": None,
    "shown_at": None,
    "origin": None,
    "passed_on": False,
    "tidied": False,
    "taken": "[]",
    "trim": False,
    "why": "",
}
_PUT = PreparedInsert(_LINES)


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What is to be said to a person: a template, its facts and the choices under it.

    `about` names the card that it replaces, `replaces` others that it replaces as well; `key`
    makes it unique for ever; `duties` are the (stream, key) pairs that a ring speaks of,
    re-checked before it is sent.
    """

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Mapping[str, Any]] = ()
    stream: str | None = None
    about: str | None = None
    replaces: Collection[str] = ()
    key: str | None = None
    duties: Sequence[tuple[str, str]] = ()
    rings: bool = False
    drill: bool = False
    files: Sequence[Mapping[str, Any]] = ()


def chat_of(session: Session, channel: str, external: str, person: int) -> ChatRow:
    """The chat of a person on a channel, made when it is new."""
    row = _CHAT_OF.first(session, channel=channel, external=external)
    if row is None:
        row = ChatRow(channel=channel, external=external, person=person)
        session.add(row)
        session.flush()
    return row


def seen(session: Session, chat: ChatRow, at: datetime, *, reached: bool) -> None:
    """Somebody has tapped or written in a chat; when he is `reached` it takes messages again."""
    _seen(session, chat, at, reached, 0)


def _seen(session: Session, chat: ChatRow, at: datetime, reached: bool, more: int) -> int:
    """Counts on by so many lines in the same statement; returns the number of the last one."""
    away, seq = None if reached else chat.unreachable_at, chat.last_seq + more
    _SEEN.run(session, chat=_id(chat), at=at, away=away, counted=seq)
    for name, value in (("seen_at", at), ("unreachable_at", away), ("last_seq", seq)):
        set_committed_value(chat, name, value)
    return seq


def chats_of(session: Session, person: int) -> list[ChatRow]:
    """All chats of a person, the last used first."""
    rows = _CHATS_OF.all(session, person=person)
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
    reached: bool | None = None,
) -> int:
    """What a person wrote, in its place in the chat; returns the line's number.

    In a room, whose chat is nobody's, `author` names him and `update` what it came in with. With
    `reached` it is noted too that he was `seen`.
    """
    seq = None if reached is None else _seen(session, chat, at, reached, 1)
    return _put(
        session,
        chat,
        seq,
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


def enqueue(session: Session, chat: ChatRow, prompt: Prompt, *, at: datetime) -> int | None:
    """Puts a prompt into a chat and returns its number; None when one with its key was there."""
    if prompt.key and has_key(session, prompt.key):
        return None
    gone = {prompt.about, *prompt.replaces} if prompt.about else prompt.replaces
    if gone:
        supersede(session, _id(chat), *sorted(one for one in gone if one))
    return _queue(
        session,
        chat,
        template=prompt.template,
        facts=canonical(prompt.facts),
        choices=canonical(list(prompt.choices)),
        stream=prompt.stream,
        about=prompt.about,
        key=prompt.key,
        duties=canonical([list(pair) for pair in prompt.duties]),
        rings=prompt.rings,
        drill=prompt.drill,
        files=canonical(loose_files.without_erased(session, prompt.files)),
        created_at=at,
    )


def has_key(session: Session, key: str) -> bool:
    """Whether a prompt with this key was ever put into a chat."""
    return _KNOWN.first(session, key=key) is not None


def _queue(session: Session, chat: ChatRow, **told: Any) -> int:
    made = _put(session, chat, **{"person": chat.person, **told, "sender": BOT})
    made_in(session).append(made)
    return made


def _put(session: Session, chat: ChatRow, seq: int | None = None, /, **told: Any) -> int:
    """The next line of a chat; `seq` when it was counted already."""
    if seq is None:
        seq = chat.last_seq + 1
        _COUNT_ON.run(session, chat=_id(chat), counted=seq)
        set_committed_value(chat, "last_seq", seq)
    return _PUT.put(session, **{**_PLAIN, **told, "chat": chat.id, "seq": seq})


def supersede(session: Session, chat: int, *about: str) -> None:
    """Marks the live prompts about these things in a chat as moved on."""
    _end(session, chat, about, {"superseded": True})


_MESSAGE = PreparedModel(MessageRow, _LINES.c.id == bindparam("one"))
_ANSWERED = Prepared(
    update(_LINES).where(_LINES.c.id == bindparam("one")).values(answered=bindparam("n"))
)


def answered_by(session: Session, row: MessageRow, n: int) -> None:
    """Choice `n` of a prompt was made."""
    _ANSWERED.run(session, one=row.id, n=n)
    set_committed_value(row, "answered", n)


def message(session: Session, id: int | None) -> MessageRow:
    """One line, to be changed. Raises LookupError."""
    row = _MESSAGE.first(session, one=id)
    if row is None:
        raise LookupError(f"no message {id}")
    return row


#: The answer of a prompt that was answered with words instead of a button.
IN_WORDS = 0


def answered_in_words(session: Session, chat: int, about: str) -> None:
    """Marks the live prompts about one thing in a chat as answered by what was typed."""
    _end(session, chat, (about,), {"answered": IN_WORDS})


def _end(session: Session, chat: int, about: Collection[str], by: Mapping[str, Any]) -> None:
    for one in about:
        _end_one(*by).run(session, **by, of=chat, thing=one)
    for row in session.identity_map.values():
        if isinstance(row, MessageRow) and row.__dict__.get("about") in about:
            session.expire(row, list(by))


@cache
def _end_one(*changed: str) -> Prepared[Any]:
    live = _LINES.c.superseded.is_(False) & _LINES.c.answered.is_(None)
    # Looked for by what it is about, of which there is little: a chat holds the lines of years.
    here = (_LINES.c.chat + 0 == bindparam("of")) & (_LINES.c.about == bindparam("thing"))
    ended = update(_LINES).where(here, live)
    return Prepared(ended.values({one: bindparam(one) for one in changed}))


def thread(session: Session, chat: int, after: int, limit: int) -> list[MessageRow]:
    """The messages of a chat behind `after`; with `after` 0 the newest `limit`."""
    query = select(MessageRow).where(
        MessageRow.chat == chat, col(MessageRow.seq) > after, MessageRow.state == SENT
    )
    rows = session.exec(query.order_by(col(MessageRow.seq).desc()).limit(limit)).all()
    return list(reversed(rows))


_OPEN = Prepared(
    raw_select(*COLUMNS)
    .where(
        _LINES.c.chat == bindparam("chat"),
        _LINES.c.sender == BOT,
        _LINES.c.choices != "[]",
        _LINES.c.answered.is_(None),
        _LINES.c.superseded.is_(False),
        ~is_one_of(_LINES.c.state, HELD, MERGED),
    )
    .order_by(_LINES.c.seq.desc())
    .limit(50),
    Line,
)


def open_prompts(session: Session, chat: int) -> list[Line]:
    """Prompts with choices that wait for an answer, newest first."""
    return _OPEN.all(session, chat=chat)


def copy_to(session: Session, row: MessageRow, chat: ChatRow, *, at: datetime) -> MessageRow:
    """The same thing once more, in another chat of the same person."""
    made = _queue(
        session,
        chat,
        person=row.person,
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
    return session.get_one(MessageRow, made)


def choices_of(row: AnyLine) -> list[dict[str, Any]]:
    """The choices under a prompt, in order; number n is the n-th from 1."""
    found: list[dict[str, Any]] = json.loads(row.choices)
    return found


def facts_of(row: AnyLine) -> dict[str, Any]:
    """The facts of a prompt."""
    found: dict[str, Any] = json.loads(row.facts)
    return found


def taken_of(row: AnyLine) -> frozenset[int]:
    """The numbers of the choices that are gone while the others wait."""
    return frozenset(json.loads(row.taken))


def open_choices(row: AnyLine) -> list[tuple[int, dict[str, Any]]]:
    """The choices that are still offered under a prompt, each with its number."""
    gone = taken_of(row)
    return [(n, one) for n, one in enumerate(choices_of(row), 1) if n not in gone]


def _id(chat: ChatRow) -> int:
    assert chat.id is not None
    return chat.id
