"""The journal: append, read, verify. Entries are never rewritten (design.md §2a)."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func, insert, type_coerce
from sqlalchemy import select as raw_select
from sqlmodel import Session, col, select

from procedure.codec import Prose, dump, load
from procedure.entries import FIRST_HASH, Entry, Fact, chain_hash, entry_bytes
from procedure.kinds import KINDS
from storage.prepared import Prepared, asked
from storage.tables import ContentRow, EntryRow, metadata

ERASED = ""
_ENTRIES = metadata.tables["entries"]
_CONTENTS = metadata.tables["contents"]
_KEEP = Prepared(
    insert(_CONTENTS)
    .values({name: bindparam(name) for name in ("stream", "salt", "text")})
    .returning(_CONTENTS.c.id)
)
_KEEP_ALL = insert(_CONTENTS).returning(_CONTENTS.c.id, sort_by_parameter_order=True)


@dataclass(frozen=True)
class Head:
    """The last entry of a stream: its number and its hash."""

    stream: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """Where a chain does not hold, and the key of the reason."""

    stream: str
    seq: int
    why: str


def append(
    session: Session,
    stream: str,
    facts: Sequence[Fact],
    *,
    at: datetime,
    actor: int,
    authority: str,
    channel: str,
) -> list[Entry]:
    """Writes facts at the end of a stream and returns them with their envelopes."""
    return append_each(
        session, {stream: facts}, at=at, actor=actor, authority=authority, channel=channel
    )[stream]


def append_each(
    session: Session,
    facts: Mapping[str, Sequence[Fact]],
    *,
    at: datetime,
    actor: int,
    authority: str,
    channel: str,
) -> dict[str, list[Entry]]:
    """The same at the end of several streams, in two statements for all of them."""
    which = _ENTRIES.c.stream.in_([stream for stream, several in facts.items() if several])
    ends = {one.stream: (one.seq, one.hash) for one in _heads(session, which)}
    written: dict[str, list[Entry]] = {}
    for stream, several in facts.items():
        last, _ = ends.get(stream, (0, FIRST_HASH))
        written[stream] = [
            Entry(
                stream=stream,
                seq=seq,
                at=at,
                actor=actor,
                authority=authority,
                channel=channel,
                fact=fact,
            )
            for seq, fact in enumerate(several, last + 1)
        ]
    # What stands apart is kept for all of them at once: an import brings ten thousands.
    apart = _Apart()
    told = [
        (one, dump(one.fact, partial(apart.hide, one.stream)))
        for entries in written.values()
        for one in entries
    ]
    apart.keep(session)
    ahead = {stream: digest for stream, (_, digest) in ends.items()}
    rows = []
    for entry, data in told:
        body = entry_bytes(entry, data, ahead.get(entry.stream, FIRST_HASH))
        ahead[entry.stream] = chain_hash(body)
        rows.append(_row(entry, body, ahead[entry.stream]))
    if rows:
        session.connection().execute(insert(_ENTRIES), rows)
        asked(session).clear()
    return written


def _row(entry: Entry, body: str, digest: str) -> dict[str, Any]:
    return {
        "stream": entry.stream,
        "seq": entry.seq,
        "kind": entry.kind,
        "at": entry.at,
        "actor": entry.actor,
        "channel": entry.channel,
        "body": body,
        "hash": digest,
    }


def _heads(session: Session, which: ColumnElement[bool], *, limit: int | None = None) -> list[Head]:
    """The heads of the streams for which `which` holds, in order of their names."""
    kept = _ENTRIES.c
    last = raw_select(kept.stream, func.max(kept.seq).label("seq")).group_by(kept.stream)
    tops = last.where(which).order_by(kept.stream).limit(limit).subquery()
    query = raw_select(kept.stream, kept.seq, kept.hash).join(
        tops, (kept.stream == tops.c.stream) & (kept.seq == tops.c.seq)
    )
    return [Head(*row) for row in session.connection().execute(query.order_by(kept.stream))]


def head_seq(session: Session, stream: str) -> int:
    """The number of the last entry of a stream; 0 when it has none."""
    query = select(func.max(EntryRow.seq)).where(EntryRow.stream == stream)
    return session.exec(query).one() or 0


def read(session: Session, stream: str, after: int = 0) -> list[Entry]:
    """The entries of a stream with their prose, from `after` on."""
    rows = session.exec(
        select(EntryRow)
        .where(EntryRow.stream == stream, col(EntryRow.seq) > after)
        .order_by(col(EntryRow.seq))
    ).all()
    texts = _texts(session, col(ContentRow.stream) == stream)
    return [_entry(row, texts) for row in rows]


def of_kind(session: Session, stream: str, kind: type[Fact], holding: str = "") -> list[Entry]:
    """The entries of one kind in a stream, oldest first; with `holding` only those in whose bytes
    these letters stand."""
    rows = session.exec(
        select(EntryRow)
        .where(
            EntryRow.stream == stream,
            EntryRow.kind == kind.__name__,
            col(EntryRow.body).contains(holding, autoescape=True),
        )
        .order_by(col(EntryRow.seq))
    ).all()
    wanted = [ref["content"] for row in rows for ref in refs(json.loads(row.body)["data"])]
    texts = _texts(session, col(ContentRow.id).in_(wanted)) if wanted else {}
    return [_entry(row, texts) for row in rows]


def _entry(row: EntryRow, texts: dict[int, str]) -> Entry:
    body = json.loads(row.body)
    kind = KINDS[body["kind"]]
    return Entry(
        stream=body["stream"],
        seq=body["seq"],
        at=datetime.fromisoformat(body["at"]),
        actor=body["actor"],
        authority=body["authority"],
        channel=body["channel"],
        fact=load(kind, body["data"], lambda ref: texts.get(ref["content"], ERASED)),
    )


class _Apart:
    """Prose on its way to `contents`; its salted hash and its id stand in the chain."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.refs: list[dict[str, Any]] = []

    def hide(self, stream: str, prose: Prose) -> object:
        """What stands in the chain instead; its id is filled in by `keep`."""
        salt = secrets.token_hex(16)
        self.rows.append({"stream": stream, "salt": salt, "text": str(prose)})
        self.refs.append({"content": 0, "sha256": salted(salt, prose)})
        return self.refs[-1]

    def keep(self, session: Session) -> None:
        """Writes all that was hidden."""
        if len(self.rows) == 1:
            ids = _KEEP.values(session, **self.rows[0])
        elif self.rows:
            ids = list(session.connection().execute(_KEEP_ALL, self.rows).scalars())
        else:
            return
        for ref, id in zip(self.refs, ids, strict=True):
            ref["content"] = id


