"""Before the service runs: migrated tables, a policy in force, and at first start the sample."""

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.cli_words import say
from bot.holidays_vn import calendar_text, terms_version
from bot.sample import adopt_policy, load_sample
from bot.settings import Settings
from bot.world import World, make_world, policy_text
from procedure.decision import CLOCK
from procedure.policy import Policy
from storage import migrate, people

SAMPLE, EMPTY = "sample", "empty"
#: A database is built here; what a kill leaves is swept.
SPARE = ".making-"


@dataclass(frozen=True)
class Ready:
    """The schema's revision, and what was made: "sample", "empty", or None when it was there."""

    revision: str
    made: str | None


def ready(settings: Settings, *, sample: bool = True) -> Ready:
    """Makes the database of the settings fit for use, and is safe to call at every start.

    A database that is not there is made, with the sample organisation or as a real, empty one;
    one that is there is migrated and never gets sample data. Raises PolicyFault, SchemaTooNew,
    BrokenDatabase, OSError.
    """
    if not settings.database_is_file:
        return _on_server(settings, sample=sample)
    path = settings.database_path
    if not path.exists():
        return _make(settings, path, sample=sample)
    revision = migrate.upgrade(settings.database)
    world = make_world(settings)
    try:
        _follow_policy(world)
    finally:
        world.db.close()
    return Ready(revision, None)


def _on_server(settings: Settings, *, sample: bool) -> Ready:
    """In one transaction, while other replicas that start at the same time wait for it."""
    world = make_world(settings)
    try:
        with migrate.broken_if_not_opened(), world.db.whole() as connection:
            empty = migrate.revision_of(connection) is None
            revision = migrate.move(connection)
            if empty and sample:
                load_sample(world)
            else:
                _follow_policy(world)
    finally:
        world.db.close()
    made = (SAMPLE if sample else EMPTY) if empty else None
    return Ready(revision, made)


def _make(settings: Settings, path: Path, *, sample: bool) -> Ready:
    """Built beside its place and moved there whole: a start that is killed leaves nothing half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=SPARE, dir=path.parent) as folder:
        building = Path(folder) / path.name
        address = f"sqlite:///{building}"
        revision = migrate.upgrade(address)
        world = make_world(settings.model_copy(update={"database_url": address}))
        try:
            if sample:
                load_sample(world)
            else:
                _follow_policy(world)
        finally:
            world.db.settle()
            world.db.close()
        if path.exists():  # another start was faster; its database stands
            return Ready(revision, None)
        os.replace(building, path)
    return Ready(revision, SAMPLE if sample else EMPTY)


def _follow_policy(world: World) -> None:
    """The text of the settings is in force for incidents that open from now on."""
    text = policy_text(world.settings)
    Policy.read(text)
    version = terms_version(text, calendar_text())
    if world.db.read(people.policy_in_force) != version:
        if world.is_sample():
            world.restore_clock()
        adopt_policy(world, world.now(), by=CLOCK, reason=say("policy_adopted"))
