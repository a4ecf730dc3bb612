"""Erasing what should never have been sent: words and files go everywhere, the fact stays."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from procedure.codec import canonical
from procedure.entries_organisation import ORGANISATION
from storage import arrangements, chats, erasure_files, incidents, journal, loose_files
from storage.tables import ContentRow, DraftRow, EntryRow, InboxRow, MessageRow

REASON = "secret"
WITHDRAWN = "withdrawn"
#: The list of what is on record, as it stands in the chats of those who asked for it.
RECORDS = "views/record#record"
#: From this many characters on, the words are looked for inside longer texts too.
TELLING = 12


def erase_message(session: Session, message: MessageRow, *, at: datetime) -> list[MessageRow]:
    """Erases the words and the files of one message in every place.

    Returns the lines of chats that held any of it, itself among them: what messengers show of
    them is to be taken away. The journal's chain still verifies; the cached state of the
    incidents is folded anew.
    """
    words, gone = message.text.strip(), {one["sha256"] for one in json.loads(message.files)}
    who = message.person
    touched = _contents(session, words, who, at) if words else set()
    lines = {row.id: row for row in (_chats(session, words, who) if words else [])}
    if words:
        _drafts(session, words)
        _inbox(session, words, who)
    if gone:
        touched |= erasure_files.erase(session, gone, at=at, why=REASON)
        lines |= {row.id: row for row in erasure_files.lines_with(session, gone)}
        for row in lines.values():
            erasure_files.strip(row, gone)
            session.add(row)
    for stream in touched:
        _refresh(session, stream)
    return list(lines.values())


def erase_record(session: Session, stream: str, record: int, *, at: datetime) -> None:
    """The words of one record of a room go; that it was kept and taken back stays (conduct §16).

    Its file names go with it, and so does what its author was told of it in private.
    """
    rows = session.exec(
        select(EntryRow).where(EntryRow.stream == stream, EntryRow.kind == "RecordKept")
    ).all()
    for row in rows:
        data = json.loads(row.body)["data"]
        if data["record"] == record:
            _lists(session, stream, data)
            loose_files.release(session, [one["sha256"] for one in data["files"]])
            for ref in journal.refs(data):
                journal.erase(session, stream, ref["content"], at=at, why=WITHDRAWN)
    told = select(MessageRow).where(MessageRow.about == f"record:{stream}:{record}")
    for message in session.exec(told).all():
        message.text, message.files, message.superseded = "", "[]", True
        session.add(message)
        _update_of(session, message)
    session.flush()


def _lists(session: Session, stream: str, data: Any) -> None:
    """A list of records that somebody was shown keeps the place of this one, not its words."""
    found = session.get(ContentRow, data["text"]["content"])
    words = (found.text or "") if found else ""
    quoted = "\n".join(" ".join(line.split()) for line in words.strip().splitlines())
    gone = {one["sha256"] for one in data["files"]}
    shown = select(MessageRow).where(MessageRow.stream == stream, MessageRow.template == RECORDS)
    for message in session.exec(shown).all():
        if quoted:
            message.text = message.text.replace(f'"{quoted}"', "…")
        left = [one for one in json.loads(message.files) if one["sha256"] not in gone]
        message.files = canonical(left)
        session.add(message)


def _update_of(session: Session, message: MessageRow) -> None:
    """The words of a line of a room stand in what it came in with, too."""
    kind, _, number = (message.key or "").rpartition(":")
    if f"{kind}:" == chats.SAID:
        row = session.get_one(InboxRow, int(number))
        row.body = canonical({**json.loads(row.body), "text": "", "files": []})
        session.add(row)


def _contents(session: Session, words: str, who: int, at: datetime) -> set[str]:
    query = select(ContentRow).where(col(ContentRow.text).contains(words, autoescape=True))
    rows = [row for row in session.exec(query).all() if _is_meant(session, row, words, who)]
    for row in rows:
        assert row.id is not None
        journal.erase(session, row.stream, row.id, at=at, why=REASON)
    session.flush()
    return {row.stream for row in rows}


def _is_meant(session: Session, content: ContentRow, words: str, who: int) -> bool:
    """In the register the names of people stand as well, which anybody may write: of it only what
    he entered himself, as a whole, is taken away."""
    text, entered = content.text or "", partial(_entered_by, session, content, who)
    if content.stream == ORGANISATION:
        return text.strip() == words and entered()
    return _is_it(text, words, entered)


def _is_it(text: str, words: str, is_his: Callable[[], bool]) -> bool:
    """A short word such as "ok" stands in many texts, and others say it too; only a text of its
    own that `is_his` is meant then."""
    return len(words) >= TELLING or (text.strip() == words and is_his())


def _entered_by(session: Session, content: ContentRow, who: int) -> bool:
    """Whether an entry of this person carries a text."""
    entries = session.exec(
        select(EntryRow).where(EntryRow.stream == content.stream, EntryRow.actor == who)
    ).all()
    named = (journal.refs(json.loads(one.body)["data"]) for one in entries)
    return any(ref["content"] == content.id for refs in named for ref in refs)


def _refresh(session: Session, stream: str) -> None:
    if stream == ORGANISATION:
        arrangements.refresh(session)
        return
    row = incidents.row_of(session, stream)
    if row is not None:
        incidents.save(session, incidents.refold(session, stream), row.next_ring_at)


def _chats(session: Session, words: str, who: int) -> list[MessageRow]:
    rows = session.exec(
        select(MessageRow).where(
            col(MessageRow.text).contains(words, autoescape=True)
            | col(MessageRow.facts).contains(escaped(words), autoescape=True)
            | col(MessageRow.choices).contains(escaped(words), autoescape=True)
        )
    ).all()
    rows = [row for row in rows if _is_it(row.text, words, partial(_is_chat_of, row, who))]
    for row in rows:
        row.text = row.text.replace(words, "")
        row.facts = row.facts.replace(escaped(words), "")
        row.choices = row.choices.replace(escaped(words), "")
        session.add(row)
    return rows


def _drafts(session: Session, words: str) -> None:
    rows = session.exec(
        select(DraftRow).where(
            col(DraftRow.answers).contains(escaped(words), autoescape=True)
            | col(DraftRow.args).contains(escaped(words), autoescape=True)
        )
    ).all()
    rows = [row for row in rows if len(words) >= TELLING]
    for row in rows:
        session.delete(row)


def _inbox(session: Session, words: str, who: int) -> None:
    rows = session.exec(
        select(InboxRow).where(col(InboxRow.body).contains(escaped(words), autoescape=True))
    ).all()
    bodies = [(row, json.loads(row.body)) for row in rows]
    found = [
        (row, body)
        for row, body in bodies
        if _is_it(str(body.get("text", "")), words, partial(_is_from, row, who))
    ]
    for row, body in found:
        row.body = canonical({**body, "text": "", "raw": None})
        session.add(row)


def _is_chat_of(row: MessageRow, who: int) -> bool:
    return row.person == who


def _is_from(row: InboxRow, who: int) -> bool:
    return row.person == who


def escaped(words: str) -> str:
    """The words as they stand inside a JSON text."""
    return json.dumps(words, ensure_ascii=False)[1:-1]
