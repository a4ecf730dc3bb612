"""The command line: what an operator types, what he reads, and the exit code."""

from pathlib import Path

import pytest

from bot import service
from bot.settings import SettingFaults, Settings
from tests.bot.clitown import Bot, rows


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """What `run` would have served."""
    calls: list[Settings] = []
    monkeypatch.setattr(service, "run", calls.append)
    return calls


# run, migrate


def test_the_first_run_makes_the_sample_and_the_second_adds_nothing(
    bare: Path, bot: Bot, served: list[Settings]
) -> None:
    first, second = bot("run"), bot("run")
    assert (first.exit_code, second.exit_code, len(served)) == (0, 0, 2)
    assert "giả định" in first.output
    assert second.output == ""
    assert rows(bare, "SELECT count(*) FROM units") == [(21,)]
    assert rows(bare, "SELECT count(*) FROM incidents") == [(1,)]


@pytest.mark.parametrize("command", [("run", "--empty"), ("migrate",)])
def test_a_real_database_is_made_without_people_and_never_gets_the_sample(
    bare: Path, bot: Bot, served: list[Settings], command: tuple[str, ...]
) -> None:
    assert "invite" in bot(*command).output
    assert bot("run").exit_code == 0
    assert rows(bare, "SELECT count(*) FROM people") == [(0,)]
    assert rows(bare, "SELECT name FROM marks WHERE name = 'sample'") == []
    assert rows(bare, "SELECT count(*) FROM policies") == [(1,)]


