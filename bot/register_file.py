"""The register as a file that people keep: read into rows with every fault named, and written."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot import spreadsheet, wordlists
from bot.spreadsheet import DAY, MOST_LETTERS, Formula, Row, Unreadable
from handlers.reading.day import NotADay, read_day
from procedure.organisation import Organisation
from procedure.register import PersonLine, UnitLine, table
from procedure.soundness import is_phone
from procedure.staffing import PEOPLE, UNITS, RowFault
from procedure.text import fold
from procedure.words import Role, UnitKind

E = TypeVar("E", bound=StrEnum)
_NEEDED = {UNITS: ("code", "name", "kind"), PEOPLE: ("name", "phone", "unit")}
_DAYS = frozenset({"since", "until"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass
class Register:
    """What was read: the rows that can be understood, and the faults of the others."""

    units: list[UnitLine] = field(default_factory=list)
    people: list[PersonLine] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def read(paths: Sequence[Path]) -> Register:
    """Everything in these files. Raises Unreadable for what is no register."""
    made = Register()
    for path in paths:
        known = 0
        for name, rows in spreadsheet.read(path).items():
            if name and fold(name) == fold(_words()["sheets"]["guide"]):
                continue
            known += _sheet(made, path, rows)
        if not known:
            raise Unreadable("file_no_columns", name=path.name)
    return made


def write(path: Path, organisation: Organisation) -> list[Path]:
    """Writes the register; a .csv becomes two, one for each kind of row. Returns the files."""
    words, (units, people) = _words(), table(organisation)
    rows = {
        UNITS: [_header(UNITS), *map(_unit_row, units)],
        PEOPLE: [_header(PEOPLE), *map(_person_row, people)],
    }
    if path.suffix.lower() != ".csv":
        named = {words["sheets"][kind]: one for kind, one in rows.items()}
        spreadsheet.write(path, {**named, words["sheets"]["guide"]: _guide()})
        return [path]
    made = []
    for kind, one in rows.items():
        part = path.with_stem(f"{path.stem}-{fold(words['sheets'][kind]).replace(' ', '-')}")
        spreadsheet.write(part, {"": one})
        made.append(part)
    return made


def speakers(organisation: Organisation) -> list[Row]:
    """Who speaks for which unit, to be published: the heading, then the rows."""
    words = _words()
    rows: list[Row] = [[words["speakers"][name] for name in words["speakers"]]]
    for unit in sorted(organisation.units.values(), key=lambda one: one.name):
        if unit.into is not None:
            continue
        for id in organisation.holders(Role.SPOKESPERSON, unit.id):
            one = organisation.people[id]
            rows.append([unit.name, one.name, one.post, one.phone, one.email])
    return rows


def role_words(role: Role) -> str:
    """What people call a role."""
    return str(_words()["roles"][role.value][0])


def _sheet(made: Register, path: Path, rows: Sequence[Row]) -> int:
    """Takes the rows of one sheet; returns 1 when it is one of a register."""
    head = next((n for n, row in enumerate(rows) if any(row)), None)
    if head is None:
        return 0
    kind, columns = _columns(path, rows[head])
    if kind is None:
        return 0
    for n, row in enumerate(rows[head + 1 :], head + 2):
        if any(row):
            _Reader(made, kind, n, {name: _cell(row, at) for name, at in columns.items()})
    return 1


def _cell(row: Row, at: int) -> str:
    return row[at] if at < len(row) else ""


def _columns(path: Path, head: Row) -> tuple[str | None, dict[str, int]]:
    """Which kind of row stands under these headings, and where each of its values is."""
    headings = [fold(one) for one in head]
    best: tuple[str | None, dict[str, int]] = (None, {})
    for kind in (UNITS, PEOPLE):
        found = {
            name: headings.index(fold(said))
            for name, listed in _words()[kind].items()
            for said in reversed(listed)
            if fold(said) in headings
        }
        whole = all(name in found for name in _NEEDED[kind])
        if whole and len(found) > len(best[1]):
            best = kind, found
    return best


class _Reader:
    """One row."""

    def __init__(self, made: Register, kind: str, row: int, values: Mapping[str, str]) -> None:
        self.made, self.kind, self.row, self.values = made, kind, row, values
        self.faults: list[RowFault] = []
        for name, value in values.items():
            if isinstance(value, Formula):
                self._fault("formula", column=_words()[kind][name][0])
            elif len(value) > MOST_LETTERS:
                self._fault("too_long", column=_words()[kind][name][0], most=MOST_LETTERS)
        for name in _NEEDED[kind]:
            if not self._said(name) and not (name == "phone" and self._yes("left")):
                self._fault("missing", column=_words()[kind][name][0])
        line = self._unit() if kind == UNITS else self._person()
        if self.faults:
            made.faults += self.faults
        elif isinstance(line, UnitLine):
            made.units.append(line)
        else:
            made.people.append(line)

    def _said(self, name: str) -> str:
        return " ".join(str(self.values.get(name, "")).split())

    def _yes(self, name: str) -> bool:
        return fold(self._said(name)) in map(fold, _words()["answers"]["yes"])

    def _unit(self) -> UnitLine:
        return UnitLine(
            row=self.row,
            code=self._said("code"),
            name=self._said("name"),
            short=self._said("short") or self._said("name"),
            kind=self._one_of("kinds", UnitKind, self._said("kind"), UnitKind.LOCALITY),
            reports_to=self._said("reports_to"),
            department=self._said("department"),
            partner=self._said("partner"),
            phone=self._phone(),
            places=tuple(self._several("places")),
            into=self._said("into"),
        )

    def _person(self) -> PersonLine:
        name, email = self._said("name"), self._said("email")
        if email and not _EMAIL.fullmatch(email):
            self._fault("email_bad", value=email)
        since, until = self._day("since"), self._day("until")
        if since and until and since > until:
            self._fault("days_crossed", since=since, until=until)
        return PersonLine(
            row=self.row,
            code=self._said("code"),
            name=name,
            short=self._said("short") or " ".join(name.split()[-2:]),
            address=self._said("address") or _words()["answers"]["address"],
            post=self._said("post"),
            phone=self._phone(),
            email=email,
            unit=self._said("unit"),
            rank=self._said("rank"),
            roles=tuple(
                dict.fromkeys(
                    self._one_of("roles", Role, one, Role.STAFF) for one in self._several("roles")
                )
            ),
            left=self._yes("left"),
            since=since,
            until=until,
            silent=frozenset(_DAYS - self.values.keys()),
        )

    def _day(self, name: str) -> date | None:
        said = self._said(name)
        if not said:
            return None
        try:
            return read_day(said, date.min, want="written")
        except NotADay as problem:
            column = _words()[self.kind][name][0]
            self._fault(f"day_{problem.why}", column=column, value=said)
            return None

    def _several(self, name: str) -> Iterator[str]:
        parts = (" ".join(one.split()) for one in str(self.values.get(name, "")).split(";"))
        return (one for one in parts if one)

    def _phone(self) -> str:
        said = self._said("phone")
        if said.isdigit() and len(said) == 9:
            said = f"0{said}"  # A table has taken it for a number.
        if said and not is_phone(said):
            self._fault("phone_bad", value=said)
        return said

    def _one_of(self, list: str, kind: type[E], said: str, otherwise: E) -> E:
        found = _meanings(list).get(fold(said))
        if found is None:
            if said:
                listed = "; ".join(one[0] for one in _words()[list].values())
                self._fault(f"{list}_unknown", value=said, listed=listed)
            return otherwise
        return kind(found)

    def _fault(self, key: str, **facts: Any) -> None:
        self.faults.append(RowFault(self.kind, self.row, key, facts))


@cache
def _words() -> dict[str, Any]:
    return wordlists.table("register")


@cache
def _meanings(list: str) -> Mapping[str, str]:
    return {fold(said): name for name, listed in _words()[list].items() for said in listed}


def _header(kind: str) -> Row:
    return [listed[0] for listed in _words()[kind].values()]


def _written(kind: str, values: Mapping[str, Callable[[], str]] | Mapping[str, str]) -> Row:
    return [str(values[name]) for name in _words()[kind]]


def _unit_row(line: UnitLine) -> Row:
    values = {name: getattr(line, name) for name in _words()[UNITS]}
    values["kind"] = _words()["kinds"][line.kind.value][0]
    values["places"] = "; ".join(line.places)
    return _written(UNITS, values)


def _person_row(line: PersonLine) -> Row:
    values = {name: getattr(line, name) for name in _words()[PEOPLE]}
    values["roles"] = "; ".join(_words()["roles"][one.value][0] for one in line.roles)
    values["left"] = _words()["answers"]["yes"][0] if line.left else ""
    values |= {name: f"{day:{DAY}}" if (day := values[name]) else "" for name in _DAYS}
    return _written(PEOPLE, values)


def _guide() -> Iterator[Row]:
    """What may stand in the columns that hold one of a list, or a day."""
    words = _words()
    for kind, name, listed in ((UNITS, "kind", "kinds"), (PEOPLE, "roles", "roles")):
        yield [words["sheets"][kind], words[kind][name][0]]
        yield from (["", one[0]] for one in words[listed].values())
    for name, said in words["days"].items():
        yield [words["sheets"][PEOPLE], words[PEOPLE][name][0]]
        yield ["", said]
