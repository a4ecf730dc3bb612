"""Kept files that nothing names any more: not an incident, a message, a draft or an update."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

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

T = TypeVar("T", bound=Mapping[str, Any])
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


def erase(session: Session, hashes: Iterable[str]) -> None:
    """These files go with the next sweep, whatever names them still."""
    known = set(all_erased(session))
    marks.mark(session, marks.FILES_ERASED, canonical(sorted(known.union(hashes))))


def came_again(session: Session, sha256: str) -> None:
    """The same bytes were sent anew after they were erased: they stay now."""
    left = [one for one in all_erased(session) if one != sha256]
    if len(left) < len(all_erased(session)):
        marks.mark(session, marks.FILES_ERASED, canonical(left))


def without_erased(session: Session, files: Sequence[T]) -> list[T]:
    """Of files (each a mapping with its hash), those that were not erased."""
    wanted = [one["sha256"] for one in files]
    if not wanted:
        return []
    there = set(session.exec(select(FileRow.sha256).where(col(FileRow.sha256).in_(wanted))).all())
    there -= set(all_erased(session))
    return [one for one in files if one["sha256"] in there]


def released(session: Session) -> bool:
    """Whether files wait for the next sweep."""
    return bool(_released(session) or all_erased(session))


def settle_released(session: Session) -> None:
    """The sweep has been; what something still names waits for nothing any more."""
    for name in (marks.FILES_RELEASED, marks.FILES_ERASED):
        if _listed(session, name):
            marks.mark(session, name, "[]")


def loose(session: Session, before: datetime) -> Sequence[Loose]:
    """Files that nothing names: those that came before a moment, and those that were released."""
    unused = ~exists().where(col(FileUseRow.sha256) == col(FileRow.sha256))
    early = (col(FileRow.kept_at) < before) | col(FileRow.sha256).in_(_released(session))
    erased = all_erased(session)
    gone = col(FileRow.sha256).in_(erased)
    query = select(FileRow.sha256, FileRow.kept_at).where((unused & early) | gone)
    found = {sha256: Loose(sha256, kept_at) for sha256, kept_at in session.exec(query).all()}
    for text in _texts(session) if found else ():
        for sha256 in _HASH.findall(text):
            if sha256 not in erased:
                found.pop(sha256, None)
    return list(found.values())


def forget(session: Session, one: Loose) -> bool:
    """Takes the row of a loose file away; False when it has come again in the meantime."""
    same = (col(FileRow.sha256) == one.sha256) & (col(FileRow.kept_at) == one.kept_at)
    if one.sha256 not in all_erased(session):
        same &= ~exists().where(col(FileUseRow.sha256) == one.sha256)
    gone = session.exec(delete(FileRow).where(same)).rowcount
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
    return _listed(session, marks.FILES_RELEASED)


def all_erased(session: Session) -> list[str]:
    """The files that were erased and are not here again, by their hashes."""
    return _listed(session, marks.FILES_ERASED)


def _listed(session: Session, name: str) -> list[str]:
    found: list[str] = json.loads(marks.marked(session, name) or "[]")
    return found
