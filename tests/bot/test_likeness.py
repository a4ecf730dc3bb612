"""Which open incidents a new report may be about: words, place, kind and time, in tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.likeness import MOST, NEAR_WORDS, SAME_WORDS, Heard, alike, likeness, word_likeness
from procedure.codec import Prose
from procedure.facts import Detail
from procedure.facts_merge import Yielded
from procedure.incident import Incident
from procedure.organisation import Organisation, Unit
from procedure.words import UnitKind

AT = datetime(2026, 10, 12, 2, 36, tzinfo=UTC)
HERE, PARTY, NEXT, FAR = 1, 2, 3, 4


def unit(id: int, short: str, *places: str, partner: int | None = None) -> Unit:
    return Unit(
        id=id,
        name=short,
        short=short,
        kind=UnitKind.LOCALITY,
        partner=partner,
        places=(*places, short),
    )


UNITS = (
    unit(HERE, "xã Vàm Tre", "ấp Tre Đông", "kênh Ranh", partner=PARTY),
    unit(PARTY, "Đảng ủy xã Vàm Tre", "ấp Tre Đông", "kênh Ranh", partner=HERE),
    unit(NEXT, "xã Kênh Mười Hai", "ấp Mười Hai A", "cống số 3"),
    unit(FAR, "phường Cồn Phước", "chợ Cồn Phước"),
)
HOUSE = Organisation({one.id: one for one in UNITS}, {}, ())
LINE = "Sạt lở bờ kênh Ranh ở ấp Tre Đông, mất một đoạn lộ, 7 nhà bị ảnh hưởng, đang di dời"


def open_one(**fields: Any) -> Incident:
    usual: dict[str, Any] = {
        "stream": "incident-1",
        "code": "VV-2026-001",
        "unit": HERE,
        "line": Prose(LINE),
        "title": Prose("Sạt lở ấp Tre Đông"),
        "incident_kind": "landslide",
        "opened_at": AT,
        "details": {"place": Detail(text=Prose("ấp Tre Đông, xã Vàm Tre"), by=1, at=AT)},
    }
    return Incident(**usual | fields)


def heard(line: str, **fields: Any) -> Heard:
    usual: dict[str, Any] = {"kind": None, "place": None, "unit": HERE}
    return Heard(line=line, **usual | {"at": AT + timedelta(hours=1)} | fields)


AGAIN = "sat lo bo kenh ranh o ap tre dong, mat doan lo, 7 nha bi anh huong"
LANDSLIDE: dict[str, Any] = {"kind": "landslide"}
SAME: list[tuple[str, Heard]] = [
    ("the same words", heard(LINE)),
    ("the same words without marks", heard(AGAIN)),
    ("the same kind in the same unit", heard("sạt lở thêm", **LANDSLIDE)),
    ("the same kind from the joined body", heard("sạt lở thêm", unit=PARTY, **LANDSLIDE)),
    ("the same hamlet, kind unknown", heard("lộ bị nứt", place="ấp Tre Đông")),
    ("another commune that names the same canal", heard("sạt kênh Ranh", unit=NEXT, **LANDSLIDE)),
    ("the same without marks", heard("sat lo kenh ranh", unit=NEXT, **LANDSLIDE)),
    ("another commune, kind unknown, nearly the same words", heard(AGAIN, unit=NEXT)),
    ("another commune that names the first one", heard("lở ở xã Vàm Tre", unit=FAR, **LANDSLIDE)),
    ("just within two days", heard(AGAIN, at=AT + timedelta(hours=48))),
    ("another kind in nearly the same words", heard(AGAIN, kind="collapse")),
]
OTHER: list[tuple[str, Heard]] = [
    ("another event in the same commune", heard("Dân tụ tập trước cổng trường hỏi học phí")),
    (
        "another kind in the same hamlet",
        heard("cháy nhà ở ấp Tre Đông", kind="fire", place="ấp Tre Đông"),
    ),
    (
        "the same words from another commune about a place of its own",
        heard(
            "Sạt lở bờ kênh ở ấp Mười Hai A, mất một đoạn lộ, 7 nhà bị ảnh hưởng, đang di dời",
            unit=NEXT,
            place="ấp Mười Hai A",
            **LANDSLIDE,
        ),
    ),
    ("the same kind far away", heard("sạt lở", unit=FAR, **LANDSLIDE)),
    ("a place that only sounds alike", heard("sạt lở kênh Rạch", unit=NEXT, **LANDSLIDE)),
    ("the same place, another matter", heard("họp dân ở kênh Ranh bàn thu gom rác", unit=NEXT)),
    (
        "another kind in the same place, in somewhat the same words",
        heard("bo kenh ranh sup lo, mat lo, nha dan nghieng", unit=NEXT, kind="collapse"),
    ),
    ("after two days", heard(AGAIN, at=AT + timedelta(hours=48, minutes=1))),
    ("a drill", heard(AGAIN, drill=True)),
    ("two words are too few to say anything", heard("mất lộ")),
]


@pytest.mark.parametrize(("why", "report"), SAME)
def test_it_may_be_the_same_event(why: str, report: Heard) -> None:
    assert likeness(report, open_one(), HOUSE) is not None, why


@pytest.mark.parametrize(("why", "report"), OTHER)
def test_it_is_another_event(why: str, report: Heard) -> None:
    assert likeness(report, open_one(), HOUSE) is None, why


@pytest.mark.parametrize(
    "fields",
    [
        {"drill": True},
        {"closed_at": AT},
        {"yielded": Yielded(into="incident-2", code="VV-2026-002", at=AT, by=1)},
        {"opened_at": None},
    ],
)
def test_a_drill_an_ended_and_a_merged_incident_are_never_offered(fields: dict[str, Any]) -> None:
    assert likeness(heard(AGAIN), open_one(**fields), HOUSE) is None
    assert likeness(heard(AGAIN), open_one(), HOUSE) is not None


def test_a_drill_is_like_a_drill() -> None:
    assert likeness(heard(AGAIN, drill=True), open_one(drill=True), HOUSE) is not None


def test_at_most_three_are_offered_the_likeliest_first() -> None:
    near = [open_one(stream=f"incident-{n}", line=Prose("sạt lở thêm")) for n in range(2, 6)]
    best = replace(open_one(), stream="incident-9")
    found = alike(heard(AGAIN, **LANDSLIDE), [*near, best], HOUSE)
    assert len(found) == MOST and found[0].stream == "incident-9"


def test_the_measure_parts_one_event_from_two_with_room_on_both_sides() -> None:
    other = "chay mot can nha o cho, dan da dap tat luc 3 gio sang"
    one, two = (word_likeness(heard(line), open_one(), ()) for line in (AGAIN, other))
    assert two < NEAR_WORDS < SAME_WORDS < one
