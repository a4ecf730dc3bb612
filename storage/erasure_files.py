"""Erasing files: the bytes go and every place that names them forgets them; the fact stays.

The journal's own entries keep the hash, which says nothing; the names given to the files go.
"""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, or_, select

from procedure.codec import canonical
from storage import journal, loose_files
from storage.tables import (
    ContentRow,
    DraftRow,
    EntryRow,
    FileUseRow,
    InboxRow,
    MessageRow,
    PlatformFileRow,
)


def erase(session: Session, gone: Collection[str], *, at: datetime, why: str) -> set[str]:
    """Forgets files by their hashes; the next sweep takes their bytes, whatever names them.

    Returns the incidents in which they stood; these are to be folded anew.
    """
    used = select(FileUseRow.stream).where(col(FileUseRow.sha256).in_(gone))
    streams = set(session.exec(used).all())
    for stream in streams:
        _names(session, stream, gone, at, why)
    session.exec(delete(FileUseRow).where(col(FileUseRow.sha256).in_(gone)))
    session.exec(delete(PlatformFileRow).where(col(PlatformFileRow.sha256).in_(gone)))
    _inbox(session, gone)
    _drafts(session, gone)
    loose_files.erase(session, gone)
    return streams


def strip(row: MessageRow, gone: Collection[str]) -> None:
    """A line of a chat without these files."""
    row.files = _without(row.files, gone)
    row.facts, row.choices = _without(row.facts, gone), _without(row.choices, gone)


def lines_with(session: Session, gone: Collection[str]) -> list[MessageRow]:
    """The lines of all chats that carry or name one of these files."""
    places = (MessageRow.files, MessageRow.facts, MessageRow.choices)
    named = [col(place).contains(one, autoescape=True) for place in places for one in gone]
    return list(session.exec(select(MessageRow).where(or_(*named))).all())


def _names(session: Session, stream: str, gone: Collection[str], at: datetime, why: str) -> None:
    rows = session.exec(select(EntryRow).where(EntryRow.stream == stream)).all()
    for row in rows:
        for ref in _refs(json.loads(row.body)["data"], gone):
            content = ref["name"]["content"]
            if session.get_one(ContentRow, content).text is not None:
                journal.erase(session, stream, content, at=at, why=why)


def _refs(data: Any, gone: Collection[str]) -> Iterator[dict[str, Any]]:
    """Every reference to one of these files in the data of an entry."""
    if isinstance(data, dict):
        if data.get("sha256") in gone and "name" in data:
            yield data
        for value in data.values():
            yield from _refs(value, gone)
    elif isinstance(data, list):
        for value in data:
            yield from _refs(value, gone)


def _inbox(session: Session, gone: Collection[str]) -> None:
    named = [col(InboxRow.body).contains(one, autoescape=True) for one in gone]
    for row in session.exec(select(InboxRow).where(or_(*named))).all():
        row.body = _without(row.body, gone)
        session.add(row)


def _drafts(session: Session, gone: Collection[str]) -> None:
    places = (DraftRow.answers, DraftRow.args)
    named = [col(place).contains(one, autoescape=True) for place in places for one in gone]
    for row in session.exec(select(DraftRow).where(or_(*named))).all():
        row.answers, row.args = _without(row.answers, gone), _without(row.args, gone)
        session.add(row)
    session.flush()


def _without(text: str, gone: Collection[str]) -> str:
    if not any(one in text for one in gone):
        return text
    return canonical(_pruned(json.loads(text), gone))


def _pruned(data: Any, gone: Collection[str]) -> Any:
    """JSON data without the things that are one of these files."""
    if isinstance(data, dict):
        return {name: _pruned(value, gone) for name, value in data.items()}
    if isinstance(data, list):
        return [_pruned(one, gone) for one in data if not _is_one(one, gone)]
    return data


def _is_one(data: Any, gone: Collection[str]) -> bool:
    return isinstance(data, dict) and data.get("sha256") in gone
