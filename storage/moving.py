"""Everything of one database into another, empty one: from a file to a server, or back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Table, delete, func, insert, select, text
from sqlmodel import Session

from storage import journal
from storage.database import Database
from storage.migrate import OLDEST_BINARY, REVISION
from storage.schema import metadata

_AT_ONCE = 1000
#: A lease is its database's own.
_TABLES = [one for one in metadata.sorted_tables if one.name != "leases"]
#: Each database says these of itself.
_OWN = (REVISION, OLDEST_BINARY)


class NotEmpty(Exception):
    """The database to be filled holds something already; its argument names the table."""


class NotTheSame(Exception):
    """What was written is not what was read; its argument says where. Nothing is kept."""


def copy(source: Database, target: Database, *, replace: bool = False) -> Mapping[str, int]:
    """Copies every row, in one transaction; returns how many by table, of tables that hold any.

    Both stand at the newest revision; of the source it is the state of one moment. With `replace`
    what stands in the target goes. The journal's chains are verified in the new place before
    anything counts. Raises NotEmpty, NotTheSame.
    """
    with target.whole() as connection, source.reader.connect() as reading:
        for table in _TABLES:
            if replace:
                connection.execute(_clear(table))
            elif _count(connection, table):
                raise NotEmpty(table.name)
        for table in _TABLES:
            for rows in _rows(reading, table):
                connection.execute(insert(table), rows)
            _go_on_numbering(connection, table)
        _compare(reading, connection)
        found = {table.name: _count(connection, table) for table in _TABLES}
    return {name: count for name, count in found.items() if count}


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[dict[str, Any]]]:
    query = select(table).order_by(*table.primary_key)
    for part in connection.execute(query).mappings().partitions(_AT_ONCE):
        yield [dict(row) for row in part if row.get("name") not in _OWN or table.name != "marks"]


def _clear(table: Table) -> Delete:
    gone = delete(table)
    return gone.where(table.c.name.not_in(_OWN)) if table.name == "marks" else gone


def _count(connection: Connection, table: Table) -> int:
    query = select(func.count()).select_from(table)
    if table.name == "marks":
        query = query.where(table.c.name.not_in(_OWN))
    return int(connection.execute(query).scalar_one())


def _go_on_numbering(connection: Connection, table: Table) -> None:
    """New rows get higher numbers than those that came along."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    top = connection.execute(select(func.max(table.c.id))).scalar()
    if top:
        reset = text("SELECT setval(pg_get_serial_sequence(:of, 'id'), :top)")
        connection.execute(reset, {"of": table.name, "top": top})


def _compare(one: Connection, other: Connection) -> None:
    for table in _TABLES:
        if _count(one, table) != _count(other, table):
            raise NotTheSame(table.name)
    before, after = (Session(bind=each) for each in (one, other))
    if journal.heads(before) != journal.heads(after):
        raise NotTheSame("heads")
    for fault in journal.verify(after):
        raise NotTheSame(f"{fault.stream} {fault.seq}: {fault.why}")
