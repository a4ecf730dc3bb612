"""Tables in files, as rows of text: workbooks (.xlsx) and comma-separated files (.csv).

What comes in is bounded before it is read; what goes out is text in every cell, so that no
program takes a name for a formula.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

#: A country of 3,400 units and 40,000 people is a tenth of these.
MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 20 * 1024 * 1024, 200 * 1024 * 1024, 200_000
MOST_COLUMNS, MOST_LETTERS = 40, 500
#: A cell that a program may take for a formula begins so.
_ACTIVE = ("=", "@", "+", "-", "\t", "\r")
_MARK = "'"
#: How a day is written; a cell that a program keeps as a date is read as if it stood there so.
DAY = "%d/%m/%Y"

Row = Sequence[str]


class Unreadable(Exception):
    """A file that is no table; `key` names the words, `facts` fill them."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class Formula(str):
    """A cell that holds a formula instead of a value."""

    __slots__ = ()


def read(path: Path) -> dict[str, list[Row]]:
    """The sheets of a file by their names, each row as text; a .csv has one, named "".

    A formula comes as a Formula. Raises Unreadable, also for a file that is too large.
    """
    try:
        size = path.stat().st_size
    except OSError:
        raise Unreadable("file_missing", name=path.name) from None
    if size > MOST_BYTES:
        raise Unreadable("file_too_large", name=path.name, most=MOST_BYTES // 1024 // 1024)
    if path.suffix.lower() == ".csv":
        return {"": list(_bounded(path, _csv(path)))}
    if path.suffix.lower() == ".xlsx":
        return _workbook(path)
    raise Unreadable("file_kind", name=path.name)


def write(path: Path, sheets: Mapping[str, Iterable[Row]]) -> None:
    """Writes sheets of text into a new .xlsx, or the only one into a .csv. Raises OSError."""
    if path.suffix.lower() == ".csv":
        (rows,) = sheets.values()
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out, delimiter=";").writerows([_inert(one) for one in row] for row in rows)
        return
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for n in range(1, MOST_COLUMNS):
            sheet.column_dimensions[get_column_letter(n)].width = 24
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=value)
                cell.data_type = "s"
                cell.number_format = "@"
                cells.append(cell)
            sheet.append(cells)
    book.save(path)


def _inert(value: str) -> str:
    return _MARK + value if value.startswith((*_ACTIVE, _MARK)) else value


def _csv(path: Path) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("file_not_utf8", name=path.name) from None
    head = text.splitlines()[0] if text.strip() else ""
    by = max(";,\t", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=by, strict=True):
            yield [_from_csv(one) for one in row]
    except csv.Error as error:
        raise Unreadable("file_broken", name=path.name, why=str(error)) from None


def _from_csv(value: str) -> str:
    value = value.strip()
    if value.startswith(_MARK):
        return value[1:].strip()
    return Formula(value) if value.startswith(("=", "@")) else value


def _workbook(path: Path) -> dict[str, list[Row]]:
    from openpyxl import load_workbook

    _not_a_bomb(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        return {
            sheet.title: list(_bounded(path, (_cells(row) for row in sheet.iter_rows())))
            for sheet in book.worksheets
        }
    except Unreadable:
        raise
    except Exception as error:  # Whatever a broken workbook brings out of the library.
        raise Unreadable("file_broken", name=path.name, why=type(error).__name__) from None


def _not_a_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            whole = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable("file_broken", name=path.name, why=type(error).__name__) from None
    if whole > MOST_UNPACKED:
        raise Unreadable("file_too_large", name=path.name, most=MOST_UNPACKED // 1024 // 1024)


def _cells(row: Iterable[object]) -> Row:
    made: list[str] = []
    for cell in row:
        value = getattr(cell, "value", None)
        if getattr(cell, "data_type", "") == "f":
            made.append(Formula(value))
        elif isinstance(value, float) and value.is_integer():
            made.append(str(int(value)))
        elif isinstance(value, date):
            made.append(f"{value:{DAY}}")
        else:
            made.append("" if value is None else str(value).strip())
    return made


def _bounded(path: Path, rows: Iterable[Row]) -> Iterator[Row]:
    for n, row in enumerate(rows, 1):
        if n > MOST_ROWS:
            raise Unreadable("file_too_long", name=path.name, most=MOST_ROWS)
        yield row[:MOST_COLUMNS]
