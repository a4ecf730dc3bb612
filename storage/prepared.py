"""Statements of the hot paths: put into words once, run on the driver's own connection.

For a statement that finds one row by its key, what stands between us and the driver costs ten
times what the database does (docs/benchmarks.md). So what every turn, send and tick asks goes by
here, in the transaction of its session; everything else goes through the session.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    TextClause,
    bindparam,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql import Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import Session, SQLModel

R = TypeVar("R")
M = TypeVar("M", bound=SQLModel)
Statement = Select[Any] | UpdateBase | TextClause
Process = Callable[[Any], Any] | None
#: Under this name a session keeps its way to the driver.
_HAND = "hand"
_UNDO = "undo"
_MADE = "made"
_ASKED = "asked"


@dataclass(frozen=True)
class _Hand:
    """The driver's connection of a session's transaction."""

    raw: Any
    connection: Connection
    within: SessionTransaction | None
    dialect: Dialect

    def does(self, words: str, values: Any) -> list[Any]:
        """The rows that came of it. Raises DBAPIError, as a session would."""
        try:
            made = self.raw.execute(words, values)
            return made.fetchall() if made.description else []
        except self.dialect.loaded_dbapi.Error as error:
            raise self._known(words, error) from error

    def puts(self, words: str, values: Any) -> int:
        """The number of the row that was put, where the driver tells it. Raises DBAPIError."""
        try:
            return int(self.raw.execute(words, values).lastrowid)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._known(words, error) from error

    def says(self, words: str) -> None:
        """Something without values."""
        self.does(words, ())

    def _known(self, words: str, error: Any) -> Exception:
        """The driver's error as everybody here knows it; a lost connection is let go."""
        dialect = self.dialect
        gone = dialect.is_disconnect(error, self.raw, None)
        if gone:
            self.connection.invalidate(error)
        known: Exception = DBAPIError.instance(
            words,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        )
        return known


@dataclass(frozen=True)
class Worded:
    """A statement in the words of one kind of database; `named` says how it takes its values."""

    words: str
    takes: Sequence[tuple[str, Process]]
    fixed: Mapping[str, Any]
    gives: Sequence[Process] | None
    named: bool

    def values(self, given: Mapping[str, Any]) -> Any:
        """Raises KeyError where a value is missing."""
        if self.fixed:
            given = {**self.fixed, **given}
        if self.named:
            return {
                name: process(given[name]) if process else given[name]
                for name, process in self.takes
            }
        return [process(given[name]) if process else given[name] for name, process in self.takes]

    def row(self, found: Sequence[Any]) -> Sequence[Any]:
        """The values of a row as the columns' types say."""
        if self.gives is None:
            return found
        return [
            process(value) if process else value
            for process, value in zip(self.gives, found, strict=True)
        ]


class Prepared(Generic[R]):
    """One statement; `into` makes something of each row that it gives.

    All raise sqlalchemy.exc.DBAPIError, as a session would.
    """

    @overload
    def __init__(self: "Prepared[Any]", statement: Statement) -> None: ...

    @overload
    def __init__(self, statement: Statement, into: Callable[..., R]) -> None: ...

    def __init__(self, statement: Statement, into: Callable[..., R] | None = None) -> None:
        self.statement = statement
        self._into = into
        self._worded: dict[str, Worded] = {}

    def all(self, session: Session, /, **given: Any) -> list[R]:
        """Every row."""
        worded, made = self._asked(session, given)
        return [self._row(worded, one) for one in made]

    def first(self, session: Session, /, **given: Any) -> R | None:
        """The first row, or None."""
        found = self.all(session, **given)
        return found[0] if found else None

    def one(self, session: Session, /, **given: Any) -> R:
        """The only row. Raises LookupError when there is none."""
        found = self.all(session, **given)
        if not found:
            raise LookupError("no such row")
        return found[0]

    def value(self, session: Session, /, **given: Any) -> Any:
        """The first column of the first row, or None."""
        worded, made = self._asked(session, given)
        return worded.row(made[0])[0] if made else None

    def values(self, session: Session, /, **given: Any) -> list[Any]:
        """The first column of every row."""
        worded, made = self._asked(session, given)
        return [worded.row(one)[0] for one in made]

    def run(self, session: Session, /, **given: Any) -> None:
        """For what it does, not for what it gives."""
        self._asked(session, given)

    def _row(self, worded: Worded, found: Sequence[Any]) -> R:
        row = worded.row(found)
        return self._into(*row) if self._into else cast(R, row)

    def _asked(self, session: Session, given: Mapping[str, Any]) -> tuple[Worded, list[Any]]:
        session.flush()
        hand = _hand(session)
        worded = self.worded(hand.dialect)
        return worded, hand.does(worded.words, worded.values(given))

    def worded(self, dialect: Dialect) -> Worded:
        """In the words of one kind of database."""
        found = self._worded.get(dialect.name)
        if found is None:
            found = self._worded[dialect.name] = _put_into_words(self.statement, dialect)
        return found


class PreparedInsert:
    """Puts one row into a table whose numbers the database gives."""

    def __init__(self, table: Table) -> None:
        new = insert(table).values({c.name: bindparam(c.name) for c in table.c if c.name != "id"})
        self._plain: Prepared[Any] = Prepared(new)
        self._asking: Prepared[Any] = Prepared(new.returning(table.c.id))

    def put(self, session: Session, /, **given: Any) -> int:
        """The number of the new row. Raises DBAPIError."""
        session.flush()
        hand = _hand(session)
        dialect = hand.dialect
        if dialect.name != "sqlite":
            return int(self._asking.value(session, **given))
        # To give the number back by a row takes SQLite longer than to put the row.
        worded = self._plain.worded(dialect)
        return hand.puts(worded.words, worded.values(given))


