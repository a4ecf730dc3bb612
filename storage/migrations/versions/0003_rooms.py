"""Sending at the limits: why a line was set aside."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: The oldest generation of the program (storage.migrate.GENERATION) that can work on this schema.
oldest_binary = 1


def upgrade() -> None:
    """One step forward."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("why", sa.String(length=160), server_default="", nullable=False)
        )
        batch_op.create_index(
            "ix_messages_held",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state = 'held'"),
        )


def downgrade() -> None:
    """One step back."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_held", sqlite_where=sa.text("state = 'held'"))
        batch_op.drop_column("why")
