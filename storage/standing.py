"""A session that lives on, for one transaction after the other.

What is made and let go around each transaction otherwise (connection, session, their transactions)
takes several times as long as most of what is done inside, and longest where nothing was done for a
while (docs/benchmarks.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.prepared import asked, next_in_a_row, says

_STANDS = "stands"


def stands(connection: Connection) -> bool:
    """Whether its transactions are begun and ended here and not by its engine."""
    return _STANDS in connection.get_execution_options()


class Standing:
    """One connection of an engine with its session. It belongs to one thread at a time."""

    def __init__(self, engine: Engine, begins: str, *, writes: bool) -> None:
        self._begins, self._writes = begins, writes
        self.connection = engine.connect().execution_options(**{_STANDS: True})
        # For the library it is one transaction all the time, and whatever goes wrong ends it.
        self.connection.begin()
        self._session = Session(
            self.connection, expire_on_commit=False, join_transaction_mode="rollback_only"
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """The session in a transaction of its own, with nothing in hand. What is raised inside
        takes it back, and nothing is to be done with this one any more but to close it."""
        says(self.connection, self._begins)
        asked(self._session).clear()
        yield self._session
        if self._writes:
            self._session.flush()
        says(self.connection, "COMMIT")
        next_in_a_row(self._session)

    def close(self) -> None:
        """Takes back what was not committed. Raises nothing: why it ends is known already."""
        try:
            self._session.close()
            self.connection.close()
        except DBAPIError:
            self.connection.invalidate()
