"""The commands: read the arguments, call one function, print lines, leave with a code.

What a command needs is imported inside it, so that `--help` and `when` answer at once.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import cli_register
from bot.cli_out import WRONG, or_stop, put, put_json, stop, stop_at_policy, stop_at_settings
from bot.cli_words import say
from bot.cli_world import (
    alone,
    current_settings,
    group,
    moment,
    opened,
    prepare_database,
    writing,
)
from bot.settings import SettingFaults

if TYPE_CHECKING:
    pass


app = group("help_bot")
incident = group("help_incident")
audit = group("help_audit")
policy = group("help_policy")
app.add_typer(incident, name="incident")
app.add_typer(audit, name="audit")
app.add_typer(policy, name="policy")
app.add_typer(cli_register.people, name="people")

At = Annotated[str | None, typer.Option("--at", metavar="TIME", help=say("help_at"))]
Json = Annotated[bool, typer.Option("--json", help=say("help_json"))]
Code = Annotated[str, typer.Argument(metavar="CODE", show_default=False)]


# The service


@app.command(help=say("help_run"))
def run(
    empty: Annotated[bool, typer.Option("--empty", help=say("help_run_empty"))] = False,
) -> None:
    settings = current_settings()
    from bot.service import run as serve

    with alone(settings):
        prepare_database(settings, sample=not empty)
        try:
            serve(settings)
        except SettingFaults as faults:
            stop_at_settings(faults)


@app.command(help=say("help_check"))
def check(
    watch: Annotated[
        list[str] | None, typer.Option("--watch", metavar="URL", help=say("help_check_watch"))
    ] = None,
) -> None:
    if watch:
        from bot.cli_watch import watch as look

        found = look(current_settings(), watch)
    else:
        from bot.cli_check import findings

        found = findings()
    bad = False
    for good, words in found:
        typer.echo(say("check_line", good=good, words=words))
        bad = bad or not good
    raise typer.Exit(WRONG if bad else 0)


@app.command(help=say("help_migrate"))
def migrate(
    source: Annotated[
        str | None, typer.Option("--from", metavar="ADDRESS", help=say("help_migrate_from"))
    ] = None,
) -> None:
    settings = current_settings()
    if source:
        from bot import cli_migrate

        with or_stop():
            return put(cli_migrate.move(settings, source))
    revision = prepare_database(settings, sample=False)
    typer.echo(say("migrated", path=settings.database_name, revision=revision))


@app.command(help=say("help_backup"))
def backup(
    file: Annotated[Path | None, typer.Argument(metavar="FILE|-", show_default=False)] = None,
) -> None:
    settings = current_settings()
    from bot import cli_backup

    with or_stop():
        words, whole = cli_backup.back_up(settings, file)
    typer.echo(words, err=file == cli_backup.PIPE or not whole)
    raise typer.Exit(0 if whole else WRONG)


@app.command(help=say("help_restore"))
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE|-", show_default=False)],
    into: Annotated[
        Path | None, typer.Option("--into", metavar="DIR", help=say("help_restore_into"))
    ] = None,
) -> None:
    settings = current_settings()
    from bot import cli_backup

    with or_stop():
        put(cli_backup.put_back(settings, file, into))


@app.command(help=say("help_tick"))
def tick(at: At = None) -> None:
    settings = current_settings()
    said = moment(at, settings.zone)
    with opened(settings) as world:
        from bot.clock import tick as beat

        now = said or world.now()
        rung = beat(world, now)
        typer.echo(say("ticked", at=f"{now.astimezone(settings.zone):%H:%M %d/%m/%Y}", rung=rung))


@app.command(help=say("help_invite"))
def invite(
    person: Annotated[str | None, typer.Argument(metavar="PERSON", show_default=False)] = None,
    everyone: Annotated[bool, typer.Option("--all", help=say("help_invite_all"))] = False,
    admin: Annotated[bool, typer.Option("--admin", help=say("help_invite_admin"))] = False,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="NAME", help=say("help_invite_unit"))
    ] = None,
    missing: Annotated[bool, typer.Option("--missing", help=say("help_invite_missing"))] = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help=say("help_invite_sheet"))
    ] = None,
) -> None:
    with opened(current_settings()) as world:
        from bot import cli_invite, exports

        try:
            if admin:
                whom = [cli_invite.admin(world, person, unit)]
            elif missing:
                whom = cli_invite.unreached(world)
            else:
                whom = cli_invite.chosen(world, person, everyone=everyone)
        except cli_invite.NotChosen as unclear:
            stop(unclear.lines)
        invited = cli_invite.links_for(world, whom)
        put(cli_invite.lines(invited))
        if everyone or missing:
            typer.echo(cli_invite.progress(world), err=True)
        if sheet:
            with or_stop(), writing(sheet):
                sheet.write_text(cli_invite.sheet(world, invited), "utf-8")
                sheet.chmod(0o600)
                exports.keep(world, [sheet], "invitations", len(invited))


@app.command(help=say("help_drill"))
def drill(
    code: Annotated[str | None, typer.Argument(metavar="CODE", show_default=False)] = None,
    speed: Annotated[float, typer.Option("--speed", min=1, help=say("help_drill_speed"))] = 600,
    step: Annotated[bool, typer.Option("--step", help=say("help_drill_step"))] = False,
    stay: Annotated[bool, typer.Option("--stay", help=say("help_drill_stay"))] = False,
) -> None:
    settings = current_settings()
    from bot import cli_drill

    try:
        cli_drill.play(
            settings, code, speed=speed, by_step=step, stays=stay, prepare=prepare_database
        )
    except cli_drill.NotPlayed as why:
        stop(why.lines)
    except SettingFaults as faults:
        stop_at_settings(faults)


# Reading


@incident.command("list", help=say("help_incident_list"))
def incident_list(
    only_open: Annotated[bool, typer.Option("--open", help=say("help_open_only"))] = False,
    as_json: Json = False,
) -> None:
    with opened(current_settings()) as world:
        from bot import cli_incident

        rows = cli_incident.rows(world, only_open=only_open)
        if as_json:
            put_json(rows)
        else:
            put(cli_incident.list_lines(world, rows))


@incident.command("show", help=say("help_incident_show"))
def incident_show(code: Code, as_json: Json = False) -> None:
    with opened(current_settings()) as world:
        from bot import cli_incident

        found = cli_incident.found(world, code)
        if found is None:
            stop([say("no_incident", code=code)])
        if as_json:
            put_json(cli_incident.state(found))
        else:
            put(cli_incident.card_lines(world, found))


@incident.command("export", help=say("help_incident_export"))
def incident_export(
    code: Code,
    as_json: Annotated[bool, typer.Option("--json", hidden=True)] = True,
) -> None:
    with opened(current_settings()) as world:
        from bot import cli_incident, exports

        found = cli_incident.found(world, code)
        if found is None:
            stop([say("no_incident", code=code)])
        told = cli_incident.journal_of(world, found)
        unkept = exports.try_note(
            world.db, world.now(), "incident", len(told["entries"]), found.code
        )
        put_json(told)
        if unkept:
            typer.echo(unkept, err=True)


@audit.command("verify", help=say("help_audit_verify"))
def audit_verify() -> None:
    with opened(current_settings()) as world:
        from bot.cli_audit import verify

        lines, faults = verify(world)
        put(lines)
    raise typer.Exit(WRONG if faults else 0)


@policy.command("check", help=say("help_policy_check"))
def policy_check(file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]) -> None:
    from procedure.policy import Policy, PolicyFault

    try:
        found = Policy.read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        stop([say("policy_no_file", path=file, why=error)])
    except PolicyFault as fault:
        stop_at_policy(fault)
    typer.echo(
        say(
            "policy_good",
            version=found.version,
            duties=len(found.duties),
            patterns=len(found.patterns),
        )
    )


@app.command(help=say("help_when"))
def when(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT...", show_default=False)],
    at: At = None,
) -> None:
    from bot import wordlists
    from bot.present import Present
    from handlers.reading.moment import read_moment_words, when_line

    zone = current_settings().zone
    said_at = moment(at, zone) or Present()()
    words = read_moment_words(wordlists.table("moments"))
    for text in _texts(texts):
        typer.echo(json.dumps(when_line(text, said_at, zone, words), ensure_ascii=False))


def _texts(texts: Iterable[str]) -> Iterator[str]:
    """The texts of the arguments; "-" stands for the lines of the input, each one text."""
    for text in texts:
        if text == "-":
            yield from (line.rstrip("\r\n") for line in sys.stdin)
        else:
            yield text
