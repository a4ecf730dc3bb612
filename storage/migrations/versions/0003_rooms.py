"""Incident rooms: places of messengers, who is in them, errands there; why a line was set aside."""

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
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("external", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stream", sa.String(length=64), nullable=True),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("forum", sa.Integer(), nullable=True),
        sa.Column("chat", sa.Integer(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("shut", sa.Boolean(), nullable=False),
        sa.Column("card", sa.String(length=64), nullable=True),
        sa.Column("card_text", sa.Text(), nullable=False),
        sa.Column("card_at", sa.String(length=32), nullable=True),
        sa.Column("card_until", sa.String(length=32), nullable=True),
        sa.Column("pinned_at", sa.String(length=32), nullable=True),
        sa.Column("untold", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("channel", "external", name=op.f("uq_places_channel")),
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_places_stream"), ["stream"], unique=False)

    op.create_table(
        "group_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("external", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.String(length=32), nullable=False),
        sa.Column("left_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint(
            "channel", "external", "account", name=op.f("uq_group_members_channel")
        ),
    )
    op.create_table(
        "errands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("done_at", sa.String(length=32), nullable=True),
        sa.Column("why", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands")),
    )
    with op.batch_alter_table("errands", schema=None) as batch_op:
        batch_op.create_index(
            "ix_errands_waiting",
            ["channel"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("why", sa.String(length=160), server_default="", nullable=False)
        )
        batch_op.create_index(
            "ix_messages_held",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )


def downgrade() -> None:
    """One step back."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_held", sqlite_where=sa.text("state = 'held'"))
        batch_op.drop_column("why")

    op.drop_table("errands")
    op.drop_table("group_members")
    op.drop_table("places")
