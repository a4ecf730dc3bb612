"""Small indexes of what is asked for all the time, so that no history slows it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: The oldest generation of the program (storage.migrate.GENERATION) that can work on this schema.
oldest_binary = 1

_UNSEEN = "duties != '[]' AND {} AND shown_at IS NULL AND {} AND answered IS NULL"
_INDEXES = (
    (
        "ix_messages_unseen",
        "messages",
        "created_at",
        _UNSEEN.format("passed_on = 0", "superseded = 0"),
        _UNSEEN.format("NOT passed_on", "NOT superseded"),
    ),
    ("ix_incidents_open", "incidents", "opened_at", "is_open = 1", "is_open"),
    ("ix_inbox_full", "inbox", "handled_at", *("state = 'done' AND body != '{}'",) * 2),
)


def upgrade() -> None:
    """One step forward."""
    op.create_index(op.f("ix_incidents_seq"), "incidents", ["seq"], unique=False)
    for name, table, column, lite, server in _INDEXES:
        op.create_index(
            name, table, [column], sqlite_where=sa.text(lite), postgresql_where=sa.text(server)
        )


def downgrade() -> None:
    """One step back."""
    for name, table, *_ in _INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_index(op.f("ix_incidents_seq"), table_name="incidents")
