"""A restore: proved before anything is touched, one step, and never under a running service."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import backup
from bot.hold import Held, held
from bot.present import Present
from bot.restore import SPARE
from bot.tape import Recorder
from bot.world import World, make_world
from storage import migrate
from tests.bot.clitown import ROOT, Bot, rows
from tests.bot.keeping import asked, lines, missing, province, settings, state, told
from tests.bot.webtown import NOW
from tests.kills.service import Service

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three photos."""
    return province(tmp_path_factory.mktemp("older") / "data")


@pytest.fixture(scope="module")
def tape(older: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    path = tmp_path_factory.mktemp("tape") / "a.tar"
    backup.to_file(settings(older), path, NOW)
    return path


@pytest.fixture(scope="module")
def grown(older: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with what was in the backup, and two photos since."""
    folder = tmp_path_factory.mktemp("grown") / "data"
    shutil.copytree(older, folder)
    world = world_on(folder)
    for _ in range(2):
        told(world)
    world.db.close()
    return folder


@pytest.fixture
def newer(bare: Path, grown: Path) -> Path:
    """The data folder of the settings, with more in it than the backup has."""
    shutil.copytree(grown, bare)
    return bare


def world_on(folder: Path) -> World:
    """A world over what lies in a folder."""
    return make_world(settings(folder), Present(lambda: NOW))


# What is done


def test_it_puts_the_backup_in_place_and_keeps_what_stood_there(
    newer: Path, older: Path, tape: Path, bot: Bot
) -> None:
    before = lines(newer)
    result = bot("restore", str(tape))
    assert result.exit_code == 0, result.output
    assert lines(newer) == lines(older) < before
    assert missing(newer) == []
    (aside,) = newer.glob("before-restore-*")
    assert str(aside) in result.output
    assert lines(aside) == before
    kept = aside / "data"
    kept.mkdir()
    for name in ("motdaumoi.db", "files"):
        (aside / name).rename(kept / name)
    assert missing(kept) == []
    assert bot("audit", "verify").exit_code == 0


def test_into_another_folder_the_data_of_the_settings_are_not_touched(
    newer: Path, tape: Path, bot: Bot, tmp_path: Path
) -> None:
    before = state(newer)
    assert bot("restore", str(tape), "--into", str(tmp_path / "into")).exit_code == 0
    assert state(newer) == before
    assert missing(tmp_path / "into") == []
    assert list((tmp_path / "into").glob("before-restore-*")) == []


def test_a_backup_of_an_older_schema_is_brought_up(data: Path, bot: Bot, tmp_path: Path) -> None:
    newest = migrate.standing(f"sqlite:///{data}/motdaumoi.db").revision
    revisions = [one.revision for one in migrate.revisions()]
    migrate.downgrade(f"sqlite:///{data}/motdaumoi.db", revisions[1])
    assert bot("backup", str(tmp_path / "a.tar")).exit_code == 0
    assert bot("restore", str(tmp_path / "a.tar"), "--into", str(tmp_path / "into")).exit_code == 0
    assert migrate.standing(f"sqlite:///{tmp_path}/into/motdaumoi.db").revision == newest


def test_a_database_that_is_past_reading_is_replaced_and_kept(
    newer: Path, older: Path, tape: Path, bot: Bot
) -> None:
    (newer / "motdaumoi.db").write_bytes(b"not a database at all" * 400)
    assert bot("restore", str(tape)).exit_code == 0
    assert lines(newer) == lines(older)
    (aside,) = newer.glob("before-restore-*")
    assert (aside / "motdaumoi.db").read_bytes().startswith(b"not a database")


# What is refused, in one sentence, with nothing changed


def refused(bot: Bot, folder: Path, path: Path, words: str) -> None:
    before = state(folder)
    result = bot("restore", str(path))
    assert result.exit_code == 1, result.output
    assert len(result.output.splitlines()) == 1, result.output
    assert words in result.output
    assert state(folder) == before
    assert list(folder.glob(f"{SPARE}*")) == []


def test_an_archive_that_is_cut_is_refused(
    newer: Path, tape: Path, bot: Bot, tmp_path: Path
) -> None:
    whole, cut = tape.read_bytes(), tmp_path / "cut.tar"
    for length in (700, 512 * 9, len(whole) // 2, len(whole) - 10240, len(whole) - 1):
        cut.write_bytes(whole[:length])
        refused(bot, newer, cut, "bị cụt")
    cut.write_bytes(b"")
    refused(bot, newer, cut, "không phải bản sao lưu")


def test_a_changed_byte_is_refused(newer: Path, tape: Path, bot: Bot, tmp_path: Path) -> None:
    whole, hurt = tape.read_bytes(), tmp_path / "hurt.tar"
    end = whole.rindex(b"SEAL")
    for place in (5000, len(whole) // 2, end - 700, end + 520, len(whole) - 5):
        changed = bytearray(whole)
        changed[place] ^= 1
        hurt.write_bytes(changed)
        refused(bot, newer, hurt, "hỏng")


def test_a_packed_one_that_is_hurt_is_refused(newer: Path, bot: Bot, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    assert bot("backup", str(path)).exit_code == 0
    whole = path.read_bytes()
    path.write_bytes(whole[:-4])
    refused(bot, newer, path, "bị cụt")
    path.write_bytes(whole[: len(whole) // 2] + b"?????" + whole[len(whole) // 2 + 5 :])
    refused(bot, newer, path, "dữ liệu đang có được giữ nguyên")


Members = list[tuple[str, bytes]]


def foreign(path: Path, members: Members) -> None:
    out = io.BytesIO()
    recorder = Recorder(out, NOW)
    for name, content in members:
        recorder.add(name, io.BytesIO(content), len(content))
    recorder.close()
    path.write_bytes(out.getvalue())


@pytest.mark.parametrize(
    "members",
    [
        [],
        [("readme", b"hello")],
        [("../motdaumoi.db", b"x")],
        [("/etc/motdaumoi", b"x")],
        [("files/ab/../../x", b"x")],
        [("files/cd/" + "ab" * 32, b"x")],
        [("files/aa/" + "a" * 64, b"x" * (20 * 1024 * 1024 + 1))],
        [("manifest.json", b"[]")],
        [("manifest.json", b'{"format": "motdaumoi-backup-1"}')],
        [("database.sqlite", b"x"), ("database.sqlite", b"x")],
    ],
    ids=["empty", "other", "up", "root", "dots", "folder", "big", "list", "bare", "twice"],
)
def test_a_foreign_archive_is_refused_and_nothing_of_it_is_laid_down(
    newer: Path, bot: Bot, tmp_path: Path, members: Members
) -> None:
    foreign(tmp_path / "foreign.tar", members)
    refused(bot, newer, tmp_path / "foreign.tar", "không phải bản sao lưu")


def test_a_file_whose_bytes_are_not_its_name_is_refused(
    newer: Path, bot: Bot, tmp_path: Path
) -> None:
    foreign(tmp_path / "a.tar", [("files/aa/" + "a" * 64, b"x")])
    refused(bot, newer, tmp_path / "a.tar", "bị đổi")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE entries SET body = replace(body, '\"seq\":2', '\"seq\":2 ')", "chuỗi mã băm"),
        ("DELETE FROM contents WHERE id = (SELECT min(id) FROM contents)", "chuỗi mã băm"),
        ("CREATE TRIGGER t AFTER INSERT ON marks BEGIN DELETE FROM entries; END", "không phải"),
        ("DROP TABLE alembic_version", "không phải"),
        ("UPDATE alembic_version SET version_num = 'next'", "mới hơn"),
    ],
    ids=["hash", "content", "trigger", "not ours", "newer"],
)
def test_a_database_that_does_not_hold_is_refused(
    older: Path, newer: Path, bot: Bot, tmp_path: Path, change: str, words: str
) -> None:
    tampered = tmp_path / "tampered"
    shutil.copytree(older, tampered)
    rows(tampered, change)
    if "next" in change:
        rows(tampered, "UPDATE marks SET value = '999' WHERE name = 'oldest_binary'")
    backup.to_file(settings(tampered), tmp_path / "a.tar", NOW)
    refused(bot, newer, tmp_path / "a.tar", words)


def test_a_manifest_that_speaks_of_another_database_is_refused(
    older: Path, newer: Path, bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tail that was cut from the journal: every chain holds, the heads are others."""
    true = backup._manifest

    def longer(taken, members, lacking, now):  # type: ignore[no-untyped-def]
        told = true(taken, members, lacking, now)
        told["heads"]["organisation"] = [999, "0" * 64]  # type: ignore[index]
        return told

    monkeypatch.setattr(backup, "_manifest", longer)
    backup.to_file(settings(older), tmp_path / "a.tar", NOW)
    refused(bot, newer, tmp_path / "a.tar", "không phải bản sao lưu")


# Not under a running service


def test_a_service_holds_its_data_until_it_is_killed(newer: Path, tape: Path, bot: Bot) -> None:
    service = Service(newer)
    service.launch()
    try:
        service.waits()
        told_second = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=service.environment,
            capture_output=True,
            text=True,
            timeout=30,
        )
        pid = str(service.process.pid if service.process else 0)
        assert told_second.returncode == 1
        assert pid in told_second.stderr and len(told_second.stderr.splitlines()) == 1
        before = lines(newer)
        result = bot("restore", str(tape))
        assert result.exit_code == 1
        assert pid in result.output
        assert lines(newer) == before
        assert bot("backup", str(newer.parent / "live.tar")).exit_code == 0
        service.kill()
        assert bot("restore", str(tape)).exit_code == 0
    finally:
        service.kill()


def test_who_shares_a_folder_keeps_out_only_who_wants_it_alone(tmp_path: Path) -> None:
    here = settings(tmp_path)
    with held(here, alone=False), held(here, alone=False), pytest.raises(Held), held(here):
        pass
    with held(here):
        pass


def test_a_database_that_somebody_has_open_is_not_replaced(
    newer: Path, tape: Path, bot: Bot
) -> None:
    world = world_on(newer)
    try:
        world.db.read(world.organisation)
        result = bot("restore", str(tape))
        assert result.exit_code == 1
        assert "đang mở" in result.output
        assert list(newer.glob("before-restore-*")) == []
    finally:
        world.db.close()


# Killed in the middle

_KILLED = """
import os, shutil, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot import restore
from bot.settings import Settings

data, tape, work = map(Path, sys.argv[1:])
left = [0]

def dying(name):
    true = getattr(os, name)
    def call(*args, **more):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return true(*args, **more)
    setattr(os, name, call)

for name in ("link", "replace", "fsync"):
    dying(name)
for n in range(1, 100):
    folder = work / str(n)
    shutil.copytree(data, folder)
    child = os.fork()
    if child == 0:
        left[0] = n
        with tape.open("rb") as source:
            restore.restore(Settings(data_dir=folder, _env_file=None), source, datetime.now(UTC))
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        print(n)
        sys.exit(0)
"""


def test_killed_at_any_step_it_leaves_the_old_or_the_new_whole(
    newer: Path, older: Path, tape: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED, str(newer), str(tape), str(work)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    steps = int(ended.stdout)
    assert steps > 15, "it was killed at every link, rename and fsync"
    old, new, found = lines(newer), lines(older), []
    for n in range(1, steps + 1):
        folder = work / str(n)
        assert asked(folder, "PRAGMA integrity_check") == [("ok",)]
        assert missing(folder) == []
        found.append(lines(folder))
    assert set(found) == {old, new}
    assert found == sorted(found, key=lambda count: count == new), "one step is the whole change"


def test_what_a_killed_one_left_is_taken_away_by_the_next(
    newer: Path, tape: Path, bot: Bot
) -> None:
    left = newer / f"{SPARE}abc"
    left.mkdir()
    (left / "database.sqlite").write_bytes(b"half")
    assert bot("restore", str(tape)).exit_code == 0
    assert not left.exists()
