"""One person at the console: what is held on him, blanking him, and who took which list when."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import exports
from storage.away import DatabaseAway
from tests.bot.clitown import Bot, rows

CLERK, HEAD, ADMIN = "Thí Dụ", "Ví Dụ", "Thử Nghiệm"
WHOLE_NAME, PHONE = "Võ Thị Thí Dụ", "0296.000.0001"
REASON = ("--reason", "Đơn ngày 12/10", "--yes")


def logged(data: Path) -> list[dict[str, object]]:
    """The data of every export that the journal knows."""
    found = rows(data, "SELECT body FROM entries WHERE kind = 'ExportMade' ORDER BY seq")
    return [json.loads(body)["data"] for (body,) in found]


def everything(data: Path) -> str:
    """Every word of the database, its tables and its log, as bytes that can be searched."""
    words = [path.read_bytes().decode("utf-8", "replace") for path in data.glob("motdaumoi.db*")]
    return "\n".join(words)


def test_what_is_held_on_a_person_is_what_he_reads_himself(data: Path, bot: Bot) -> None:
    seen = bot("people", "show", "thi du")
    assert seen.exit_code == 0
    for words in (WHOLE_NAME, PHONE, "Cán bộ", "do đồng chí", "VV-2025-001", "180 ngày"):
        assert words in seen.output
    assert bot("people", "show", "khong co ai").exit_code == 1
    assert logged(data) == [], "to look is no export"


def test_a_dry_run_of_blanking_changes_nothing(data: Path, bot: Bot) -> None:
    before = rows(data, "SELECT * FROM entries"), rows(data, "SELECT * FROM people")
    seen = bot("people", "blank", CLERK)
    assert seen.exit_code == 0 and "--yes" in seen.output and "1 vai trò" in seen.output
    assert (rows(data, "SELECT * FROM entries"), rows(data, "SELECT * FROM people")) == before


def test_blanked_he_is_gone_from_the_file_and_the_journal_holds(data: Path, bot: Bot) -> None:
    assert WHOLE_NAME in everything(data)
    assert bot("people", "blank", CLERK, "--yes").exit_code == 1, "without a reason"
    done = bot("people", "blank", CLERK, *REASON)
    assert done.exit_code == 0 and "sao lưu" in done.output
    assert WHOLE_NAME not in everything(data) and PHONE not in everything(data)
    assert bot("audit", "verify").exit_code == 0
    assert bot("people", "blank", "1", *REASON).exit_code == 1, "once is enough"
    assert "(đã xóa tên)" in bot("people", "show", "1").output


@pytest.mark.parametrize(
    "command",
    [
        ("incident", "list"),
        ("incident", "show", "VV-01"),
        ("incident", "export", "VV-01"),
        ("people", "gaps"),
        ("people", "confirm"),
        ("people", "held", "Vàm Tre"),
        ("people", "held", "Vàm Tre", "--at", "2025-11-05T14:00"),
        ("people", "show", "1"),
        ("people", "export", "danh-ba.xlsx"),
        ("people", "speakers", "cong-bo.html"),
        ("invite", "--all"),
        ("check",),
    ],
    ids=" ".join,
)
def test_every_command_goes_on_with_a_person_who_was_blanked(
    command: tuple[str, ...], data: Path, bot: Bot
) -> None:
    bot("people", "blank", CLERK, *REASON)
    done = bot(*command)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert WHOLE_NAME not in done.output and PHONE not in done.output
    assert "None" not in done.output


def test_who_cannot_be_blanked_is_told_why(data: Path, bot: Bot) -> None:
    refused = bot("people", "blank", ADMIN, *REASON)
    assert refused.exit_code == 1 and "quản trị duy nhất" in refused.output
    rows(
        data,
        "INSERT INTO inbox (channel, external, lane, person, body, state, tries, "
        "received_at) VALUES ('web', 'n', '1', 1, '{}', 'new', 0, '2026-10-12T00:00:00+00:00')",
    )
    refused = bot("people", "blank", CLERK, *REASON)
    assert refused.exit_code == 1 and "chưa xử lý" in refused.output
    assert WHOLE_NAME in bot("people", "show", "1").output


def test_every_list_and_file_that_goes_out_is_logged(data: Path, bot: Bot, tmp_path: Path) -> None:
    assert "Chưa có danh sách" in bot("people", "exports").output
    bot("people", "template", str(tmp_path / "mau.xlsx"))
    bot("people", "export", str(tmp_path / "danh-ba.csv"))
    bot("people", "speakers", str(tmp_path / "cong-bo.xlsx"))
    bot("incident", "export", "VV-01")
    bot("invite", CLERK, "--sheet", str(tmp_path / "moi.html"))
    bot("invite", CLERK)
    bot("backup", str(tmp_path / "sao-luu.tar"))
    found = logged(data)
    assert [one["what"] for one in found] == [
        "register",
        "speakers",
        "incident",
        "invitations",
        "backup",
    ]
    assert found[2]["about"] == "VV-2025-001" and found[3]["count"] == 1
    listed = bot("people", "exports").output
    for words in ("danh bạ, 41 người", "nhật ký VV-2025-001", "tờ mời, 1 người", "tại máy chủ"):
        assert words in listed
    assert bot("audit", "verify").exit_code == 0


def test_an_export_that_fails_logs_nothing(data: Path, bot: Bot, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "khong-co" / "x.csv")
    assert bot("people", "export", nowhere).exit_code == 1
    assert bot("people", "speakers", nowhere).exit_code == 1
    assert bot("incident", "export", "VV-99").exit_code == 1
    assert bot("backup", str(tmp_path / "khong-co" / "x.tar")).exit_code == 1
    assert logged(data) == []


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A copy that lies on a disk that takes nothing."""

    def refused(*_: object) -> None:
        raise DatabaseAway("attempt to write a readonly database")

    monkeypatch.setattr(exports, "note", refused)
    yield


