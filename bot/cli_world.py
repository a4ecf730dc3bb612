"""What the commands share: the settings, the world that they open, and how they begin."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from bot.cli_out import MISUSED, stop, stop_at_policy, stop_at_settings
from bot.cli_words import NotDone, say
from bot.settings import SettingFaults, Settings, read_settings

if TYPE_CHECKING:
    from bot.world import World


def group(help_block: str) -> typer.Typer:
    """Commands that stand together, helped by a block of the words."""
    return typer.Typer(
        help=say(help_block),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


class opened:
    """The world on a database that is there and newest; closed again at the end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __enter__(self) -> "World":
        from bot.world import make_world
        from procedure.policy import PolicyFault
        from storage import migrate

        path = self.settings.database_name
        try:
            schema = migrate.standing(self.settings.database)
        except migrate.BrokenDatabase as broken:
            stop([say("broken_database", path=path, why=broken)])
        if schema.revision is None:
            stop([say("no_database", path=path)])
        if not schema.usable:
            stop([say("old_database", path=path)])
        try:
            self.world = make_world(self.settings)
        except PolicyFault as fault:
            stop_at_policy(fault)
        if self.world.is_sample():
            self.world.restore_clock()
        return self.world

    def __exit__(self, *_: object) -> None:
        self.world.db.close()


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """No other service on this data folder while it lasts."""
    from bot.hold import Held, held

    try:
        with held(settings):
            yield
    except Held as other:
        stop([say("already_runs", path=other.folder, by=other.by)])


def current_settings() -> Settings:
    """Those of the environment; wrong ones are named, and that is the end."""
    try:
        return read_settings()
    except SettingFaults as faults:
        stop_at_settings(faults)


def prepare_database(settings: Settings, *, sample: bool) -> str:
    """Makes the database ready, says what was made, and returns its revision."""
    from bot.setup import ready
    from procedure.policy import PolicyFault
    from storage.migrate import BrokenDatabase, SchemaTooNew

    path = settings.database_name
    try:
        done = ready(settings, sample=sample)
    except PolicyFault as fault:
        stop_at_policy(fault)
    except SchemaTooNew as newer:
        stop([say("schema_too_new", revision=newer.revision)])
    except BrokenDatabase as broken:
        stop([say("broken_database", path=path, why=broken)])
    except OSError as error:
        stop([say("not_writable", path=path, why=error.strerror or error)])
    if done.made:
        typer.echo(say(f"made_{done.made}", path=path))
    return done.revision


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What cannot be written there is said in one line. Raises NotDone."""
    try:
        yield
    except OSError as error:
        raise NotDone(say("not_writable", path=path, why=error.strerror or error)) from None


def moment(given: str | None, zone: ZoneInfo) -> datetime | None:
    """A moment as ISO text, without a zone in local time."""
    if given is None:
        return None
    try:
        said = datetime.fromisoformat(given)
    except ValueError:
        stop([say("time_unreadable", given=given)], MISUSED)
    return said if said.tzinfo else said.replace(tzinfo=zone)
