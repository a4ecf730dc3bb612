"""The register in files: what an operator has in a workbook, and what he reads about it."""

import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot import register_file, spreadsheet
from bot.spreadsheet import Formula, Unreadable
from procedure.organisation import Organisation, Person, Unit
from procedure.words import UnitKind
from tests.bot import registers
from tests.bot.clitown import Bot

UNITS = """Mã đơn vị;Tên đơn vị;Loại;Cấp ủy cấp trên trực tiếp;Cơ quan tuyên giáo phụ trách
TT;Thường trực Tỉnh ủy;thuong truc cap uy;;
TG;Ban Tuyên giáo và Dân vận Tỉnh ủy;BAN TUYÊN GIÁO;TT;
X1;Xã Giả Định Một;xã;TT;TG
X2;Xã Giả Định Hai;xã;TT;TG
"""
PEOPLE = """Họ và tên,Chức vụ,Điện thoại,Mã đơn vị,Vai trò
Nguyễn Văn Một,Bí thư,0912 000 001,X1,người đứng đầu; nguoi phat ngon
Trần Thị Hai,Trực ban,0912000002,TG,người trực; quản trị
Lê Ba,Phó Bí thư Thường trực,0912000003,TT,thành viên thường trực
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The two tables of a small province, as two different programs save them."""
    units, people = tmp_path / "donvi.csv", tmp_path / "nguoi.csv"
    units.write_text(UNITS, "utf-8-sig")
    people.write_text(PEOPLE, "utf-8")
    return [str(units), str(people)]


def sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    """A workbook of one sheet."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def real(bare: Path, bot: Bot) -> Path:
    """A real database without people."""
    assert bot("migrate").exit_code == 0
    return bare


def kept(data: Path, query: str) -> list[tuple[Any, ...]]:
    """What lies in the database."""
    (path,) = data.rglob("*.db")
    with sqlite3.connect(path) as found:
        return found.execute(query).fetchall()


def test_a_dry_run_shows_what_would_change_and_writes_nothing(
    real: Path, bot: Bot, files: list[str]
) -> None:
    seen = bot("people", "import", *files)
    assert seen.exit_code == 0
    for words in ("Đơn vị mới: 4", "Người mới: 3", "chờ quản trị thứ hai: 2", "--yes"):
        assert words in seen.output
    assert kept(real, "SELECT count(*) FROM people") == [(0,)]


def test_it_is_written_once_and_the_export_gives_the_same_back(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    done = bot("people", "import", *files, "--yes")
    assert "Đã ghi 12 thay đổi" in done.output and "2 vai trò chờ" in done.output
    assert "Không có gì thay đổi" in bot("people", "import", *files).output
    for name in ("ra.xlsx", "ra.csv"):
        out = bot("people", "export", str(tmp_path / name))
        assert out.exit_code == 0
        written = sorted(str(one) for one in tmp_path.glob(f"ra*{Path(name).suffix}"))
        assert "Không có gì thay đổi" in bot("people", "import", *written).output
    assert bot("audit", "verify").exit_code == 0


def test_guarded_roles_are_confirmed_at_the_console_while_there_are_not_two_admins(
    real: Path, bot: Bot, files: list[str]
) -> None:
    bot("people", "import", *files, "--yes")
    asked = bot("people", "confirm")
    assert "Trần Thị Hai: quản trị" in asked.output and "Lê Ba" in asked.output
    assert kept(real, "SELECT count(*) FROM holdings WHERE role = 'admin'") == [(0,)]
    assert "Đã xác nhận 2 vai trò" in bot("people", "confirm", "--yes").output
    assert kept(real, "SELECT count(*) FROM holdings WHERE role = 'admin'") == [(1,)]
    assert bot("people", "confirm").output == ""


def test_with_two_admins_the_console_confirms_nothing(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    more = tmp_path / "them.csv"
    more.write_text(PEOPLE + "Võ Tư,,0912000004,TG,quản trị\n", "utf-8")
    bot("people", "import", files[0], str(more), "--yes")
    bot("people", "confirm", "--yes")
    more.write_text(PEOPLE + "Đỗ Năm,,0912000005,TG,quản trị\n", "utf-8")
    bot("people", "import", str(more), "--yes")
    refused = bot("people", "confirm", "--yes")
    assert refused.exit_code == 1 and "quản trị thứ hai" in refused.output


def test_faulty_rows_are_all_named_and_nothing_is_written(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    wrong = tmp_path / "sai.csv"
    wrong.write_text(
        "Họ và tên;Điện thoại;Mã đơn vị;Vai trò;Thư điện tử\n"
        ";0912000011;X1;;\n"
        "Một;12;X1;;\n"
        "Hai;0912000012;??;;\n"
        "Ba;0912000013;X1;vua;\n"
        "Bốn;0912000014;X1;;khong-phai-thu\n"
        "=1+1;0912000015;X1;;\n"
        f"{'a' * 501};0912000016;X1;;\n"
        "Chín;0912000017;X1;;\n"
        "Mười;0912000017;X1;;\n",
        "utf-8",
    )
    seen = bot("people", "import", files[0], str(wrong), "--yes")
    assert seen.exit_code == 1
    for row, words in {
        2: 'thiếu cột "Họ và tên"',
        3: 'số điện thoại "12"',
        4: 'mã đơn vị "??"',
        5: 'vai trò "vua"',
        6: "thư điện tử",
        7: 'cột "Họ và tên" là công thức',
        8: 'cột "Họ và tên" dài hơn 500 chữ',
        10: "trùng với dòng 9",
    }.items():
        assert any(f"dòng {row}: {words}" in line for line in seen.output.splitlines()), words
    assert kept(real, "SELECT count(*) FROM units") == [(0,)]


def test_a_sample_takes_no_real_people_and_says_how_to_make_a_real_database(
    data: Path, bot: Bot, files: list[str]
) -> None:
    refused = bot("people", "import", *files)
    assert refused.exit_code == 1 and "BOT_DATA_DIR" in refused.output


def test_the_template_names_every_column_and_every_value(
    real: Path, bot: Bot, tmp_path: Path
) -> None:
    path = tmp_path / "mau.xlsx"
    assert bot("people", "template", str(path)).exit_code == 0
    book = load_workbook(path)
    assert book.sheetnames == ["Đơn vị", "Người", "Hướng dẫn"]
    assert [one.value for one in book["Người"][1]][:3] == ["Mã cán bộ", "Họ và tên", "Tên gọi"]
    told = {cell.value for row in book["Hướng dẫn"].iter_rows() for cell in row}
    assert {"người đứng đầu", "quản trị", "xã, phường, đặc khu"} <= told


def test_gaps_say_which_unit_lacks_whom(real: Path, bot: Bot, files: list[str]) -> None:
    bot("people", "import", *files, "--yes")
    seen = bot("people", "gaps").output
    assert "0/2 xã" in seen
    assert "Xã Giả Định Hai: còn thiếu người đứng đầu" in seen
    assert "Xã Giả Định Một: chưa liên lạc được Nguyễn Văn Một" in seen
    assert "Xã Giả Định Một: chưa xác nhận quý " in seen
    assert "Thử chuông: 0/2 người đứng đầu, phát ngôn, trực đã trả lời." in seen


def test_who_has_left_loses_every_door_at_once(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    bot("people", "import", *files, "--yes")
    bot("invite", "Nguyễn Văn Một")
    left = tmp_path / "thoi.csv"
    left.write_text("Họ và tên;Điện thoại;Mã đơn vị;Thôi việc\nNguyễn Văn Một;0912000001;X1;x\n")
    assert "Thôi việc: 1" in bot("people", "import", str(left), "--yes").output
    assert kept(real, "SELECT count(*) FROM invites WHERE spent_at IS NULL") == [(0,)]
    assert kept(real, "SELECT count(*) FROM holdings WHERE person = 1") == [(0,)]


def test_who_held_what_is_answered_for_any_past_moment(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    bot("people", "import", *files, "--yes")
    before = datetime.now(UTC).isoformat()
    new = tmp_path / "moi.csv"
    new.write_text(
        "Họ và tên;Điện thoại;Mã đơn vị;Vai trò\n"
        "Nguyễn Văn Một;0912000001;X1;cán bộ\n"
        "Đỗ Sáu;0912000006;X1;người đứng đầu\n",
        "utf-8",
    )
    bot("people", "import", str(new), "--yes")
    then, now = bot("people", "held", "gia dinh mot", "--at", before), bot("people", "held", "mot")
    assert "người đứng đầu: Nguyễn Văn Một" in then.output
    assert "người đứng đầu: Đỗ Sáu" in now.output and "cán bộ: Nguyễn Văn Một" in now.output
    assert bot("people", "held", "khong co").exit_code == 1
    long_ago = bot("people", "held", "mot", "--at", "2020-01-01T00:00")
    assert long_ago.exit_code == 1


@pytest.mark.parametrize("name", ["cong-bo.xlsx", "cong-bo.csv", "cong-bo.html"])
def test_who_speaks_for_which_unit_is_written_for_publication(
    real: Path, bot: Bot, files: list[str], tmp_path: Path, name: str
) -> None:
    hostile = tmp_path / "them.csv"
    hostile.write_text(PEOPLE + "<b>Tên</b>,,0912000004,X2,người phát ngôn\n", "utf-8")
    mail = tmp_path / "thu.csv"
    mail.write_text(
        "Họ và tên,Điện thoại,Mã đơn vị,Vai trò,Chức vụ,Thư điện tử\n"
        "Nguyễn Văn Một,0912 000 001,X1,người phát ngôn,Bí thư,mot@example.vn\n",
        "utf-8",
    )
    bot("people", "import", files[0], str(hostile), "--yes")
    bot("people", "import", str(mail), "--yes")
    whole = ["Xã Giả Định Một", "Nguyễn Văn Một", "Bí thư", "0912 000 001", "mot@example.vn"]
    out = tmp_path / name
    said = bot("people", "speakers", str(out))
    assert said.exit_code == 0 and "2 người phát ngôn" in said.output
    if name.endswith(".html"):
        page = out.read_text("utf-8")
        assert "Nguyễn Văn Một" in page and "&lt;b&gt;Tên" in page and "<b>Tên" not in page
        assert "".join(f"<td>{one}</td>" for one in whole) in page
        return
    ((_, rows),) = spreadsheet.read(out).items()
    assert rows[0] == [
        "Cơ quan, đơn vị",
        "Người phát ngôn",
        "Chức vụ",
        "Điện thoại",
        "Thư điện tử",
    ]
    assert [row[:2] for row in rows[1:]] == [["Xã Giả Định Hai", "<b>Tên</b>"], whole[:2]]
    assert rows[2] == whole


def test_whom_nothing_reaches_is_invited_on_a_sheet_for_each_unit(
    real: Path, bot: Bot, files: list[str], tmp_path: Path
) -> None:
    hostile = tmp_path / "them.csv"
    hostile.write_text(PEOPLE + "<b>Tên</b>,,0912000004,X1,\n", "utf-8")
    bot("people", "import", files[0], str(hostile), "--yes")
    out = tmp_path / "moi.html"
    said = bot("invite", "--missing", "--sheet", str(out))
    assert said.exit_code == 0 and len(said.stdout.splitlines()) == 4
    page = out.read_text("utf-8")
    assert page.count("<section>") == 3 and page.count("<svg") == 4
    assert "&lt;b&gt;Tên" in page and "<b>Tên" not in page
    assert out.stat().st_mode & 0o077 == 0, "whoever reads it may enter"
    refused = bot("invite", "--missing", "--sheet", str(tmp_path / "no" / "moi.html"))
    assert refused.exit_code == 1


# Files


def test_numbers_that_a_workbook_made_of_phones_are_phones_again(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ("Họ và tên", "Điện thoại", "Mã đơn vị"),
        ("Một", 912000001, 12),
        ("Hai", 912000002.0, "X1"),
    )
    found = register_file.read([path])
    assert [(one.phone, one.unit) for one in found.people] == [
        ("0912000001", "12"),
        ("0912000002", "X1"),
    ]


def test_what_goes_out_is_text_in_every_cell(tmp_path: Path) -> None:
    unit = Unit(id=1, name="=1+1", short="@x", kind=UnitKind.LOCALITY, code="+1")
    one = Person(id=1, name="-2", short="x", address="", post="", phone="+84912000001", unit=1)
    organisation = Organisation({1: unit}, {1: one})
    (book,) = register_file.write(tmp_path / "a.xlsx", organisation)
    cells = [cell for sheet in load_workbook(book) for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    for part in register_file.write(tmp_path / "a.csv", organisation):
        text = part.read_text("utf-8-sig")
        assert not any(word in text for word in (";=", ";@", ";+", ";-", "\n=", "\n+"))
    back = register_file.read(sorted(tmp_path.glob("a-*.csv")))
    assert [line.name for line in back.units] == ["=1+1"]
    assert [line.phone for line in back.people] == ["+84912000001"]


def test_a_formula_is_seen_as_one(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ("Tên", "Mã"), ("=1+1", "x"))
    ((_, rows),) = spreadsheet.read(path).items()
    assert isinstance(rows[1][0], Formula) and not isinstance(rows[1][1], Formula)


def too_large(path: Path) -> Path:
    """A file of 21 MB."""
    with path.open("wb") as out:
        out.truncate(21 * 1024 * 1024)
    return path


def bomb(path: Path) -> Path:
    """A small workbook that unpacks to 300 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out, out.open("x", "w") as part:
        for _ in range(300):
            part.write(b"\0" * 1024 * 1024)
    return path


