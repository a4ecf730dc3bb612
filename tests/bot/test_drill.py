"""Scripts and their faults; a drill over the running service, started there or by itself."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot import files
from bot.cli_words import has
from bot.drill import samples
from bot.drill.player import Player, Stuck
from bot.drill.reading import codes, days_apart, read_script, script
from bot.drill.script import ScriptFaults
from bot.settings import Settings
from tests import databases
from tests.bot.clitown import ROOT, Bot, rows
from tests.bot.test_service import Service
from tests.drills import TownDoors, town_for
from tests.ports import free_port
from tests.town import ZONE, Town

MARK = "DIỄN TẬP"
#: What is said before the incident is known, or about none: the word is not known to fit.
ABOUT_NOTHING = re.compile(
    r"Nội dung này là báo vụ việc mới|Đã nhận \d+ (?:ảnh|ghi âm|tệp)|Đã xóa nội dung"
    r"|Hiện đồng chí không còn|Đồng chí mời ai|Đã mời đồng chí"
)
GOOD = """
code = "VV-09"
title = "Thử"
about = "Thử"
start = 2026-10-12T02:36:00
opener = "Thử"
reporter = "Thí Dụ"
plays = ["Thí Dụ", "Thử"]

[expects]
kind = "landslide"
opens_as = "serious"
suggests = "beyond"
severity = "serious"
authority = "beyond"
step = "closed"
verdicts = ["false"]
spokesperson = "Thí Dụ"

[[steps]]
at = "02:36"
who = "Thí Dụ"
says = "sat lo {code}"
photos = ["a.png"]
hears = [["Thí Dụ, Thử", "answers#never_guessed", "vụ việc"]]

