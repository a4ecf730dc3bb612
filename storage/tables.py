"""The SQLModel tables, and nothing else. All times are UTC; bodies are canonical JSON text."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Index,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, MetaData, SQLModel

from procedure import codec

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: MetaData = SQLModel.metadata


class Instant(TypeDecorator[datetime]):
    """An aware UTC moment kept as ISO text of fixed width, so that text order is time order."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Refuses a naive moment with ValueError."""
        return codec.instant(value) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """An aware UTC moment again."""
        return datetime.fromisoformat(value) if value else None


def instant(*, nullable: bool = False, index: bool = False) -> Any:
    """A column that holds a moment."""
    return Field(default=None, sa_column=Column(Instant, nullable=nullable, index=index))


#: Prompts that ask something and that nobody has been seen to see.
_UNSEEN = "duties != '[]' AND {} AND shown_at IS NULL AND {} AND answered IS NULL"


def partial(name: str, *columns: str, where: str) -> Index:
    """A small index of the few rows for which `where` holds, in words that both kinds know."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def is_one_of(column: Any, *values: str) -> ColumnElement[bool]:
    """The column holds one of these words, written out: SQLite uses an index of few rows only
    where the statement says what the index says, and a bound word says nothing."""
    written: list[ColumnElement[Any]] = [literal_column(f"'{one}'") for one in values]
    found: ColumnElement[bool] = column == written[0] if len(written) == 1 else column.in_(written)
    return found


def body() -> Any:
    """A column that holds JSON as text, byte for byte."""
    return Field(sa_column=Column(Text, nullable=False))


class EntryRow(SQLModel, table=True):
    """One journal entry: `body` is what the hash is over, all other columns are copies."""

    __tablename__ = "entries"
    stream: str = Field(primary_key=True, max_length=64)
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=64)
    at: datetime = instant()
    actor: int
    channel: str = Field(max_length=16)
    body: str = body()
    hash: str = Field(max_length=64)


class ContentRow(SQLModel, table=True):
    """Free text apart from the chain, so that it can be erased while the chain verifies."""

    __tablename__ = "contents"
    id: int | None = Field(default=None, primary_key=True)
    stream: str = Field(index=True, max_length=64)
    salt: str = Field(max_length=32)
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    erased_at: datetime | None = instant(nullable=True)
    erased_why: str | None = None


class IncidentRow(SQLModel, table=True):
    """The projection of one incident: a cache of its fold as of `seq`."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "ix_incidents_open",
            "opened_at",
            sqlite_where=text("is_open = 1"),
            postgresql_where=text("is_open"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    stream: str = Field(unique=True, max_length=64)
    code: str = Field(unique=True, max_length=32)
    seq: int = Field(index=True)
    step: int
    severity: str = Field(max_length=16)
    drill: bool = False
    is_open: bool = True
    unit: int
    opened_at: datetime = instant()
    next_ring_at: datetime | None = instant(nullable=True, index=True)
    folded: str = body()
    state: str = body()


class UnitRow(SQLModel, table=True):
    """A unit as the organisation's journal has it now."""

    __tablename__ = "units"
    id: int = Field(primary_key=True)
    body: str = body()


class PersonRow(SQLModel, table=True):
    """A registered person as the organisation's journal has him now."""

    __tablename__ = "people"
    id: int = Field(primary_key=True)
    body: str = body()


class HoldingRow(SQLModel, table=True):
    """A role held in a unit, from its first local day up to and with its last."""

    __tablename__ = "holdings"
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(index=True)
    role: str = Field(max_length=32)
    unit: int
    since: date | None = None
    until: date | None = None


class PolicyRow(SQLModel, table=True):
    """A policy and its calendar that were ever in force; incidents name them by version."""

    __tablename__ = "policies"
    version: str = Field(primary_key=True, max_length=12)
    text: str = body()
    calendar: str = body()
    since: datetime = instant()


class ChatRow(SQLModel, table=True):
    """One conversation of one person on one channel; `last_seq` orders its messages."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("channel", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    external: str = Field(max_length=64)
    person: int = Field(index=True)
    last_seq: int = 0
    shown_seq: int = 0
    seen_at: datetime | None = instant(nullable=True)
    unreachable_at: datetime | None = instant(nullable=True)
    menu: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class AccountRow(SQLModel, table=True):
    """An account on a messenger and whose it is; ended when it was unlinked."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("channel", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    external: str = Field(max_length=64)
    person: int = Field(index=True)
    linked_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)


