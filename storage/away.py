"""Whether the place where everything is kept is away for a while, through no fault of the work."""

import errno
import sqlite3

from sqlalchemy.exc import OperationalError

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


def is_away(error: BaseException) -> bool:
    """Whether an error says only that nothing can be written or read now: the same work, begun
    again later, may well be done. Files count like the database."""
    if isinstance(error, OperationalError):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & _PLAIN in _CODES
    return isinstance(error, OSError) and error.errno in _ERRORS
