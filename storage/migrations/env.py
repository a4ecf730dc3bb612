"""What Alembic runs for every command: our metadata, on the connection that was handed in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import String

from storage.tables import metadata


def written(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own column types stand in a revision as what the database knows them as."""
    if kind != "type":
        return False
    plain = getattr(item, "impl_instance", getattr(item, "impl", item))
    if isinstance(plain, type):
        plain = plain()
    if type(item).__module__.startswith("sqlalchemy.") or not isinstance(plain, String):
        return False
    length = plain.length or getattr(item, "length", None)
    return f"sa.String(length={length})" if length else "sa.String()"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=written,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