class PreparedModel(Generic[M]):
    """A statement that finds whole rows of a table, as the session itself would give them."""

    def __init__(self, model: type[M], *which: ColumnElement[bool]) -> None:
        self._model = model
        self._mapper = inspect(model)
        table = self._mapper.local_table
        self._names = [column.name for column in table.columns]
        self._found: Prepared[Any] = Prepared(select(*table.columns).where(*which))

    def all(self, session: Session, /, **given: Any) -> list[M]:
        """The rows, which the session may have in hand already."""
        return [self._made(session, one) for one in self._found.all(session, **given)]

    def first(self, session: Session, /, **given: Any) -> M | None:
        """The first of them; None when there is none."""
        found = self._found.first(session, **given)
        return None if found is None else self._made(session, found)

    def _made(self, session: Session, values: Sequence[Any]) -> M:
        named = dict(zip(self._names, values, strict=True))
        key = self._mapper.identity_key_from_primary_key([named["id"]])
        known: M | None = session.identity_map.get(key)
        if known is not None:
            return known
        made: M = self._mapper.class_manager.new_instance()
        made.__dict__.update(named)
        # As it is when the session has loaded a row by itself; `add` looks for much that no row
        # of ours has, and takes ten times as long.
        state = instance_state(made)
        state.key, state.session_id = key, session.hash_key
        session.identity_map.add(state)
        return made


def made_in(session: Session) -> list[int]:
    """The numbers of the lines that the running transaction has queued, to be added to; what is
    taken back is no longer in it."""
    found: list[int] = session.info.setdefault(_MADE, [])
    return found


def asked(session: Session) -> dict[str, Any]:
    """What the running transaction has asked and need not ask again, by name; whoever writes what
    changes an answer takes it out."""
    found: dict[str, Any] = session.info.setdefault(_ASKED, {})
    return found


@event.listens_for(Session, "after_soft_rollback")
def _ask_again(session: Session, _transaction: Any) -> None:
    asked(session).clear()
    # What was written past the session is taken back without its knowing.
    session.expire_all()


def next_in_a_row(session: Session) -> None:
    """Nothing of one piece of work is in hand for the next one of the same transaction."""
    session.expunge_all()
    for name in (_MADE, _UNDO):
        session.info.pop(name, None)


@contextmanager
def undone_if_refused(session: Session) -> Iterator[None]:
    """What is written inside is taken back when it raises; what was before stays."""
    session.flush()
    hand, before = _hand(session), set(session.identity_map.keys())
    made = len(made_in(session))
    depth = session.info.get(_UNDO, 0)
    name = f"{_UNDO}_{depth}"
    hand.says(f"SAVEPOINT {name}")
    session.info[_UNDO] = depth + 1
    try:
        yield
        session.flush()
    except BaseException as error:
        session.info[_UNDO] = depth
        asked(session).clear()
        del made_in(session)[made:]
        try:
            _take_back(session, hand, name, before)
        except DBAPIError:
            if isinstance(error, DBAPIError):
                raise error from None  # It took the whole transaction with it.
            raise
        raise
    session.info[_UNDO] = depth
    hand.says(f"RELEASE SAVEPOINT {name}")


def _take_back(session: Session, hand: _Hand, name: str, before: set[Any]) -> None:
    if not hand.connection.in_transaction():
        return  # The session has given up the whole already.
    hand.says(f"ROLLBACK TO SAVEPOINT {name}")
    hand.says(f"RELEASE SAVEPOINT {name}")
    for row in list(session.new):
        session.expunge(row)
    for key in set(session.identity_map.keys()) - before:
        session.expunge(session.identity_map[key])
    session.expire_all()


def _hand(session: Session) -> _Hand:
    found: _Hand | None = session.info.get(_HAND)
    if found is None or found.within is not session.get_transaction():
        connection = session.connection()
        raw = connection.connection.driver_connection
        found = _Hand(raw, connection, session.get_transaction(), connection.dialect)
        session.info[_HAND] = found
    return found


def says(connection: Connection, words: str) -> None:
    """A word to the driver that no session need know of. Raises DBAPIError."""
    raw = connection.connection.driver_connection
    _Hand(raw, connection, None, connection.dialect).says(words)


def _put_into_words(statement: Statement, dialect: Dialect) -> Worded:
    made = statement.compile(dialect=dialect)
    assert isinstance(made, SQLCompiler) and "POSTCOMPILE" not in made.string
    # What a model would fill in by itself is to be given here.
    assert not made.insert_prefetch and not made.update_prefetch, str(statement)
    named = made.positiontup is None
    names = list(made.bind_names.values()) if named else made.positiontup or []
    fixed = {
        name: made.binds[name].effective_value for name in names if not made.binds[name].required
    }
    takes = [
        (name, made.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in names
    ]
    return Worded(made.string, takes, fixed, _given(statement, dialect), named)


def _given(statement: Statement, dialect: Dialect) -> Sequence[Process] | None:
    if isinstance(statement, TextClause):
        return None
    found = [
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in statement.exported_columns
    ]
    return found if any(found) else None
