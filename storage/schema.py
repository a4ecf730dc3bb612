"""Every table of the database, in one place for whoever needs them all."""

from storage import tables_arrangements, tables_rooms
from storage.tables import metadata

#: Importing a module of tables puts them into `metadata`.
MODULES = (tables_arrangements, tables_rooms)

__all__ = ["MODULES", "metadata"]