class MessageRow(SQLModel, table=True):
    """One line of a chat: what a person wrote, or a prompt of the bot (the outbox)."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("chat", "seq"),
        partial("ix_messages_waiting", "state", where="state = 'queued'"),
        partial("ix_messages_held", "state", where="state = 'held'"),
        Index(
            "ix_messages_untidy",
            "chat",
            sqlite_where=text("tidied = 0 AND state = 'sent' AND choices != '[]'"),
            postgresql_where=text("NOT tidied AND state = 'sent' AND choices != '[]'"),
        ),
        Index(
            "ix_messages_unseen",
            "created_at",
            sqlite_where=text(_UNSEEN.format("passed_on = 0", "superseded = 0")),
            postgresql_where=text(_UNSEEN.format("NOT passed_on", "NOT superseded")),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    chat: int = Field(index=True)
    seq: int
    person: int
    sender: str = Field(max_length=8)
    state: str = Field(default="queued", max_length=8)
    template: str = Field(default="", max_length=96)
    facts: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    choices: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    files: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    stream: str | None = Field(default=None, index=True, max_length=64)
    about: str | None = Field(default=None, index=True, max_length=96)
    key: str | None = Field(default=None, unique=True, max_length=160)
    duties: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    rings: bool = False
    drill: bool = False
    answered: int | None = None
    superseded: bool = False
    reply_to: int | None = None
    created_at: datetime = instant()
    sent_at: datetime | None = instant(nullable=True)
    shown_at: datetime | None = instant(nullable=True)
    #: The first of several copies of one thing told on several channels.
    origin: int | None = Field(default=None, index=True)
    #: It has been looked at whether it must be told on the next channel too.
    passed_on: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    #: Its buttons have been taken off the messenger's screen, where there is one.
    tidied: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    #: Numbers of single choices that are gone while the others wait for an answer.
    taken: str = Field(default="[]", sa_column=Column(Text, nullable=False, server_default="[]"))
    #: Single buttons are still to be taken off the messenger's screen, where there is one.
    trim: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    #: Why it was not sent as it was, where it was not.
    why: str = Field(default="", max_length=160, sa_column_kwargs={"server_default": ""})


class PostingRow(SQLModel, table=True):
    """One message of a messenger, by its own id there, and the line of the chat it shows."""

    __tablename__ = "postings"
    __table_args__ = (UniqueConstraint("chat", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    chat: int
    external: str = Field(max_length=64)
    message: int = Field(index=True)
    part: int = 0


class PlatformFileRow(SQLModel, table=True):
    """The name under which a messenger knows a file that we keep: sent again without upload."""

    __tablename__ = "platform_files"
    channel: str = Field(primary_key=True, max_length=16)
    sha256: str = Field(primary_key=True, max_length=64)
    kind: str = Field(primary_key=True, max_length=16)
    external: str = Field(sa_column=Column(Text, nullable=False))


class DraftRow(SQLModel, table=True):
    """A form in progress: the words typed and when; re-read on every load."""

    __tablename__ = "drafts"
    id: int | None = Field(default=None, primary_key=True)
    chat: int = Field(index=True)
    person: int
    form: str = Field(max_length=48)
    stream: str | None = Field(default=None, max_length=64)
    args: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    answers: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    current: bool = True
    revision: int = 0
    touched_at: datetime = instant()


class InboxRow(SQLModel, table=True):
    """An update as it came, committed before it is confirmed to its platform."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external"),
        partial("ix_inbox_waiting", "state", where="state = 'new'"),
        partial("ix_inbox_lane", "channel", "lane", where="state IN ('new', 'fetch')"),
        partial("ix_inbox_full", "handled_at", where="state = 'done' AND body != '{}'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    external: str = Field(max_length=96)
    lane: str = Field(max_length=64)
    person: int
    body: str = body()
    state: str = Field(default="new", max_length=8)
    tries: int = 0
    received_at: datetime = instant()
    handled_at: datetime | None = instant(nullable=True)
    album: str | None = Field(default=None, max_length=64)
    ready_at: datetime | None = instant(nullable=True)


class FileRow(SQLModel, table=True):
    """A kept file by content hash; `owner` may always see it, others through an incident."""

    __tablename__ = "files"
    sha256: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=96)
    size: int
    name: str
    owner: int
    kept_at: datetime = instant()


class FileUseRow(SQLModel, table=True):
    """A file stands in an incident: whoever may see the one may see the other."""

    __tablename__ = "file_uses"
    sha256: str = Field(primary_key=True, max_length=64)
    stream: str = Field(primary_key=True, max_length=64)


class SecretStopRow(SQLModel, table=True):
    """That a message was stopped for secrecy: who, when, where; never what."""

    __tablename__ = "secret_stops"
    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    external: str = Field(max_length=96)
    person: int
    at: datetime = instant()
    passed: bool = False
    #: Where the messenger still shows it, until it has been taken away there.
    place: str | None = Field(default=None, max_length=64)
    message: str | None = Field(default=None, max_length=64)
    album: str | None = Field(default=None, max_length=64)
    deleted_at: datetime | None = instant(nullable=True)


class InviteRow(SQLModel, table=True):
    """A one-time link, hashed; spent by the button, not by opening it (conduct §15)."""

    __tablename__ = "invites"
    code_hash: str = Field(primary_key=True, max_length=64)
    person: int
    made_at: datetime = instant()
    until: datetime = instant()
    spent_at: datetime | None = instant(nullable=True)


class SessionRow(SQLModel, table=True):
    """A signed-in browser; the token is hashed."""

    __tablename__ = "sessions"
    token_hash: str = Field(primary_key=True, max_length=64)
    person: int = Field(index=True)
    made_at: datetime = instant()
    until: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)


class CounterRow(SQLModel, table=True):
    """A number that only rises, taken in the turn that needs it."""

    __tablename__ = "counters"
    name: str = Field(primary_key=True, max_length=48)
    value: int = 0


class LeaseRow(SQLModel, table=True):
    """What one process alone does now, and until when, by the clock of the database server."""

    __tablename__ = "leases"
    name: str = Field(primary_key=True, max_length=48)
    owner: str = Field(max_length=32)
    until: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class MarkRow(SQLModel, table=True):
    """Single values of the database: its kind, the rehearsal clock, the last tick."""

    __tablename__ = "marks"
    name: str = Field(primary_key=True, max_length=48)
    value: str = body()
