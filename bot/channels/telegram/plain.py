"""The values of an update as Telegram gives them: what is built otherwise is refused, pure."""

import re
from math import isfinite
from typing import Any

#: What reading raises at an update that is built otherwise.
MALFORMED = (
    *(KeyError, TypeError, ValueError, AttributeError, IndexError),
    *(OverflowError, RecursionError),
)
_MOST = 2**53
_DEEPEST = 48
_UNKEPT = re.compile("[\\x00\\ud800-\\udfff]")


def number(found: Any) -> int:
    """A whole number as Telegram gives it. Raises ValueError for all else."""
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > _MOST:
        raise ValueError("no number")
    return found


def words(found: Any) -> str:
    """A text. Raises ValueError for all else."""
    if not isinstance(found, str):
        raise ValueError("no text")
    return found


def cleaned(found: Any, depth: int = 0) -> Any:
    """JSON without what no database keeps: NUL, halves of letters; raises ValueError when deep."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(found, str):
        return _kept(found)
    if isinstance(found, dict):
        return {_kept(key): cleaned(value, depth + 1) for key, value in found.items()}
    if isinstance(found, list):
        return [cleaned(one, depth + 1) for one in found]
    if isinstance(found, float) and not isfinite(found):
        raise ValueError("no number")
    return number(found) if isinstance(found, int) and not isinstance(found, bool) else found


def _kept(found: str) -> str:
    fine = found.isascii() and "\x00" not in found
    return found if fine else _UNKEPT.sub("\ufffd", found)


def degrees(found: Any) -> float:
    """A latitude or a longitude. Raises ValueError for all else."""
    if isinstance(found, bool) or not isinstance(found, int | float) or abs(found) > 180:
        raise ValueError("no place on earth")
    return float(found)
