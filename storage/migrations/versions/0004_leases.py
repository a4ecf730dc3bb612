"""Leases: what one of several processes does alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: The oldest generation of the program (storage.migrate.GENERATION) that can work on this schema.
oldest_binary = 1


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def downgrade() -> None:
    """One step back."""
    op.drop_table("leases")
