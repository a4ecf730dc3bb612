"""A backup: made while others write, whole, never half there, never over another."""

import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from bot import backup, files, restore
from bot.tape import SEAL, Damaged, Player, Recorder
from procedure.entries_organisation import ORGANISATION
from storage import copies, journal
from storage.database import open_database
from tests.bot.clitown import ROOT, Bot
from tests.bot.keeping import asked, lines, missing, province, settings, told
from tests.bot.webtown import NOW, sample_world

pytestmark = pytest.mark.sqlite


def verified(folder: Path) -> int:
    """How many entries the chains of a data folder have; all of them hold."""
    db = open_database(f"sqlite:///{folder}/motdaumoi.db")
    try:
        assert list(db.read(lambda session: list(journal.verify(session)))) == []
        return sum(head.seq for head in db.read(journal.heads))
    finally:
        db.close()


def test_a_backup_taken_while_others_write_without_pause_restores_whole(tmp_path: Path) -> None:
    world = sample_world(tmp_path / "data")
    told(world)
    ended, wrote = threading.Event(), [0]

    def write() -> None:
        while not ended.is_set():
            told(world)
            wrote[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            before = wrote[0]
            made = backup.to_file(world.settings, tmp_path / f"{n}.tar", NOW)
            assert made.lacking == []
            while wrote[0] == before:
                ended.wait(0.01)
    finally:
        ended.set()
        writer.join()
        world.db.close()
    counts = []
    for n in range(3):
        into = tmp_path / f"into-{n}"
        with (tmp_path / f"{n}.tar").open("rb") as source:
            done = restore.restore(settings(into), source, NOW)
        assert verified(into) == done.entries
        assert missing(into) == []
        assert done.files == len(asked(into, "SELECT * FROM files"))
        assert asked(
            into, "SELECT count(*) FROM file_uses WHERE sha256 NOT IN (SELECT sha256 FROM files)"
        ) == [(0,)]
        counts.append(lines(into))
    assert counts == sorted(set(counts)), "each saw more than the one before"
    assert counts[-1] < lines(tmp_path / "data")


def test_any_tar_reads_it_and_the_manifest_names_every_member(tmp_path: Path) -> None:
    data = province(tmp_path / "data")
    made = backup.to_file(settings(data), tmp_path / "a.tar", NOW)
    with tarfile.open(tmp_path / "a.tar") as archive:
        names = archive.getnames()
        told = json.load(archive.extractfile("manifest.json") or io.BytesIO())
    assert sorted(names) == sorted([*told["members"], "manifest.json", SEAL])
    assert names[0] == copies.MEMBER
    assert names[-2:] == ["manifest.json", SEAL]
    assert made.files == len(names) - 3 == 3
    assert told["heads"][ORGANISATION][0] > 0
    assert oct((tmp_path / "a.tar").stat().st_mode & 0o777) == "0o600"


def test_it_never_writes_over_anything_and_leaves_nothing_half(
    data: Path, bot: Bot, tmp_path: Path
) -> None:
    there = tmp_path / "there.tar"
    there.write_bytes(b"mine")
    result = bot("backup", str(there))
    assert result.exit_code == 1
    assert str(there) in result.output
    assert there.read_bytes() == b"mine"
    assert bot("backup", str(tmp_path / "nowhere" / "a.tar")).exit_code == 1
    left = [path.name for path in (*tmp_path.iterdir(), *data.iterdir())]
    assert not [name for name in left if name.startswith(".")], left


def test_a_full_disk_is_one_sentence_and_no_file(data: Path, tmp_path: Path) -> None:
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000));"
        "sys.argv = ['bot', 'backup', sys.argv[1]]; from bot.__main__ import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path / "a.tar")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        env=os.environ | {"BOT_DATA_DIR": str(data)},
    )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert [path.name for path in tmp_path.glob("*.tar*")] == []
    assert list(data.glob(".backup-*")) == []


def test_through_pipes_it_goes_out_and_comes_back(data: Path, bot: Bot, tmp_path: Path) -> None:
    environment = os.environ | {"BOT_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "bot"]
    before = verified(data)
    out = subprocess.run([*command, "backup", "-"], cwd=ROOT, env=environment, capture_output=True)
    assert out.returncode == 0, out.stderr
    assert "Đã sao lưu" in out.stderr.decode()
    into = str(tmp_path / "into")
    back = subprocess.run(
        [*command, "restore", "-", "--into", into],
        cwd=ROOT,
        env=environment,
        input=out.stdout,
        capture_output=True,
    )
    assert back.returncode == 0, back.stderr
    assert verified(tmp_path / "into") == before == verified(data) - 1, "its mention came after it"


def test_a_packed_one_is_smaller_and_restores(data: Path, bot: Bot, tmp_path: Path) -> None:
    for name in ("a.tar", "a.tar.gz"):
        assert bot("backup", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "a.tar.gz").stat().st_size * 2 < (tmp_path / "a.tar").stat().st_size
    assert (
        bot("restore", str(tmp_path / "a.tar.gz"), "--into", str(tmp_path / "into")).exit_code == 0
    )


@pytest.mark.parametrize("hurt", ["gone", "rotten"])
def test_a_file_that_the_disk_has_lost_is_named_and_spoils_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bot: Bot, hurt: str
) -> None:
    data = province(tmp_path / "data")
    (sha256,) = asked(data, "SELECT sha256 FROM files LIMIT 1")[0]
    path = files.path_of(settings(data), sha256)
    if hurt == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    monkeypatch.setenv("BOT_DATA_DIR", str(data))
    result = bot("backup", str(tmp_path / "a.tar"))
    assert result.exit_code == 1
    assert sha256 in result.output
    result = bot("restore", str(tmp_path / "a.tar"), "--into", str(tmp_path / "into"))
    assert result.exit_code == 0, result.output
    assert "thiếu 1 tệp" in result.output
    assert missing(tmp_path / "into") == [sha256]


# The tape


def recorded(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    tape = Recorder(out, NOW)
    for name, content in members:
        tape.add(name, io.BytesIO(content), len(content))
    tape.close()
    return out.getvalue()


def played(whole: bytes) -> list[tuple[str, bytes]]:
    player, found = Player(io.BytesIO(whole)), []
    while member := player.next():
        to = io.BytesIO()
        player.copy(member, to)
        found.append((member.name, to.getvalue()))
    return found


TAPE = recorded(("a", b"x" * 700), ("b", b""), ("files/c", bytes(range(256)) * 4))


def test_a_tape_gives_back_what_was_put_on_it() -> None:
    assert played(TAPE) == [("a", b"x" * 700), ("b", b""), ("files/c", bytes(range(256)) * 4)]


def test_a_tape_cut_at_any_byte_is_noticed() -> None:
    for length in range(len(TAPE)):
        with pytest.raises(Damaged):
            played(TAPE[:length])


def test_a_changed_byte_anywhere_on_a_tape_is_noticed() -> None:
    for place in range(len(TAPE)):
        hurt = bytearray(TAPE)
        hurt[place] ^= (0x01, 0x20, 0x80)[place % 3]
        with pytest.raises(Damaged):
            played(bytes(hurt))


def test_something_behind_the_end_is_noticed() -> None:
    with pytest.raises(Damaged, match="changed"):
        played(TAPE + b"\x00")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, b"x", b"L"])
def test_links_folders_and_long_headers_are_foreign(kind: bytes) -> None:
    info = tarfile.TarInfo("a")
    info.type, info.linkname = kind, "/etc/passwd"
    with pytest.raises(Damaged, match="foreign"):
        played(info.tobuf(tarfile.GNU_FORMAT))
