"""`bot migrate --from`: everything of another database into the one that the settings name."""

from collections.abc import Iterator

from bot.cli_words import NotDone, say
from bot.settings import Settings
from storage import migrate, moving
from storage.database import open_database


def move(settings: Settings, source: str) -> Iterator[str]:
    """Copies, verifies, and says what came along. Raises NotDone."""
    if source == settings.database:
        raise NotDone(say("move_same"))
    try:
        if not migrate.standing(source).usable:
            raise NotDone(say("move_old", path=source))
        migrate.upgrade(settings.database)
    except migrate.BrokenDatabase as broken:
        raise NotDone(say("broken_database", path=settings.database_name, why=broken)) from broken
    old, new = open_database(source), open_database(settings.database)
    try:
        found = moving.copy(old, new)
    except moving.NotEmpty as full:
        raise NotDone(say("move_not_empty", path=settings.database_name)) from full
    except moving.NotTheSame as other:
        raise NotDone(say("move_differs", where=other)) from other
    finally:
        old.close()
        new.close()
    yield say("moved", path=settings.database_name, count=sum(found.values()))
    yield say("moved_journal", count=found.get("entries", 0))
