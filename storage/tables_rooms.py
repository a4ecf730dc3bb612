"""The tables of incident rooms: places on messengers, who is there, what is to be done there."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import body, instant, partial


class PlaceRow(SQLModel, table=True):
    """A group, a topic or a forum of a messenger in which the bot is; `chat` holds its lines.

    `kind` is group, topic or forum; a topic stands in its `forum`, and `external` is empty-handed
    ("wait:…") until the messenger has made it. `stream` is the incident whose room it is, `room`
    its number there. The card is the pinned message that shows how the incident stands.
    """

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("channel", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    external: str = Field(max_length=64)
    kind: str = Field(max_length=8)
    title: str = Field(default="", sa_column=Column(Text, nullable=False))
    stream: str | None = Field(default=None, index=True, max_length=64)
    room: int = 0
    forum: int | None = None
    chat: int = 0
    #: What the bot may do there as JSON; empty while it is no administrator.
    rights: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    made_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    #: The name and icon that a topic was given last, and whether it stands closed there.
    named: str = Field(default="", sa_column=Column(Text, nullable=False))
    shut: bool = False
    card: str | None = Field(default=None, max_length=64)
    card_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    card_at: datetime | None = instant(nullable=True)
    #: When the card will say something that is no longer true, though nothing happens.
    card_until: datetime | None = instant(nullable=True)
    pinned_at: datetime | None = instant(nullable=True)
    untold: bool = True


class GroupMemberRow(SQLModel, table=True):
    """An account in a group of a messenger; a guest of a journal is named by this row's id."""

    __tablename__ = "group_members"
    __table_args__ = (UniqueConstraint("channel", "external", "account"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    external: str = Field(max_length=64)
    account: str = Field(max_length=64)
    name: str = Field(default="", sa_column=Column(Text, nullable=False))
    joined_at: datetime = instant()
    left_at: datetime | None = instant(nullable=True)


class ErrandRow(SQLModel, table=True):
    """Something to be done at a messenger that is no message: a ban, an approval, a deletion."""

    __tablename__ = "errands"
    __table_args__ = (partial("ix_errands_waiting", "channel", where="done_at IS NULL"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    kind: str = Field(max_length=16)
    data: str = body()
    made_at: datetime = instant()
    done_at: datetime | None = instant(nullable=True)
    why: str = Field(default="", max_length=160)