def test_what_keeps_the_service_from_starting_is_named_with_what_to_write(
    data: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(settings: Settings) -> None:
        raise SettingFaults({"BOT_PORT": "port_taken", "BOT_REHEARSAL": "rehearsal_open"})

    monkeypatch.setattr(service, "run", refuses)
    result = bot("run")
    assert result.exit_code == 2
    assert "8081" in result.output
    assert "BOT_HOST=127.0.0.1" in result.output


def test_all_wrong_settings_are_named_at_once_with_what_to_write(
    bare: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_PORT", "80800")
    monkeypatch.setenv("BOT_TIMEZONE", "Asia/An_Giang")
    monkeypatch.setenv("BOT_POLICY", "nowhere.toml")
    monkeypatch.setenv("BOT_TICK_SECONDS", "0")
    for command in (["run"], ["migrate"], ["when", "mai 8h30"], ["audit", "verify"]):
        result = bot(*command)
        assert result.exit_code == 2
        for name in ("BOT_PORT", "BOT_TIMEZONE", "BOT_POLICY", "BOT_TICK_SECONDS"):
            assert name in result.output
        assert "Asia/Ho_Chi_Minh" in result.output
    assert not bare.exists()


def test_a_policy_that_breaks_a_rule_keeps_the_service_from_starting(
    bare: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text("[manners]\n", encoding="utf-8")
    monkeypatch.setenv("BOT_POLICY", str(tmp_path / "mine.toml"))
    result = bot("run")
    assert result.exit_code == 1
    assert "duties.O19" in result.output
    assert not (bare / "motdaumoi.db").exists()


def test_a_database_of_a_newer_program_is_refused_in_one_line(data: Path, bot: Bot) -> None:
    rows(data, "UPDATE alembic_version SET version_num = 'next'")
    rows(data, "UPDATE marks SET value = '999' WHERE name = 'oldest_binary'")
    result = bot("migrate")
    assert result.exit_code == 1
    assert "next" in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("tick",),
        ("invite", "3"),
        ("audit", "verify"),
        ("incident", "list"),
        ("incident", "show", "VV-01"),
        ("incident", "export", "VV-01"),
    ],
)
def test_a_command_that_needs_a_database_says_how_to_make_one_and_makes_none(
    bare: Path, bot: Bot, command: tuple[str, ...]
) -> None:
    result = bot(*command)
    assert result.exit_code == 1
    assert "bot run" in result.output
    assert not bare.exists()


# check


def test_check_is_green_before_the_first_start_and_changes_nothing(bare: Path, bot: Bot) -> None:
    result = bot("check")
    assert result.exit_code == 0, result.output
    assert not bare.exists()


def test_check_is_green_on_the_sample_and_says_that_it_is_one(data: Path, bot: Bot) -> None:
    result = bot("check")
    assert result.exit_code == 0, result.output
    assert "21 đơn vị, 41 người" in result.output
    assert all(line.startswith("Đạt: ") for line in result.output.splitlines())


def test_check_names_a_setting_that_does_not_exist(
    data: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_PROT", "8080")
    result = bot("check")
    assert result.exit_code == 1
    assert "BOT_PROT" in result.output


def test_check_names_a_rehearsal_where_it_may_not_be(
    bare: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot("migrate")
    monkeypatch.setenv("BOT_REHEARSAL", "true")
    result = bot("check")
    assert result.exit_code == 1
    assert "BOT_REHEARSAL" in result.output


@pytest.mark.parametrize(
    "hurt", ["DROP TABLE drafts", "DROP INDEX ix_drafts_chat", "DELETE FROM alembic_version"]
)
def test_check_sees_tables_that_are_not_those_of_the_program(
    data: Path, bot: Bot, hurt: str
) -> None:
    rows(data, hurt)
    assert bot("check").exit_code == 1


@pytest.mark.parametrize("command", [("check",), ("run",), ("audit", "verify")])
def test_a_file_that_is_no_database_is_said_so(
    bare: Path, bot: Bot, command: tuple[str, ...]
) -> None:
    bare.mkdir()
    (bare / "motdaumoi.db").write_text("x" * 5000)
    result = bot(*command)
    assert result.exit_code == 1
    assert "file is not a database" in result.output
    assert isinstance(result.exception, SystemExit)


# tick


def test_a_tick_of_the_sample_rings_nothing(data: Path, bot: Bot) -> None:
    result = bot("tick", "--at", "2026-10-12T02:40")
    assert result.exit_code == 0, result.output
    assert "02:40 12/10/2026: 0 lần nhắc" in result.output
    assert rows(data, "SELECT count(*) FROM messages") == [(0,)]


def test_a_time_that_cannot_be_read_is_refused(data: Path, bot: Bot) -> None:
    result = bot("tick", "--at", "mai")
    assert result.exit_code == 2
    assert "2026-10-12T02:35" in result.output


# invite


@pytest.mark.parametrize("words", ["3", "vi du", "Nguyễn Văn Ví Dụ", "nguyen van vi du"])
def test_a_person_is_invited_by_number_or_by_name_without_marks(
    data: Path, bot: Bot, words: str
) -> None:
    result = bot("invite", words)
    assert result.exit_code == 0
    assert "Nguyễn Văn Ví Dụ" in result.output
    assert "http://127.0.0.1:8080/vao/" in result.output
    assert rows(data, "SELECT person FROM invites") == [(3,)]
    assert rows(data, "SELECT kind FROM entries ORDER BY rowid DESC LIMIT 1") == [
        ("AccessInvited",)
    ]


def test_a_name_that_fits_several_people_lists_them_and_invites_nobody(
    data: Path, bot: Bot
) -> None:
    result = bot("invite", "van")
    assert result.exit_code == 1
    assert "3 Nguyễn Văn Ví Dụ" in result.output
    assert rows(data, "SELECT * FROM invites") == []


def test_a_name_that_nobody_bears_is_said_so(data: Path, bot: Bot) -> None:
    assert bot("invite", "Nguyen Van Khong").exit_code == 1
    assert bot("invite").exit_code == 1


def test_everybody_can_be_invited_at_once(data: Path, bot: Bot) -> None:
    said = bot("invite", "--all")
    lines = said.stdout.splitlines()
    assert "3/5 xã, phường, đặc khu" in said.stderr and "còn thiếu:" in said.stderr
    assert len(lines) == len({line.rpartition("/")[2] for line in lines}) == 41


def test_the_admin_of_the_sample_is_found_without_a_name(data: Path, bot: Bot) -> None:
    assert "Mai Thị Thử Nghiệm" in bot("invite", "--admin").output
    assert bot("invite", "vi du", "--admin").exit_code == 1


def test_the_first_admin_of_an_empty_database_is_registered_by_name(bare: Path, bot: Bot) -> None:
    bot("migrate")
    assert bot("invite", "--admin").exit_code == 1
    first = bot("invite", "Trần Văn Quản Trị", "--admin", "--unit", "Văn phòng Tỉnh ủy")
    again = bot("invite", "--admin")
    assert first.exit_code == again.exit_code == 0
    assert "Trần Văn Quản Trị" in first.output
    assert "Trần Văn Quản Trị" in again.output
    assert rows(bare, "SELECT person, role FROM holdings") == [(1, "admin")]
    assert bot("audit", "verify").exit_code == 0
