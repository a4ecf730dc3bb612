"""The list of things that are counted: names, units, and which incident calls for which."""

import tomllib
from pathlib import Path

import pytest

from handlers.reading.figure import read_figure, read_figure_words
from handlers.reading.lexicon import read_lexicon
from handlers.reading.topics import fitting, named, read_topics
from procedure.text import fold

DATA = Path(__file__).resolve().parents[3] / "bot" / "data"


def table(name: str) -> dict[str, object]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


TOPICS = read_topics(table("topics"))
FIGURES = read_figure_words(table("figures"))


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Chiều dài sạt lở", "slide_length"),
        ("chieu dai sat lo", "slide_length"),
        ("dai sat lo:", "slide_length"),
        ("ô xy hòa tan", "dissolved_oxygen"),
        ("oxy hoà tan", "dissolved_oxygen"),
        ("DO", "dissolved_oxygen"),
        ("so ho", "households"),
        ("so ho di doi", "households_moved"),
        ("bi thuong", "injured"),
        ("so hoc sinh", "pupils"),
        ("ca chet", "dead_fish"),
        ("chiều dài sạt lở ấp Tre Tây", None),
        ("độ pH", None),
        ("", None),
    ],
)
def test_a_listed_name_is_known_and_anything_more_is_kept_as_typed(
    words: str, key: str | None
) -> None:
    found = named(TOPICS, words)
    assert (found.key if found else None) == key


def test_no_name_means_two_things() -> None:
    names = [(fold(name), one.key) for one in TOPICS for name in {one.label, *one.says}]
    by_name: dict[str, set[str]] = {}
    for name, key in names:
        by_name.setdefault(name, set()).add(key)
    assert {name: keys for name, keys in by_name.items() if len(keys) > 1} == {}
    assert len({one.key for one in TOPICS}) == len(TOPICS)


def test_every_unit_can_be_typed_behind_a_number() -> None:
    for one in TOPICS:
        for unit in (one.unit, *one.units):
            read = read_figure(f"35 {unit}", FIGURES)
            # "em" is also how people call themselves, and is then no unit at all.
            assert not read.unit or one.counts_in(read.unit), (one.key, unit, read)


def test_every_kind_that_is_named_is_a_kind_of_incident() -> None:
    kinds = {one.key for one in read_lexicon(table("lexicon")).kinds}
    assert {kind for one in TOPICS for kind in one.kinds} <= kinds


def test_an_incident_is_offered_its_own_things_first_and_never_too_many() -> None:
    assert [one.key for one in fitting(TOPICS, "landslide")][:2] == ["slide_length", "slide_depth"]
    assert all("slide" not in one.key for one in fitting(TOPICS, "fire"))
    kinds = [*{kind for one in TOPICS for kind in one.kinds}, None, "storm"]
    assert all(5 <= len(fitting(TOPICS, kind)) <= 9 for kind in kinds)
