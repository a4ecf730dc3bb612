"""What the register writes out is opened by LibreOffice itself: text stays text."""

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from bot import register_file
from procedure.organisation import Holding, Organisation, Person, Unit
from procedure.words import Role, UnitKind

SOFFICE = shutil.which("soffice")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
WORDS = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
#: What a spreadsheet would count or fetch if it took it for more than words.
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1;1)", '=HYPERLINK("http://127.0.0.1";"x")')


def opened(path: Path, folder: Path) -> ElementTree.Element:
    """The workbook as LibreOffice has read it, written out by it as XML."""
    assert SOFFICE is not None
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    asked = [SOFFICE, "--headless", "--norestore", own, "--convert-to", "fods"]
    subprocess.run([*asked, "--outdir", str(folder), str(path)], check=True, timeout=120)
    return ElementTree.parse(folder / f"{path.stem}.fods").getroot()


def test_no_formula_of_an_export_counts_and_every_cell_is_text(tmp_path: Path) -> None:
    units = {
        n: Unit(id=n, name=words, short=words, kind=UnitKind.LOCALITY, code=f"={n}+1")
        for n, words in enumerate(FORMULAS, 1)
    }
    person = Person(
        id=1, name="=1+1", short="=2+2", address="ông", post="+3", phone="0912000001", unit=1,
        email="=cmd|' /C calc'!A0",
    )  # fmt: skip
    whole = Organisation(units, {1: person}, (Holding(1, Role.HEAD, 1),))
    (path,) = register_file.write(tmp_path / "danh-ba.xlsx", whole)
    root = opened(path, tmp_path)
    cells = list(root.iter(f"{TABLE}table-cell"))
    assert not [one for one in cells if one.get(f"{TABLE}formula")]
    kinds = {one.get(f"{OFFICE}value-type") for one in cells if list(one)}
    assert kinds == {"string"}
    texts = {"".join(one.itertext()).strip() for one in root.iter(WORDS)}
    assert {*FORMULAS, "=1+1", "=2+2", "+3", "0912000001"} <= texts
    assert len(root.findall(f".//{TABLE}table")) >= 2, "both sheets"
