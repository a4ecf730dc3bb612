"""Kept files that nothing names any more: not an incident, a message, a draft or an update."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, exists, select

from procedure.codec import canonical
from storage import marks
from storage.tables import (
    DraftRow,
    FileRow,
    FileUseRow,
    InboxRow,
    IncidentRow,
    MessageRow,
    PlatformFileRow,
)

_HASH = re.compile(r"[0-9a-f]{64}")
#: Every column in which a file may stand beside `file_uses`. The journal's own bytes name files
#: that were withdrawn, too; what of them still counts is in the incident as it stands.
_NAMED_IN = (
    MessageRow.files,
    MessageRow.facts,
    MessageRow.choices,
    InboxRow.body,
    DraftRow.answers,
    DraftRow.args,
    IncidentRow.state,
)


@dataclass(frozen=True)
class Loose:
    """A file that nothing names, and when it came last."""

    sha256: str
    kept_at: datetime


def release(session: Session, hashes: Iterable[str]) -> None:
    """What these files stood in was erased: the next sweep does not wait a week for them."""
    known = set(_released(session))
    marks.mark(session, marks.FILES_RELEASED, canonical(sorted(known.union(hashes))))


def released(session: Session) -> bool:
    """Whether files wait for the next sweep."""
    return bool(_released(session))


def settle_released(session: Session) -> None:
    """The sweep has been; what something still names waits for nothing any more."""
    if _released(session):
        marks.mark(session, marks.FILES_RELEASED, "[]")


def loose(session: Session, before: datetime) -> Sequence[Loose]:
    """Files that nothing names: those that came before a moment, and those that were released."""
    unused = ~exists().where(col(FileUseRow.sha256) == col(FileRow.sha256))
    early = (col(FileRow.kept_at) < before) | col(FileRow.sha256).in_(_released(session))
    query = select(FileRow.sha256, FileRow.kept_at).where(unused, early)
    found = {sha256: Loose(sha256, kept_at) for sha256, kept_at in session.exec(query).all()}
    for text in _texts(session) if found else ():
        for sha256 in _HASH.findall(text):
            found.pop(sha256, None)
    return list(found.values())


def forget(session: Session, one: Loose) -> bool:
    """Takes the row of a loose file away; False when it has come again in the meantime."""
    unused = ~exists().where(col(FileUseRow.sha256) == one.sha256)
    gone = session.exec(
        delete(FileRow).where(
            col(FileRow.sha256) == one.sha256, col(FileRow.kept_at) == one.kept_at, unused
        )
    ).rowcount
    if gone:
        session.exec(delete(PlatformFileRow).where(col(PlatformFileRow.sha256) == one.sha256))
    return bool(gone)


def hashes(session: Session) -> frozenset[str]:
    """Every file that has a row."""
    return frozenset(session.exec(select(FileRow.sha256)).all())


def _texts(session: Session) -> Iterator[str]:
    for column in _NAMED_IN:
        named = select(column).where(col(column).contains("sha256"))
        yield from session.exec(named.execution_options(yield_per=500))


def _released(session: Session) -> list[str]:
    found: list[str] = json.loads(marks.marked(session, marks.FILES_RELEASED) or "[]")
    return found