def salted(salt: str, text: str) -> str:
    """The hash under which a content stands in the chain."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def _texts(session: Session, which: ColumnElement[bool]) -> dict[int, str]:
    rows = session.exec(select(ContentRow).where(which)).all()
    return {row.id: row.text for row in rows if row.id is not None and row.text is not None}


def erase(session: Session, stream: str, content: int, *, at: datetime, why: str) -> None:
    """Takes the text of one content away; the chain still verifies."""
    row = session.get_one(ContentRow, content)
    if row.stream != stream:
        raise KeyError(content)
    row.text, row.erased_at, row.erased_why = None, at, why
    session.add(row)


def heads(session: Session, after: str = "", limit: int | None = None) -> list[Head]:
    """The head of every stream; a chain cannot show a cut tail, its logged heads can.

    With `limit` only those of so many streams behind `after`, in order of their names.
    """
    return _heads(session, _ENTRIES.c.stream > after, limit=limit)


def verify(session: Session) -> Iterator[Fault]:
    """Every place where a chain, a copy or a content does not hold."""
    for head in heads(session):
        yield from _verify_stream(session, head.stream)


#: The columns as they lie in the file, moments too: a broken one is a fault, not an error.
_KEPT = _ENTRIES.c
_COPIES = ("stream", "seq", "kind", "at", "actor", "channel")
_RAW = [type_coerce(_KEPT.at, String) if name == "at" else _KEPT[name] for name in _COPIES]


def _verify_stream(session: Session, stream: str) -> Iterator[Fault]:
    query = raw_select(*_RAW, _KEPT.body, _KEPT.hash).where(_KEPT.stream == stream)
    rows = session.connection().execute(query.order_by(_KEPT.seq)).all()
    contents = {
        row.id: row
        for row in session.exec(select(ContentRow).where(ContentRow.stream == stream)).all()
    }
    previous = FIRST_HASH
    for seq, (*copies, body, digest) in enumerate(rows, 1):
        why = _fault(copies, body, digest, seq, previous)
        if why:
            yield Fault(stream, seq, why)
            return
        for ref in refs(json.loads(body)["data"]):
            kept = contents.get(ref["content"])
            if kept is None or (kept.text is None and kept.erased_at is None):
                yield Fault(stream, seq, "content_missing")
            elif kept.text is not None and salted(kept.salt, kept.text) != ref["sha256"]:
                yield Fault(stream, seq, "content_changed")
        previous = digest


def _fault(copies: Sequence[Any], kept: str, digest: str, seq: int, previous: str) -> str | None:
    if copies[1] != seq:
        return "gap"
    if chain_hash(kept) != digest:
        return "hash"
    try:
        body = json.loads(kept)
        told = [body[name] for name in _COPIES]
        linked = body["previous"] == previous and "data" in body
    except (ValueError, LookupError, TypeError):
        return "body"
    if not linked:
        return "chain"
    return None if list(copies) == told else "copy"


def refs(data: Any) -> Iterable[dict[str, Any]]:
    """Every reference to a content in the data of an entry."""
    if isinstance(data, dict):
        if set(data) == {"content", "sha256"}:
            yield data
        else:
            for value in data.values():
                yield from refs(value)
    elif isinstance(data, list):
        for value in data:
            yield from refs(value)
