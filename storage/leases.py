"""Who of several processes does alone what one has to do (bot.alone)."""

from sqlmodel import Session, col, func, select

from storage.tables import LeaseRow


def held(session: Session) -> bool:
    """Whether any process holds a lease now, by the clock of the database server."""
    query = select(LeaseRow.name).where(col(LeaseRow.until) > func.now())
    return session.exec(query.limit(1)).first() is not None
