"""Restoring a backup: everything is proved beside the data, then put in its place in one step."""

import contextlib
import gzip
import io
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from bot.backup import FORMAT, MANIFEST, file_name
from bot.files import MOST_BYTES, folder_of, path_of
from bot.hold import held
from bot.settings import Settings
from bot.tape import Damaged, Member, Player
from storage import copies
from storage.copies import InUse, NotProved, Taken

#: What is being proved lies here; what a kill leaves is swept.
SPARE = ".restoring-"
_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_MOST_MANIFEST = 64 * 1024 * 1024
#: Free bytes that are left to the disk.
_SPARED = 64 * 1024 * 1024


class NotRestored(Exception):
    """Nothing was changed: the key of the sentence and its facts."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


@dataclass(frozen=True)
class Restored:
    """What stands there now, and where that lies which stood there before (None: nothing did)."""

    made_at: datetime
    files: int
    entries: int
    lacking: int
    aside: Path | None


def restore(settings: Settings, source: io.BufferedReader, now: datetime) -> Restored:
    """Puts a backup in the place of the data of these settings.

    Until it is proved whole nothing is touched; then one renaming of the database is the whole
    change, so that a kill leaves the old state or the new one. Raises NotRestored, Held,
    SchemaTooNew, InUse, OSError.
    """
    settings.database_folder.mkdir(parents=True, exist_ok=True)
    with held(settings, alone=True), contextlib.ExitStack() as stack:
        sweep(settings)
        # Each on the file system on which it is to stand: renaming does not cross them.
        folders = [
            Path(stack.enter_context(TemporaryDirectory(prefix=SPARE, dir=parent)))
            for parent in (settings.database_folder, settings.data_dir)
        ]
        try:
            manifest = _Unpacking(_plain(source), *folders).manifest()
            taken = copies.prove(folders[0] / copies.MEMBER)
        except Damaged as damaged:
            raise NotRestored(f"restore_{damaged}") from damaged
        except NotProved as doubt:
            raise NotRestored(f"restore_{doubt}") from doubt
        _agree(manifest, taken)
        return _put(settings, manifest, taken, folders[1], now)


def _plain(source: io.BufferedReader) -> BinaryIO:
    """The archive itself, whether or not it comes packed by gzip."""
    packed = source.peek(2)[:2] == b"\x1f\x8b"
    return cast(BinaryIO, gzip.GzipFile(fileobj=source) if packed else source)


def sweep(settings: Settings) -> None:
    """Takes away what a restore that was killed left behind; only for who holds the data folder."""
    for parent in {settings.data_dir, settings.database_folder}:
        for left in parent.glob(f"{SPARE}*"):
            shutil.rmtree(left, ignore_errors=True)


class _Unpacking:
    """Lays the members of a backup out in two folders: the database's and the files'."""

    def __init__(self, source: BinaryIO, base: Path, files: Path) -> None:
        self.tape = Player(source)
        self.base = base
        self.files = files
        self.found: dict[str, dict[str, object]] = {}

    def manifest(self) -> Mapping[str, Any]:
        """Unpacks everything and returns the manifest that it agrees with.

        Raises Damaged, NotRestored.
        """
        told: Mapping[str, Any] | None = None
        while member := self.tape.next():
            if told is not None:
                raise Damaged("foreign")
            if member.name == MANIFEST:
                told = self._manifest(member)
            else:
                self._keep(member)
        if told is None or told["members"] != self.found or copies.MEMBER not in self.found:
            raise Damaged("foreign")
        if told["database"] != copies.KIND:
            raise NotRestored("restore_other_kind", kind=told["database"])
        return told

    def _keep(self, member: Member) -> None:
        to, sha256 = self._place(member)
        free = shutil.disk_usage(to.parent).free
        if member.size + _SPARED > free:
            raise NotRestored("restore_no_room", size=member.size, free=free)
        with to.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            found = self.tape.copy(member, out)
            out.flush()
            os.fsync(out.fileno())
        if sha256 is not None and found != sha256:
            raise Damaged("changed")
        self.found[member.name] = {"size": member.size, "sha256": found}

    def _place(self, member: Member) -> tuple[Path, str | None]:
        """Where a member is laid, and the hash that its name promises. No other name is known."""
        if member.name in self.found:
            raise Damaged("foreign")
        if member.name == copies.MEMBER:
            return self.base / copies.MEMBER, None
        file = _FILE.fullmatch(member.name)
        if file is None or member.size > MOST_BYTES:
            raise Damaged("foreign")
        return self.files / file[2], file[2]

    def _manifest(self, member: Member) -> Mapping[str, Any]:
        if member.size > _MOST_MANIFEST:
            raise Damaged("foreign")
        text = io.BytesIO()
        self.tape.copy(member, text)
        try:
            told = json.loads(text.getvalue())
            known = told["format"] == FORMAT
            datetime.fromisoformat(told["made_at"])
            whole = {"members", "database", "heads"} <= told.keys()
            whole = whole and all(isinstance(one, str) for one in told["lacking"])
        except (ValueError, LookupError, TypeError, AttributeError):
            raise Damaged("foreign") from None
        if not (known and whole):
            raise Damaged("foreign")
        return dict(told)


def _agree(manifest: Mapping[str, Any], taken: Taken) -> None:
    """The database is the one that the manifest speaks of, and every file it names is there."""
    heads = {head.stream: [head.seq, head.hash] for head in taken.heads}
    there = {name for name in manifest["members"] if name != copies.MEMBER}
    named = {file_name(sha256) for sha256, _ in taken.files}
    lacking = {file_name(sha256) for sha256 in manifest["lacking"]}
    if heads != manifest["heads"] or there | lacking != named or there & lacking:
        raise NotRestored("restore_foreign")


def _put(
    settings: Settings, manifest: Mapping[str, Any], taken: Taken, files: Path, now: datetime
) -> Restored:
    aside = _keep_aside(settings, now)
    # More files beside it change nothing for the old state; each is its own hash.
    for staged in sorted(files.iterdir()):
        to = path_of(settings, staged.name)
        to.parent.mkdir(parents=True, exist_ok=True)
        os.replace(staged, to)
    for folder in (folder_of(settings), *folder_of(settings).glob("??")):
        _sync(folder)
    try:
        copies.put(taken.path, settings.database, aside or settings.data_dir)
    except InUse:
        if aside is not None:
            shutil.rmtree(aside)
        raise
    return Restored(
        made_at=datetime.fromisoformat(manifest["made_at"]),
        files=len(manifest["members"]) - 1,
        entries=sum(head.seq for head in taken.heads),
        lacking=len(manifest["lacking"]),
        aside=aside,
    )


def _keep_aside(settings: Settings, now: datetime) -> Path | None:
    """A folder for what stands there now, its files in it already; None where nothing stands."""
    old = sorted(path for path in folder_of(settings).glob("??/*") if path.is_file())
    if not (old or copies.stands(settings.database)):
        folder_of(settings).mkdir(exist_ok=True)
        return None
    moment = f"{now.astimezone(settings.zone):%Y%m%d-%H%M%S}"
    aside = settings.database_folder / f"before-restore-{moment}-{secrets.token_hex(2)}"
    aside.mkdir(mode=0o700)
    for path in old:
        to = aside / "files" / path.parent.name / path.name
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, to)
        except OSError:  # Another file system, or one without hard links.
            shutil.copy2(path, to)
    return aside


def _sync(folder: Path) -> None:
    if folder.is_dir():
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
