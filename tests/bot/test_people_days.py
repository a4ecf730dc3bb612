"""The days of a role in the register's files, and at the console."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot import register_file
from tests.bot.clitown import Bot
from tests.bot.test_people_files import PEOPLE, UNITS, kept, sheet


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The two tables of a small province."""
    units, people = tmp_path / "donvi.csv", tmp_path / "nguoi.csv"
    units.write_text(UNITS, "utf-8")
    people.write_text(PEOPLE, "utf-8")
    return [str(units), str(people)]


@pytest.fixture
def real(bare: Path, bot: Bot) -> Path:
    """A real database without people."""
    assert bot("migrate").exit_code == 0
    return bare


def test_the_template_says_what_the_two_columns_of_days_mean(
    real: Path, bot: Bot, tmp_path: Path
) -> None:
    path = tmp_path / "mau.xlsx"
    bot("people", "template", str(path))
    book = load_workbook(path)
    assert {"Giữ từ ngày", "Đến ngày"} <= {one.value for one in book["Người"][1]}
    told = " ".join(
        str(cell.value) for row in book["Hướng dẫn"].iter_rows() for cell in row if cell.value
    )
    for words in ("ngày/tháng/năm", "tính cả ngày ấy", "Đến ngày"):
        assert words in told


DATED = "Họ và tên;Điện thoại;Mã đơn vị;Vai trò;Giữ từ ngày;Đến ngày\n"


def test_posts_are_held_from_a_day_until_a_day_and_shown_so(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    bot("people", "import", *files, "--yes")
    today = datetime.now(UTC).date()
    last, first = today + timedelta(days=9), today + timedelta(days=10)
    new = tmp_path / "moi.csv"
    new.write_text(
        f"{DATED}Nguyễn Văn Một;0912000001;X1;người đứng đầu;;{last:%d/%m/%Y}\n"
        f"Nguyễn Văn Một;0912000001;X1;người phát ngôn;;\n"
        f"Đỗ Sáu;0912000006;X1;người đứng đầu;{first:%d/%m/%Y};\n",
        "utf-8",
    )
    seen = bot("people", "import", str(new), "--yes")
    assert seen.exit_code == 0
    assert "Đổi ngày giữ vai trò: 1" in seen.output
    assert f"Đỗ Sáu: người đứng đầu, Xã Giả Định Một, từ ngày {first:%d/%m/%Y}" in seen.output
    now = bot("people", "held", "gia dinh mot").output
    assert f"người đứng đầu: Nguyễn Văn Một, đến hết ngày {last:%d/%m/%Y}" in now
    assert "Đỗ Sáu" not in now
    coming = datetime.combine(first, time(12), UTC).isoformat()
    then = bot("people", "held", "gia dinh mot", "--at", coming).output
    assert f"người đứng đầu: Đỗ Sáu, từ ngày {first:%d/%m/%Y}" in then
    assert "người đứng đầu: Nguyễn Văn Một" not in then
    gaps = bot("people", "gaps").output
    assert "Sắp hết hạn: Nguyễn Văn Một, người đứng đầu, Xã Giả Định Một, đến hết ngày" in gaps
    assert f"đến hết ngày {last:%d/%m/%Y}" in bot("people", "show", "Nguyễn Văn Một").output
    for name in ("ra.xlsx", "ra.csv"):
        assert bot("people", "export", str(tmp_path / name)).exit_code == 0
        written = sorted(str(one) for one in tmp_path.glob(f"ra*{Path(name).suffix}"))
        assert "Không có gì thay đổi" in bot("people", "import", *written).output
    assert "Không có gì thay đổi" in bot("people", "import", str(new)).output


def test_a_day_that_cannot_be_and_days_that_cross_are_faulty_rows(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    wrong = tmp_path / "sai.csv"
    wrong.write_text(
        f"{DATED}Một;0912000011;X1;cán bộ;;31/02/2027\n"
        "Hai;0912000012;X1;cán bộ;mai;\n"
        "Ba;0912000013;X1;cán bộ;31/12;\n"
        "Bốn;0912000014;X1;cán bộ;02/01/2027;01/01/2027\n"
        "Năm;0912000015;X1;cán bộ;=TODAY();\n"
        "Sáu;0912000016;X1;người đứng đầu;;31/12/2099\n"
        "Bảy;0912000017;X1;người đứng đầu;31/12/2099;\n",
        "utf-8",
    )
    seen = bot("people", "import", files[0], str(wrong), "--yes")
    assert seen.exit_code == 1
    for row, words in {
        2: 'cột "Đến ngày" có ngày 31/02/2027, không có trên lịch',
        3: 'cột "Giữ từ ngày" có "mai", không đọc được ngày',
        4: 'cột "Giữ từ ngày" có "31/12", không đọc được ngày',
        5: "giữ từ ngày 02/01/2027 lại sau đến ngày 01/01/2027",
        6: 'cột "Giữ từ ngày" là công thức',
        7: "Xã Giả Định Một đã có người đứng đầu là Bảy",
        8: "Xã Giả Định Một đã có người đứng đầu là Sáu",
    }.items():
        assert any(f"dòng {row}: {words}" in line for line in seen.output.splitlines()), words
    assert kept(real, "SELECT count(*) FROM units") == [(0,)]


def test_a_cell_that_a_workbook_keeps_as_a_date_is_that_day(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ("Họ và tên", "Điện thoại", "Mã đơn vị", "Giữ từ ngày", "Đến ngày"),
        ("Một", "0912000001", "X1", date(2027, 1, 2), datetime(2027, 12, 31)),
        ("Hai", "0912000002", "X1", "2/1/2027", None),
    )
    found = register_file.read([path])
    assert [(one.since, one.until) for one in found.people] == [
        (date(2027, 1, 2), date(2027, 12, 31)),
        (date(2027, 1, 2), None),
    ]
    assert {one.silent for one in found.people} == {frozenset()}
    bare = sheet(
        tmp_path / "b.xlsx", ("Họ và tên", "Điện thoại", "Mã đơn vị"), ("Một", "0912000001", "X1")
    )
    assert register_file.read([bare]).people[0].silent == {"since", "until"}
