"""Messengers: accounts, postings, files by their names there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: The oldest generation of the program (storage.migrate.GENERATION) that can work on this schema.
oldest_binary = 1


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("external", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("channel", "external", name=op.f("uq_accounts_channel")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_person"), ["person"], unique=False)

    op.create_table(
        "platform_files",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "sha256", "kind", name=op.f("pk_platform_files")),
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.Integer(), nullable=False),
        sa.Column("external", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("chat", "external", name=op.f("uq_postings_chat")),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postings_message"), ["message"], unique=False)

    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unreachable_at", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("menu", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("album", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("ready_at", sa.String(length=32), nullable=True))
        batch_op.create_index(
            "ix_inbox_lane",
            ["channel", "lane"],
            unique=False,
            sqlite_where=sa.text("state IN ('new', 'fetch')"),
            postgresql_where=sa.text("state IN ('new', 'fetch')"),
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("passed_on", sa.Boolean(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("tidied", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("taken", sa.Text(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("trim", sa.Boolean(), server_default="0", nullable=False))
        batch_op.create_index(batch_op.f("ix_messages_origin"), ["origin"], unique=False)
        batch_op.create_index(
            "ix_messages_untidy",
            ["chat"],
            unique=False,
            sqlite_where=sa.text("tidied = 0 AND state = 'sent' AND choices != '[]'"),
            postgresql_where=sa.text("NOT tidied AND state = 'sent' AND choices != '[]'"),
        )

    with op.batch_alter_table("secret_stops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("message", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("album", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("deleted_at", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """One step back."""
    with op.batch_alter_table("secret_stops", schema=None) as batch_op:
        batch_op.drop_column("deleted_at")
        batch_op.drop_column("album")
        batch_op.drop_column("message")
        batch_op.drop_column("place")

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_untidy",
            sqlite_where=sa.text("tidied = 0 AND state = 'sent' AND choices != '[]'"),
            postgresql_where=sa.text("NOT tidied AND state = 'sent' AND choices != '[]'"),
        )
        batch_op.drop_index(batch_op.f("ix_messages_origin"))
        batch_op.drop_column("trim")
        batch_op.drop_column("taken")
        batch_op.drop_column("tidied")
        batch_op.drop_column("passed_on")
        batch_op.drop_column("origin")

    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_lane", sqlite_where=sa.text("state IN ('new', 'fetch')"))
        batch_op.drop_column("ready_at")
        batch_op.drop_column("album")

    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.drop_column("menu")
        batch_op.drop_column("unreachable_at")

    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_postings_message"))

    op.drop_table("postings")
    op.drop_table("platform_files")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_person"))

    op.drop_table("accounts")
