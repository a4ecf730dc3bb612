"""The commands that only read: incidents, journals, policies, times; and two real processes."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bot import wordlists
from bot.cli_words import has, say
from procedure import entries_arrangements, entries_organisation
from procedure.kinds import KINDS
from tests.bot.clitown import ROOT, Bot, rows

# incident


def test_the_list_of_incidents_is_for_people_and_for_programs(data: Path, bot: Bot) -> None:
    assert "VV-2025-001 | 12:52 05/11/2025 | nghiêm trọng" in bot("incident", "list").output
    (row,) = json.loads(bot("incident", "list", "--json").output)
    assert (row["code"], row["step"], row["ball"]) == ("VV-2025-001", 5, None)
    assert json.loads(bot("incident", "list", "--open", "--json").output) == []


@pytest.mark.parametrize("code", ["VV-2025-001", "vv-2025-001", "VV-01", "vv1"])
def test_an_incident_is_shown_with_its_timeline(data: Path, bot: Bot, code: str) -> None:
    result = bot("incident", "show", code)
    assert result.exit_code == 0
    assert "Người phát ngôn: Nguyễn Văn Ví Dụ" in result.output
    assert '13:40 05/11/2025 Võ Thị Thí Dụ: ghi tin chưa kiểm chứng: "tren mang' in result.output
    assert "conclusion" not in result.output


def test_an_incident_that_is_not_there_is_said_so(data: Path, bot: Bot) -> None:
    assert bot("incident", "show", "VV-2025-099").exit_code == 1
    assert bot("incident", "export", "VV-09").exit_code == 1


def test_the_journal_of_an_incident_is_exported_whole_under_its_head(data: Path, bot: Bot) -> None:
    told = json.loads(bot("incident", "export", "VV-01").output)
    ((count, last),) = rows(
        data,
        "SELECT count(*), max(hash) FILTER (WHERE seq = 48) FROM entries WHERE stream LIKE 'i%'",
    )
    assert told["head"] == {"seq": count, "hash": last}
    assert [entry["seq"] for entry in told["entries"]] == list(range(1, count + 1))
    assert told["entries"][0]["kind"] == "IncidentOpened"
    assert "giả định" in told["entries"][0]["data"]["title"]


def test_there_are_words_for_everything_that_a_timeline_can_show() -> None:
    ours = {entries_organisation.__name__, entries_arrangements.__name__}
    kinds = [name for name, kind in KINDS.items() if kind.__module__ not in ours]
    assert [name for name in kinds if say("did", kind=name) == name] == []


# audit


def test_an_untouched_journal_verifies_and_every_head_is_printed(data: Path, bot: Bot) -> None:
    result = bot("audit", "verify")
    assert result.exit_code == 0
    for stream, hash in rows(data, "SELECT stream, hash FROM entries GROUP BY stream"):
        assert stream in result.output
        assert len(hash) == 64


@pytest.mark.parametrize(
    ("hurt", "named"),
    [
        ("UPDATE entries SET body = replace(body, '05', '06') WHERE seq = 9", "mục 9"),
        ("UPDATE entries SET hash = replace(hash, 'a', 'b') WHERE seq = 9", "mục 9"),
        ("UPDATE entries SET kind = 'TaskSet' WHERE seq = 9 AND stream LIKE 'i%'", "mục 9"),
        ("UPDATE entries SET actor = 4 WHERE seq = 2 AND stream LIKE 'i%'", "mục 2"),
        ("UPDATE entries SET at = 'x' WHERE seq = 9 AND stream LIKE 'i%'", "mục"),
        ("DELETE FROM entries WHERE seq = 9 AND stream LIKE 'i%'", "mục 9"),
        ("UPDATE contents SET text = text || '.' WHERE id = 12", "đã bị đổi"),
        ("UPDATE contents SET text = NULL WHERE id = 12", "bị mất"),
        ("UPDATE incidents SET state = replace(state, 'serious', 'grave')", "trạng thái"),
    ],
)
def test_a_changed_byte_turns_the_audit_red_and_names_the_place(
    data: Path, bot: Bot, hurt: str, named: str
) -> None:
    rows(data, hurt)
    result = bot("audit", "verify")
    assert result.exit_code == 1
    assert named in result.output
    assert "KHÔNG khớp" in result.output


# policy


def test_the_policy_of_the_house_is_good(bare: Path, bot: Bot, tmp_path: Path) -> None:
    result = bot("policy", "check", str(ROOT / "bot" / "data" / "policy.toml"))
    assert result.exit_code == 0, result.output


def test_every_fault_of_a_policy_is_named_at_once_in_words(bare: Path, bot: Bot) -> None:
    text = wordlists.text("policy")
    for good, bad in (
        ("messages_per_hour = 12", "messages_per_hour = -12"),
        ('merge_within = "10m"', 'merge_within = "muoi phut"'),
        ("extension_share = 50", 'extension_share = "50"\nextra = 1'),
        ('quiet = ["21:00", "06:00"]', 'quiet = ["21:00"]'),
        ("[duties.O19]", "[duties.O99]"),
    ):
        assert good in text
        text = text.replace(good, bad, 1)
    Path("mine.toml").write_text(text, encoding="utf-8")
    result = bot("policy", "check", "mine.toml")
    assert result.exit_code == 1
    for named in (
        "manners.messages_per_hour: -12 nằm ngoài khoảng",
        'manners.merge_within: "muoi phut" chưa phải độ dài',
        "manners.extension_share: sai kiểu giá trị, cần số nguyên",
        "manners.extra: không có mục nào",
        "manners.quiet:",
        'thiếu việc "O19"',
        'quy trình không có việc "O99"',
    ):
        assert named in result.output
    count = int("".join(filter(str.isdigit, result.output.splitlines()[0])))
    assert len(result.output.splitlines()) == count + 1


@pytest.mark.parametrize("content", [None, b"x = [", b"\xff\xfe"])
def test_a_policy_that_cannot_be_read_is_said_so(
    bare: Path, bot: Bot, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "mine.toml").write_bytes(content)
    result = bot("policy", "check", str(tmp_path / "mine.toml"))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_there_are_words_for_every_fault_that_a_policy_can_have() -> None:
    source = "".join(
        (ROOT / "procedure" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("policy", "policy_text", "policy_rules")
    )
    keys = set(re.findall(r'"policy\.([a-z_]+)"', source))
    keys |= {"worst_case_meeting", "worst_case_direction"}
    assert len(keys) > 30
    assert [key for key in keys if not has(f"policy_{key}")] == []


# when


def test_when_answers_one_json_line_for_each_text(bare: Path, bot: Bot) -> None:
    result = bot("when", "hop 7h sang nay", "rõ", "--at", "2026-10-12T05:22")
    first, second = map(json.loads, result.output.splitlines())
    assert (
        first
        == {
            "text": "hop 7h sang nay",
            "at": "2026-10-12T07:00:00+07:00",
            "why": None,
        }
        or first["why"]
    )
    assert second["at"] is None
    assert second["why"]
    assert '"rõ"' in result.output, "letters stay as they are"
    assert not bare.exists(), "it needs no database"


def test_after_midnight_tomorrow_is_asked_back(bare: Path, bot: Bot) -> None:
    result = bot("when", "8h mai", "--at", "2026-10-12T02:37")
    assert json.loads(result.output) == {"text": "8h mai", "at": None, "why": "after_midnight"}


def test_when_reads_its_input_line_by_line(bare: Path, bot: Bot) -> None:
    said = "mai 8h30\n\n14h chiều thứ 6\r\nchưa rõ"
    result = bot("when", "-", "--at", "2026-10-12T09:00:00+07:00", said=said)
    told = [json.loads(line) for line in result.output.splitlines()]
    assert [one["text"] for one in told] == ["mai 8h30", "", "14h chiều thứ 6", "chưa rõ"]
    assert told[0]["at"] == "2026-10-13T08:30:00+07:00"
    assert told[2]["at"] == "2026-10-16T14:00:00+07:00"


@pytest.mark.parametrize("at", ["2026-10-12T09:00", "2026-10-12T02:00:00Z", "2026-10-12 09:00:00"])
def test_the_moment_of_speech_is_local_or_carries_its_zone(bare: Path, bot: Bot, at: str) -> None:
    told = json.loads(bot("when", "mai 8h30", "--at", at).output)
    assert datetime.fromisoformat(told["at"]) == datetime.fromisoformat("2026-10-13T08:30+07:00")


# the real thing


def real(
    *words: str, cwd: Path, said: bytes = b"", **extra: str
) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    kept |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **extra}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=cwd, env=kept, input=said, capture_output=True, timeout=60)


def test_a_real_process_migrates_and_checks_in_any_folder_with_a_dotenv_file(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_text("BOT_DATA_DIR=here\n")
    assert real("migrate", cwd=tmp_path).returncode == 0
    result = real("check", cwd=tmp_path)
    assert result.returncode == 0, result.stdout.decode()
    assert (tmp_path / "here" / "motdaumoi.db").is_file()


def test_a_real_process_answers_when_in_vietnamese_whatever_the_console_speaks(
    tmp_path: Path,
) -> None:
    said = "14h chiều thứ 6\n".encode()
    result = real(
        "when", "-", "--at", "2026-10-12T09:00", cwd=tmp_path, said=said, PYTHONIOENCODING="ascii"
    )
    assert result.stderr == b""
    told = json.loads(result.stdout)
    assert told == {"text": "14h chiều thứ 6", "at": "2026-10-16T14:00:00+07:00", "why": None}
    assert "chiều" in result.stdout.decode()


def test_help_lists_only_commands_that_are_there_and_loads_no_database(tmp_path: Path) -> None:
    looks = "import sys; sys.argv[1:] = ['--help']\ntry:\n from bot.__main__ import main; main()\n"
    looks += "except SystemExit: pass\n"
    looks += "print([n for n in ('sqlalchemy', 'alembic', 'fastapi') if n in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", looks], cwd=ROOT, capture_output=True, timeout=60, check=True
    )
    words = result.stdout.decode()
    for command in ("run", "check", "migrate", "tick", "invite", "incident", "audit", "policy"):
        assert f"\n  {command} " in words
    assert words.splitlines()[-1] == "[]"
