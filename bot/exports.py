"""What went out as a list or a file, kept in the organisation's journal: who took what, when."""

import getpass
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.cli_words import NotDone, say
from bot.world import World
from procedure.codec import Prose
from procedure.decision import CLOCK
from procedure.entries_organisation import ORGANISATION, ExportMade
from storage import journal, people
from storage.away import DatabaseAway
from storage.database import Database

CONSOLE = "cli"


def note(database: Database, at: datetime, what: str, count: int, about: str = "") -> None:
    """Keeps what was taken at the console of this machine. Raises DatabaseAway."""
    fact = ExportMade(what=what, count=count, about=about, login=Prose(_login()))
    database.write(
        lambda session: people.record(session, [fact], at=at, actor=CLOCK, channel=CONSOLE)
    )


def keep(world: World, files: Sequence[Path], what: str, count: int) -> None:
    """The same of files that were just written: what cannot be kept in the journal goes again.

    Raises NotDone.
    """
    try:
        note(world.db, world.now(), what, count)
    except DatabaseAway as away:
        for one in files:
            one.unlink(missing_ok=True)
        raise NotDone(say("export_not_kept", why=away)) from None


def try_note(database: Database, at: datetime, what: str, count: int, about: str = "") -> str:
    """The same of what must go out even where nothing can be written: what is wrong, or nothing."""
    try:
        note(database, at, what, count, about)
    except DatabaseAway as away:
        return say("export_unlogged", why=away)
    return ""


def lines(world: World) -> Iterator[str]:
    """Who took what, the newest first."""
    organisation = world.db.read(people.organisation)
    entries = world.db.read(lambda session: journal.of_kind(session, ORGANISATION, ExportMade))
    for entry in reversed(entries):
        fact = entry.fact
        assert isinstance(fact, ExportMade)
        yield say(
            "export_line",
            at=f"{entry.at.astimezone(world.settings.zone):%H:%M %d/%m/%Y}",
            what=say(f"export_{fact.what}", about=fact.about, count=fact.count),
            person=organisation.people.get(entry.actor),
            login=fact.login,
        )
    if not entries:
        yield say("export_none")


def _login() -> str:
    """Under which name of the machine somebody works; empty where it gives none."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return ""
