"""Which statements a piece of work asks the database, by whichever way they go."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.prepared import Worded


@contextmanager
def heard(*engines: Engine) -> Iterator[dict[str, Any]]:
    """Every statement that is asked meanwhile, with the values of one time that it was."""
    found: dict[str, Any] = {}

    def keep(_c: Any, _k: Any, statement: str, given: Any, _x: Any, many: bool) -> None:
        found.setdefault(statement, given[0] if many else given)

    def values(worded: Worded, given: Any) -> Any:
        made = taken(worded, given)
        found.setdefault(worded.words, made)
        return made

    taken = Worded.values
    for engine in engines:
        event.listen(engine, "before_cursor_execute", keep)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Worded, "values", values)
            yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", keep)
