"""Trial messages: who has answered which. What was told and answered is all that is kept of them.

That somebody's line holds is no change of the organisation, and it lapses with his chat: so it is
read from the prompts themselves, which are never swept, and stands in no journal.
"""

from sqlmodel import Session, col, select

from storage.chats import BOT
from storage.tables import ChatRow, MessageRow

#: What every trial message is about: a newer one takes the place of an older one in its chat.
ABOUT = "trial"


def key(number: int, person: int) -> str:
    """The key of one person's message of a trial."""
    return f"{ABOUT}:{number}:{person}"


def answers(session: Session, number: int) -> dict[int, bool]:
    """Everybody whom a trial was sent to, and whether he has answered on any channel."""
    rows = session.exec(
        select(MessageRow.person, MessageRow.answered)
        .where(
            MessageRow.about == ABOUT,
            MessageRow.sender == BOT,
            col(MessageRow.key).startswith(f"{ABOUT}:{number}:", autoescape=True),
        )
        .order_by(col(MessageRow.id))
    ).all()
    found: dict[int, bool] = {}
    for person, answered in rows:
        found[person] = found.get(person, False) or answered is not None
    return found


def proven(session: Session) -> frozenset[int]:
    """Who has answered any trial in a chat in which he can still be told something."""
    query = (
        select(MessageRow.person)
        .join(ChatRow, col(ChatRow.id) == col(MessageRow.chat))
        .where(
            MessageRow.about == ABOUT,
            col(MessageRow.answered).is_not(None),
            col(ChatRow.unreachable_at).is_(None),
            ChatRow.person == MessageRow.person,
        )
        .distinct()
    )
    return frozenset(session.exec(query).all())
