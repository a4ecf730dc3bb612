"""A line of a chat as it is read on the hot paths: not to be changed, and known to no session."""

from datetime import datetime
from typing import NamedTuple

from storage.tables import MessageRow, metadata

LINES, CHATS = metadata.tables["messages"], metadata.tables["chats"]


class Line(NamedTuple):
    """What a MessageRow holds, under the same names."""

    id: int
    chat: int
    seq: int
    person: int
    sender: str
    state: str
    template: str
    facts: str
    choices: str
    text: str
    files: str
    stream: str | None
    about: str | None
    key: str | None
    duties: str
    rings: bool
    drill: bool
    answered: int | None
    superseded: bool
    reply_to: int | None
    created_at: datetime
    sent_at: datetime | None
    shown_at: datetime | None
    origin: int | None
    passed_on: bool
    taken: str
    trim: bool


#: What only looks at a line takes either.
AnyLine = Line | MessageRow
#: The columns of a Line, in its order.
COLUMNS = tuple(LINES.c[name] for name in Line._fields)
