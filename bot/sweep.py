"""Letting go of what nobody needs any more: once a day, once at start, and after an erasure.

Never the journal, never what a person was told, never a file that anything still names.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from bot import backup, files, restore, setup
from bot.present import Present
from bot.settings import Settings
from bot.world import World
from procedure.policy import Retention
from storage import loose_files as kept
from storage import people, retention
from storage.database import Session, quietly
from storage.loose_files import Loose

log = structlog.get_logger()
#: A file that nothing names stays this long after it came.
UNNAMED_FOR = timedelta(days=7)
#: What a killed process left half made is surely left after this long.
HALF_MADE_FOR = timedelta(days=1)
_SPARES = (backup.SPARE, restore.SPARE, setup.SPARE)
_BATCH = 100
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass
class Swept:
    """How many of each went."""

    files: int = 0
    strays: int = 0
    spares: int = 0
    inbox: int = 0
    sessions: int = 0


def sweep(world: World) -> Swept:
    """Takes away what is past its time; safe beside a running service and beside a backup."""
    done = Swept()
    done.files = _let_go(world)
    done.strays, done.spares = _strays(world), _half_made(world.settings)
    terms = world.db.read(lambda session: _retention(world, session))
    now = world.now()
    while emptied := world.db.write(
        lambda session: retention.empty_inbox(session, now - terms.inbox, _BATCH), quietly
    ):
        done.inbox += emptied
    done.sessions = world.db.write(
        lambda session: retention.drop_sessions(session, now - terms.sessions), quietly
    )
    log.info("swept", **asdict(done))
    return done


def _retention(world: World, session: Session) -> Retention:
    version = people.policy_in_force(session)
    return world.terms(session, version).policy.retention if version else Retention()


def _let_go(world: World) -> int:
    """Files that nothing names: a week after they came, or at once when they were erased."""
    before = world.now() - UNNAMED_FOR
    loose = world.db.read(lambda session: kept.loose(session, before))
    gone = 0
    while loose:
        some, loose = loose[:_BATCH], loose[_BATCH:]
        gone += world.db.write(partial(_delete, world, some), quietly)
    world.db.write(kept.settle_released, quietly)
    return gone


def _delete(world: World, loose: Sequence[Loose], session: Session) -> int:
    """The bytes go before the commit: no message can bring the same file in between."""
    gone = [one for one in loose if kept.forget(session, one)]
    world.db.leave_no_trace()  # The names go with the bytes.
    for one in gone:
        files.path_of(world.settings, one.sha256).unlink(missing_ok=True)
    return len(gone)


def _strays(world: World) -> int:
    """Bytes without a row: their message was rolled back, or another database was restored."""
    known = world.db.read(kept.hashes)
    old = [
        path
        for path in files.folder_of(world.settings).glob("??/*")
        if _HASH.fullmatch(path.name) and path.name not in known and _older(path, UNNAMED_FOR)
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _half_made(settings: Settings) -> int:
    parents = {settings.data_dir, settings.database_folder}
    left = [one for parent in parents for spare in _SPARES for one in parent.glob(f"{spare}*")]
    left += (files.folder_of(settings) / "tmp").glob("*")
    old = [path for path in left if _older(path, HALF_MADE_FOR)]
    for path in old:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(old)


def _older(path: Path, span: timedelta) -> bool:
    """By the file system's own time: a rehearsal's clock may be wound."""
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return False
    return changed < Present()() - span
