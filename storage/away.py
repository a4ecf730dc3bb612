"""Whether the place where everything is kept is away for a while, through no fault of the work."""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

#: Full, locked, read-only, or not to be read or written at all.
_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG})
#: The lower byte of SQLite's extended codes is the plain one.
_PLAIN = 0xFF


#: What a server says of itself: connections, resources, shut down, its disk; and that too many
#: others came in between, every time. The first two letters of its codes.
_CLASSES = frozenset({"08", "53", "57", "58", "40", "55"})


class DatabaseAway(Exception):
    """The database cannot take it or give it now. Nothing was done."""


def is_away(error: BaseException) -> bool:
    """Whether an error says only that nothing can be written or read now: the same work, begun
    again later, may well be done. Files count like the database."""
    if isinstance(error, DBAPIError):
        return _is_away(error)
    if isinstance(error, OSError):
        return error.errno in _ERRORS
    return isinstance(error, DatabaseAway)


def _is_away(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(error.orig, sqlite3.Error):
        return code is not None and code & _PLAIN in _CODES
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # It was never reached, or was lost on the way.
        return error.connection_invalidated or isinstance(error, OperationalError)
    return state[:2] in _CLASSES
