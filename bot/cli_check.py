"""`bot check`: what an operator wants to know before he starts the service, one line each."""

import os
from collections.abc import Iterator

from bot.cli_words import say, setting_lines
from bot.holidays_vn import calendar_text, terms_version
from bot.render import Renderer
from bot.settings import SettingFaults, Settings, environment_names, read_settings
from bot.world import World, make_world, policy_text
from procedure.policy import Policy, PolicyFault
from storage import migrate, people

#: One thing looked at: whether it is good, and what to say of it.
Finding = tuple[bool, str]


def findings() -> Iterator[Finding]:
    """Looks at everything, changes nothing; stops early only where the rest cannot be known."""
    yield from _unknown_settings()
    try:
        settings = read_settings()
    except SettingFaults as faults:
        for line in setting_lines(faults):
            yield False, line
        return
    yield True, say("check_settings", address=settings.address, zone=settings.timezone)
    version = None
    for finding, read in _policy(settings):
        version = read or version
        yield finding
    yield from _templates(settings)
    yield from _database(settings, version)


def _unknown_settings() -> Iterator[Finding]:
    known = {f"BOT_{name.upper()}" for name in Settings.model_fields}
    for name in sorted(environment_names() - known):
        yield False, say("check_unknown", name=name)


def _policy(settings: Settings) -> Iterator[tuple[Finding, str | None]]:
    path = settings.policy
    source = say("source_own", path=path) if path else say("source_default")
    try:
        text = policy_text(settings)
        Policy.read(text)
        version = terms_version(text, calendar_text())
    except PolicyFault as fault:
        words = say("check_policy_wrong", source=source, count=len(fault.faults))
        yield (False, words), None
        return
    yield (True, say("check_policy", source=source, version=version)), version


def _templates(settings: Settings) -> Iterator[Finding]:
    environment = Renderer(settings.zone).environment
    names = environment.list_templates(extensions=["j2"])
    whole = True
    for name in names:
        try:
            environment.get_template(name)
        except Exception as error:  # only bot.render knows the template library's errors
            whole = False
            line = getattr(error, "lineno", 0)
            yield False, say("check_template_wrong", name=name, line=line, why=error)
    if whole:
        yield True, say("check_templates", count=len(names))


def _database(settings: Settings, version: str | None) -> Iterator[Finding]:
    path = settings.database_name
    near = settings.data_dir.absolute() / path
    folder = next(one for one in near.parents if one.exists())
    if not os.access(folder, os.W_OK):
        yield False, say("check_folder", path=folder)
    try:
        schema = migrate.standing(settings.database)
    except migrate.BrokenDatabase as broken:
        yield False, say("check_database_broken", path=path, why=broken)
        return
    if schema.revision is None and not (settings.database_is_file and near.exists()):
        yield True, say("check_no_database", path=path)
        return
    yield True, say("check_database", path=path)
    if not schema.usable:
        yield False, say("check_schema_old", revision=schema.revision)
        return
    yield from _tables(settings, schema.revision)
    if version:
        yield from _content(settings, version)


def _tables(settings: Settings, revision: str | None) -> Iterator[Finding]:
    differences = migrate.differences(settings.database)
    if differences:
        yield False, say("check_schema_differs", count=len(differences))
    else:
        yield True, say("check_schema", revision=revision)


def _content(settings: Settings, version: str) -> Iterator[Finding]:
    world = make_world(settings)
    try:
        yield _in_force(world, version)
        organisation = world.db.read(people.organisation)
        sample = world.is_sample()
    finally:
        world.db.close()
    counts = {"units": len(organisation.units), "people": len(organisation.people)}
    if sample:
        yield True, say("check_sample", **counts)
    elif organisation.people:
        yield True, say("check_real", **counts)
    else:
        yield True, say("check_nobody")
    if settings.rehearsal and not (sample and settings.loopback):
        why = "rehearsal_open" if sample else "rehearsal_real"
        for line in setting_lines(SettingFaults({"BOT_REHEARSAL": why})):
            yield False, line


def _in_force(world: World, version: str) -> Finding:
    stands = world.db.read(people.policy_in_force)
    if stands == version:
        return True, say("check_policy_in_force", version=version)
    return True, say("check_policy_waits", version=stands, other=version)