[[steps]]
waits_until = "13/10 08:00"
"""


def faults(text: str) -> list[tuple[str, str]]:
    """Where and what is wrong with a script."""
    try:
        read_script(text, ZONE)
    except ScriptFaults as wrong:
        return [(one.where, one.key) for one in wrong.faults]
    return []


# Scripts


def test_a_good_script_is_read_with_its_times_and_who_hears_what() -> None:
    made = read_script(GOOD, ZONE)
    first, second = made.steps
    assert (first.who, first.files, [one.who for one in first.hears]) == (
        "Thí Dụ",
        ("a.png",),
        ["Thí Dụ", "Thử"],
    )
    assert second.who == "" and second.at == datetime(2026, 10, 13, 8, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("old", "new", "where", "key"),
    [
        ('code = "VV-09"', "code = ", "", "not_toml"),
        ('title = "Thử"\n', "", "title", "missing"),
        ('title = "Thử"', "title = 3", "title", "wrong_kind"),
        ('title = "Thử"', 'title = "Thử"\nhue = 1', "hue", "unknown_key"),
        ('kind = "landslide"\n', "", "expects.kind", "missing"),
        ('\nseverity = "serious"', '\nseverity = "high"', "expects.severity", "not_listed"),
        ('suggests = "beyond"', 'suggests = "far"', "expects.suggests", "not_listed"),
        ('step = "closed"', 'step = "over"', "expects.step", "not_listed"),
        ('verdicts = ["false"]', 'verdicts = ["no"]', "expects.verdicts", "not_listed"),
        ('at = "02:36"', 'at = "2h36"', "steps.1", "not_a_time"),
        ('at = "02:36"', 'at = "31/02 02:36"', "steps.1", "not_a_time"),
        ('at = "02:36"', 'at = "02:35"', "steps.1", "goes_back"),
        ('who = "Thí Dụ"\n', "", "steps.1", "nobody"),
        ('who = "Thí Dụ"\n', 'who = "Mẫu"\n', "steps.1", "not_in_cast"),
        ("says =", 'taps = "Gửi"\nsays =', "steps.1", "one_act"),
        ('waits_until = "13/10 08:00"', 'who = "Thử"', "steps.2", "one_act"),
        ("{code}", "{mã}", "steps.1", "bad_placeholder"),
        ('"a.png"', '"a.exe"', "steps.1", "unknown_file"),
        ('photos = ["a.png"]', 'shows = ["song"]', "steps.1.shows", "not_listed"),
        ('photos = ["a.png"]', 'only = "night"', "steps.1.only", "not_listed"),
        ('"answers#never_guessed"', '"never_guessed"', "steps.1.hears", "not_heard"),
        ('spokesperson = "Thí Dụ"', 'spokesperson = "Ví Dụ"', "plays", "not_in_cast"),
        (
            "[expects]",
            '[[absent]]\nwho = "Thí Dụ"\nsince = "02:36"\nuntil = "03:00"\n\n[expects]',
            "steps.1",
            "absent_acts",
        ),
    ],
)
def test_each_fault_of_a_script_is_named_with_its_place(
    old: str, new: str, where: str, key: str
) -> None:
    assert old in GOOD
    assert (where, key) in faults(GOOD.replace(old, new, 1))
    assert has(f"script_{key}"), "the command line has words for it"


def test_all_faults_are_named_at_once() -> None:
    assert len(faults(GOOD.replace('at = "02:36"', 'at = "2h"').replace("{code}", "{x}"))) == 2


def test_every_script_plays_people_of_the_sample_and_files_that_are_kept(tmp_path: Path) -> None:
    town = Town(tmp_path / "town")
    for code in codes():
        played = script(code, ZONE)
        for who in played.plays:
            town.id(who)
        for name in {name for one in played.steps for name in one.files}:
            path = tmp_path / name
            path.write_bytes(samples.sample(name).content)
            assert files.sniffed(path) == samples.sample(name).media_type, name
    town.close()
    assert codes() == tuple(f"VV-0{n}" for n in range(1, 7))


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-01-01T00:00", "2026-10-12T02:36"),
        ("2026-10-12T02:36", "2026-10-12T02:36"),
        ("2026-10-12T09:00", "2026-10-13T02:36"),
        ("2026-10-16T09:00", "2026-10-19T02:36"),
    ],
)
def test_a_story_whose_day_has_passed_moves_to_the_next_day_of_its_kind(
    now: str, begins: str
) -> None:
    made = read_script(GOOD, ZONE)
    shift = days_apart(made, datetime.fromisoformat(now).replace(tzinfo=ZONE))
    assert made.start + shift == datetime.fromisoformat(begins).replace(tzinfo=ZONE)


def test_a_button_that_is_not_there_stops_the_play_and_says_what_is(tmp_path: Path) -> None:
    text = GOOD.replace('waits_until = "13/10 08:00"', 'taps = "Gửi"')
    made = read_script(text, ZONE)
    town = town_for(tmp_path / "town", made)
    with pytest.raises(Stuck) as stuck:
        list(Player(made, TownDoors(town)).play())
    town.close()
    assert stuck.value.wanted == "Gửi" and "Chưa ghi nhận" in stuck.value.there


def test_days_and_the_code_are_filled_in(tmp_path: Path) -> None:
    made = read_script(GOOD, ZONE)
    town = town_for(tmp_path / "town", made)
    player = Player(made, TownDoors(town), shift=timedelta(days=20))
    player.code = "DT-2026-004"
    town.close()
    assert player.words("{code} {d} {d+1} {d-1}") == "DT-2026-004 01/11 02/11 31/10"


# The command


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    databases.sample()
    made = Service(tmp_path / "served")
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.communicate()


@pytest.mark.sqlite
@pytest.mark.duty("T9")
def test_the_drill_plays_in_the_running_service_and_every_message_is_marked(
    service: Service, bare: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_PORT", str(service.port))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    result = bot("drill", "VV-03", "--speed", "1000000")
    assert result.exit_code == 0, result.output
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 20
    lines = result.output.splitlines()
    assert "DT-2026-001" in lines[-1]
    assert len(lines) == 2 + len(script("VV-03", ZONE).told(drill=True))
    assert not bare.exists(), "it has made no database of its own"
    told = [one for person in range(1, 42) for one in said(service, person)]
    assert len(told) > 150
    unmarked = [one for one in told if not one.startswith(MARK)]
    assert [one for one in unmarked if not ABOUT_NOTHING.match(one)] == []
    kept = rows(service.folder, "SELECT code, drill FROM incidents WHERE code LIKE 'DT%'")
    assert kept == [("DT-2026-001", 1)]
    board = httpx.get(f"{service.base}/api/board").json()
    assert "DT-2026-001" not in str(board), "off the board"


def said(service: Service, person: int) -> list[str]:
    """All that the bot has told somebody."""
    found = httpx.get(f"{service.base}/api/chats/{person}/messages", params={"limit": 500})
    return [one["text"] for one in found.json()["messages"] if one["from"] == "bot"]


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    """`python -m bot drill …` with a data folder of its own on a free port."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BOT_")}
    ours = {"BOT_DATA_DIR": str(folder), "BOT_PORT": str(free_port())}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "drill", *words],
        cwd=ROOT,
        env=kept | ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_without_a_service_it_starts_one_says_where_and_ends_with_the_story(
    tmp_path: Path,
) -> None:
    process = command(tmp_path / "data", "VV-05", "--speed", "1000000")
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, out + err
    assert "http://127.0.0.1:" in out
    assert "DT-2026-001" in out.splitlines()[-1]
    assert "Traceback" not in err


def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    process = command(tmp_path / "data", "VV-01", "--speed", "1")
    assert process.stdout is not None
    while "DIỄN" not in (line := process.stdout.readline()).upper():
        assert line, process.communicate()
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in err) == (0, False), err
    assert "dừng theo yêu cầu" in out
    assert time.monotonic() - asked < 30


def test_the_six_are_listed_and_an_unknown_one_names_them(bare: Path, bot: Bot) -> None:
    assert [line[:5] for line in bot("drill").output.splitlines()] == list(codes())
    result = bot("drill", "VV-77")
    assert result.exit_code == 1 and "VV-03" in result.output
    assert not bare.exists()


def test_a_real_database_is_refused_with_a_sentence(
    bare: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_PORT", str(free_port()))
    bot("migrate")
    result = bot("drill", "VV-03")
    assert result.exit_code == 1
    assert "dữ liệu mẫu" in result.output
    assert rows(bare, "SELECT count(*) FROM incidents") == [(0,)]


def test_a_rehearsal_that_is_switched_off_is_refused(
    data: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_PORT", str(free_port()))
    monkeypatch.setenv("BOT_REHEARSAL", "false")
    assert bot("drill", "VV-03").exit_code == 1
    assert Settings(_env_file=None).rehearsal is False