def text(path: Path, data: bytes) -> Path:
    """A file of these bytes."""
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "make", "key"),
    [
        ("a.xlsx", too_large, "file_too_large"),
        ("a.xlsx", bomb, "file_too_large"),
        ("a.xlsx", lambda path: text(path, b"not a workbook"), "file_broken"),
        ("a.xlsx", lambda path: text(path, b"PK\x03\x04broken"), "file_broken"),
        ("a.csv", lambda path: text(path, "Họ tên".encode("utf-16")), "file_not_utf8"),
        ("a.csv", lambda path: text(path, b'a;"b\n'), "file_broken"),
        ("a.csv", lambda path: text(path, b"a;b\n1;2\n"), "file_no_columns"),
        ("a.csv", lambda path: text(path, b""), "file_no_columns"),
        ("a.xls", lambda path: text(path, b""), "file_kind"),
        ("a.csv", lambda path: path, "file_missing"),
    ],
)
def test_what_is_no_register_is_refused_in_one_sentence(
    tmp_path: Path, bot: Bot, real: Path, name: str, make: Any, key: str
) -> None:
    path = make(tmp_path / name)
    with pytest.raises(Unreadable) as refused:
        register_file.read([path])
    assert refused.value.key == key
    seen = bot("people", "import", str(path))
    assert seen.exit_code == 1 and len(seen.output.splitlines()) == 1
    assert json.dumps(seen.output)


def test_the_whole_province_comes_in_at_once_and_again_changes_nothing(
    real: Path, bot: Bot, tmp_path: Path
) -> None:
    both = registers.files(tmp_path)
    assert bot("people", "import", *both).exit_code == 0
    assert kept(real, "SELECT count(*) FROM people") == [(0,)]
    assert bot("people", "import", *both, "--yes").exit_code == 0
    assert kept(real, "SELECT count(*) FROM units") == [(registers.UNITS,)]
    assert kept(real, "SELECT count(*) FROM people") == [(registers.PEOPLE,)]
    assert "102/102" in bot("people", "gaps").output
    out = tmp_path / "danh-ba.xlsx"
    assert bot("people", "export", str(out)).exit_code == 0
    assert "Không có gì thay đổi" in bot("people", "import", str(out)).output
