"""`bot people`: the register taken in, written out, and looked through for gaps."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_out import or_stop, put, stop
from bot.cli_words import say
from bot.cli_world import current_settings, group, moment, opened

people = group("help_people")
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
Who = Annotated[str, typer.Argument(metavar="PERSON", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help=say("help_people_yes"))]


@people.command("import", help=say("help_people_import"))
def people_import(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)],
    yes: Yes = False,
) -> None:
    with opened(current_settings()) as world:
        from bot import cli_people

        with or_stop():
            found = cli_people.looked_at(world, files)
        if found.faults:
            stop(cli_people.fault_lines(found))
        put(cli_people.change_lines(found))
        if found.changes and yes:
            put(cli_people.taken(world, found, _progress))
        elif found.changes:
            typer.echo(say("people_dry"))


@people.command("export", help=say("help_people_export"))
def people_export(
    file: File,
) -> None:
    with opened(current_settings()) as world:
        from bot import cli_people

        with or_stop():
            put(cli_people.written(world, file))


@people.command("template", help=say("help_people_template"))
def people_template(
    file: File,
) -> None:
    with opened(current_settings()) as world:
        from bot import cli_people

        with or_stop():
            put(cli_people.written(world, file, empty=True))


@people.command("gaps", help=say("help_people_gaps"))
def people_gaps() -> None:
    with opened(current_settings()) as world:
        from bot import cli_people

        put(cli_people.gap_lines(world))


@people.command("speakers", help=say("help_people_speakers"))
def people_speakers(file: File) -> None:
    with opened(current_settings()) as world:
        from bot import cli_people

        with or_stop():
            put(cli_people.published(world, file))


@people.command("held", help=say("help_people_held"))
def people_held(
    unit: Annotated[str, typer.Argument(metavar="UNIT", show_default=False)],
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help=say("help_at"))] = None,
) -> None:
    settings = current_settings()
    said = moment(at, settings.zone)
    with opened(settings) as world:
        from bot import cli_people

        with or_stop():
            put(cli_people.holder_lines(world, said or world.now(), unit))


@people.command("show", help=say("help_people_show"))
def people_show(who: Who) -> None:
    with opened(current_settings()) as world:
        from bot import personal

        with or_stop():
            put(personal.shown(world, personal.found(world, who)))


@people.command("lock", help=say("help_people_lock"))
def people_lock(who: Who) -> None:
    with opened(current_settings()) as world:
        from bot import personal

        with or_stop():
            put(personal.locked(world, personal.found(world, who)))


@people.command("blank", help=say("help_people_blank"))
def people_blank(
    who: Who,
    reason: Annotated[str, typer.Option("--reason", help=say("help_people_reason"))] = "",
    yes: Yes = False,
) -> None:
    with opened(current_settings()) as world:
        from bot import personal

        with or_stop():
            person = personal.found(world, who)
            put(personal.would(world, person))
            if not yes:
                return put([say("people_dry")])
            put(personal.blank(world, person, reason))


@people.command("exports", help=say("help_people_exports"))
def people_exports() -> None:
    with opened(current_settings()) as world:
        from bot import exports

        put(exports.lines(world))


@people.command("confirm", help=say("help_people_confirm"))
def people_confirm(
    yes: Yes = False,
) -> None:
    with opened(current_settings()) as world:
        from bot import cli_people

        put(cli_people.waiting_lines(world))
        if yes:
            with or_stop():
                put(cli_people.confirmed(world))


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int], object]]:
    """A bar on the console, where there is one."""
    with typer.progressbar(length=count, file=sys.stderr) as bar:
        yield bar.update