@pytest.mark.usefixtures("unwritable")
def test_lists_of_people_do_not_go_out_unlogged(data: Path, bot: Bot, tmp_path: Path) -> None:
    for command, name in (("export", "a.xlsx"), ("export", "b.csv"), ("speakers", "c.html")):
        done = bot("people", command, str(tmp_path / name))
        assert done.exit_code == 1 and "Chưa ghi ra" in done.output
    assert not [one for one in tmp_path.iterdir() if one.suffix in (".xlsx", ".csv", ".html")]


@pytest.mark.usefixtures("unwritable")
def test_a_case_and_a_backup_go_out_all_the_same_and_it_is_said(
    data: Path, bot: Bot, tmp_path: Path
) -> None:
    case = bot("incident", "export", "VV-01")
    assert case.exit_code == 0 and json.loads(case.stdout)["code"] == "VV-2025-001"
    assert "ghi lại ở sổ" in case.stderr
    kept = bot("backup", str(tmp_path / "x.tar"))
    assert kept.exit_code == 0 and "ghi lại ở sổ" in kept.output and (tmp_path / "x.tar").exists()


def test_the_only_administrator_s_lost_phone_is_shut_out_at_the_console(
    data: Path, bot: Bot
) -> None:
    assert bot("invite", ADMIN, "--admin").exit_code == 0
    assert rows(data, "SELECT count(*) FROM invites WHERE spent_at IS NULL") == [(1,)]
    locked = bot("people", "lock", ADMIN)
    assert locked.exit_code == 0 and "bot invite" in locked.output
    assert rows(data, "SELECT count(*) FROM invites WHERE spent_at IS NULL") == [(0,)]
    assert bot("people", "lock", "khong co ai").exit_code == 1
    held = rows(data, "SELECT role FROM holdings WHERE person = 30")
    assert ("admin",) in held, "his roles stay"
    assert bot("invite", ADMIN).exit_code == 0
