"""Whatever was ever written in a journal can be read and folded for ever (design.md §2a)."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from procedure.codec import dump, field_types, load
from procedure.entries import FIRST_HASH, Entry, entry_bytes
from procedure.evolve import MOVES, evolve
from procedure.incident import Incident
from procedure.kinds import KINDS
from storage.journal import salted
from tests.golden import make

FILES = sorted(make.FOLDER.glob("*.json"))


def golden(path: Path) -> tuple[dict[str, Any], dict[str, Any], Entry]:
    """A golden file, the body of its entry, and the entry."""
    told = json.loads(path.read_text(encoding="utf-8"))
    body = json.loads(told["body"])
    fact = load(
        KINDS[body["kind"]], body["data"], lambda ref: told["contents"][str(ref["content"])]
    )
    envelope = {name: body[name] for name in ("stream", "seq", "actor", "authority", "channel")}
    entry = Entry(**envelope, at=datetime.fromisoformat(body["at"]), fact=fact)
    return told, body, entry


def test_every_kind_has_a_golden_file_of_its_present_version() -> None:
    missing = [kind.__name__ for kind in KINDS.values() if not make.path_of(kind).exists()]
    assert not missing, f"python -m tests.golden.make writes them: {missing}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_entry_still_reads_and_folds_to_what_it_meant(path: Path) -> None:
    told, _, entry = golden(path)
    if "before" not in told:
        assert type(entry.fact) not in MOVES, "a fact of the organisation"
        return
    stream = {"stream": entry.stream}
    before = load(Incident, told["before"] | stream)
    assert evolve(before, entry) == load(Incident, told["before"] | told["after"] | stream)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_a_fact_whose_fields_change_gets_a_new_version(kind: type[Any]) -> None:
    """The bytes of today's version are those of its golden file: same fields, same spelling."""
    told, body, entry = golden(make.path_of(kind))
    assert set(body["data"]) == set(field_types(kind))
    assert body["version"] == kind.version == told["version"]
    numbers = iter(range(1, len(told["contents"]) + 1))

    def hide(prose: str) -> object:
        return {"content": next(numbers), "sha256": salted(make.SALT, prose)}

    assert entry_bytes(entry, dump(entry.fact, hide), FIRST_HASH) == told["body"]


def test_the_maker_never_writes_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make, "FOLDER", tmp_path)
    kept = tmp_path / "TaskDone.1.json"
    kept.write_text("as it was", encoding="utf-8")
    make.main()
    assert kept.read_text(encoding="utf-8") == "as it was"
    assert len(capsys.readouterr().out.split()) == len(KINDS) - 1
    make.main()
    assert not capsys.readouterr().out


def test_every_fact_of_an_incident_has_its_move() -> None:
    house = {type(fact) for fact in make.HOUSE}
    assert set(MOVES) | house == set(KINDS.values()) and not set(MOVES) & house
