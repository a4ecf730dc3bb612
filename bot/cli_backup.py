"""`backup` and `restore` on the console: the streams they go through, and what is said of them."""

import contextlib
import io
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

from bot import backup, exports, restore
from bot.cli_words import NotDone, say
from bot.hold import Held
from bot.present import Present
from bot.restore import NotRestored
from bot.settings import Settings
from storage import copies, marks, migrate
from storage.copies import InUse
from storage.database import open_database
from storage.migrate import BrokenDatabase, SchemaTooNew

#: The archive goes to the standard output, or comes from the standard input.
PIPE = Path("-")


def back_up(settings: Settings, path: Path | None) -> tuple[str, bool]:
    """Writes a backup; what to say of it, and whether it holds everything. Raises NotDone."""
    now = Present()()
    to = path or Path(f"motdaumoi-{now.astimezone(settings.zone):%Y%m%d-%H%M%S}.tar")
    if not copies.stands(settings.database):
        raise NotDone(say("no_database", path=settings.database_name))
    if to == PIPE and sys.stdout.isatty():
        raise NotDone(say("backup_terminal"))
    try:
        if to == PIPE:
            made = backup.to_stream(settings, sys.stdout.buffer, now)
            sys.stdout.buffer.flush()
        else:
            made = backup.to_file(settings, to, now)
    except FileExistsError:
        raise NotDone(say("backup_exists", path=to)) from None
    except BrokenDatabase as broken:
        raise NotDone(say("broken_database", path=settings.database_name, why=broken)) from None
    except OSError as error:
        raise NotDone(say("backup_unwritten", path=to, why=error.strerror or error)) from None
    shown = say("pipe_out") if to == PIPE else to
    facts = {"path": shown, "files": made.files, "entries": made.entries}
    unkept = _note(settings, made.entries, now)
    if made.lacking:
        lacking = {"count": len(made.lacking), "first": made.lacking[0]}
        return say("backup_lacking", **facts, **lacking) + unkept, False
    return say("backup_made", **facts) + unkept, True


def _note(settings: Settings, entries: int, now: datetime) -> str:
    """A backup is worth more than its mention: one that cannot be kept in the journal stands."""
    if not migrate.standing(settings.database).usable:
        return "\n" + say("export_unlogged", why=say("schema_not_newest"))
    database = open_database(settings.database)
    try:
        at = now + database.read(marks.clock_ahead)
        unkept = exports.try_note(database, at, "backup", entries)
    finally:
        database.close()
    return f"\n{unkept}" if unkept else ""


def put_back(settings: Settings, path: Path, into: Path | None) -> Iterator[str]:
    """Restores a backup; what to say of it, line by line. Raises NotDone."""
    shown = say("pipe_in") if path == PIPE else path
    if into is not None:
        settings = settings.model_copy(update={"data_dir": into, "database_url": None})
    try:
        with _source(path) as source:
            done = restore.restore(settings, source, Present()())
    except NotRestored as refused:
        raise NotDone(say(refused.key, path=shown, **refused.facts)) from None
    except SchemaTooNew as newer:
        raise NotDone(say("restore_too_new", path=shown, revision=newer.revision)) from None
    except Held as other:
        raise NotDone(say("restore_held", path=other.folder, by=other.by)) from None
    except InUse:
        raise NotDone(say("restore_in_use", path=settings.database_name)) from None
    except OSError as error:
        raise NotDone(say("restore_unread", path=shown, why=error.strerror or error)) from None
    made_at = f"{done.made_at.astimezone(settings.zone):%H:%M %d/%m/%Y}"
    yield say(
        "restored",
        path=settings.data_dir,
        made_at=made_at,
        files=done.files,
        entries=done.entries,
    )
    if done.lacking:
        yield say("restored_lacking", count=done.lacking)
    if done.aside:
        yield say("restored_aside", path=done.aside)


@contextlib.contextmanager
def _source(path: Path) -> Iterator[io.BufferedReader]:
    if path == PIPE:
        yield cast(io.BufferedReader, sys.stdin.buffer)
    else:
        with path.open("rb") as file:
            yield file
