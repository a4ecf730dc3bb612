"""The first and the last day of a role."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: The oldest generation of the program (storage.migrate.GENERATION) that can work on this schema:
#: an older one would take a role whose last day is past for one that is held.
oldest_binary = 7


def upgrade() -> None:
    """One step forward."""
    with op.batch_alter_table("holdings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))


def downgrade() -> None:
    """One step back."""
    with op.batch_alter_table("holdings", schema=None) as batch_op:
        batch_op.drop_column("until")
        batch_op.drop_column("since")
