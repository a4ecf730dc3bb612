"""Frozen values go to JSON and come back the same; prose can be kept apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.codec import Prose, canonical, dump, dump_changed, field_types, instant, load
from procedure.facts import Moment
from procedure.incident import Incident
from procedure.words import Severity, Step
from tests.procedure import village as v

AT = datetime(2026, 10, 12, 2, 36, 7, 89, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One of everything that the codec knows."""

    text: Prose
    name: str
    number: int
    yes: bool
    at: datetime
    day: date
    span: timedelta
    level: Severity
    step: Step
    maybe: int | None = None
    inner: Moment | None = None
    many: tuple[Prose, ...] = ()
    pair: tuple[int, str] = (0, "")
    some: frozenset[int] = frozenset()
    table: Mapping[str, Moment] = field(default_factory=dict)
    extra: dict[str, int] = field(default_factory=dict)


def sample(**fields: Any) -> Sample:
    usual: dict[str, Any] = {
        "text": Prose("words"),
        "name": "x",
        "number": 3,
        "yes": True,
        "at": AT,
        "day": AT.date(),
        "span": timedelta(minutes=5),
        "level": Severity.GRAVE,
        "step": Step.SPEAK,
    }
    return Sample(**usual | fields)


MOMENTS = st.builds(Moment, at=st.datetimes(timezones=st.just(UTC)), estimated=st.booleans())
SAMPLES = st.builds(
    Sample,
    text=st.text().map(Prose),
    name=st.text(),
    number=st.integers(),
    yes=st.booleans(),
    at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))])),
    day=st.dates(),
    span=st.timedeltas().map(lambda span: timedelta(seconds=int(span.total_seconds()))),
    level=st.sampled_from(Severity),
    step=st.sampled_from(Step),
    maybe=st.none() | st.integers(),
    inner=st.none() | MOMENTS,
    many=st.lists(st.text().map(Prose)).map(tuple),
    pair=st.tuples(st.integers(), st.text()),
    some=st.frozensets(st.integers()),
    table=st.dictionaries(st.text(), MOMENTS, max_size=3),
    extra=st.dictionaries(st.text(), st.integers(), max_size=3),
)


@given(SAMPLES)
def test_a_value_comes_back_the_same_through_its_canonical_text(value: Sample) -> None:
    text = canonical(dump(value))
    assert load(Sample, json.loads(text)) == value
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
def test_one_value_has_one_spelling_whatever_the_order_of_its_keys(data: dict[str, Any]) -> None:
    turned = dict(reversed(data.items()))
    assert canonical(data) == canonical(turned)
    assert json.loads(canonical(data)) == data


def test_letters_stay_as_they_are_and_no_space_is_spent() -> None:
    assert canonical({"b": "sạt lở", "a": [1, None]}) == '{"a":[1,null],"b":"sạt lở"}'


def test_prose_is_hidden_and_revealed_wherever_it_stands() -> None:
    kept: list[str] = []

    def hide(prose: Prose) -> object:
        kept.append(str(prose))
        return {"content": len(kept)}

    value = sample(many=(Prose("one"), Prose("two")))
    data = dump(value, hide)
    assert kept == ["words", "one", "two"]
    assert data["text"] == {"content": 1} and data["name"] == "x"
    assert load(Sample, data, lambda ref: kept[ref["content"] - 1]) == value


def test_a_moment_is_kept_in_utc_with_microseconds_and_a_naive_one_is_refused() -> None:
    local = AT.astimezone(timezone(timedelta(hours=7)))
    assert instant(local) == instant(AT) == "2026-10-12T02:36:07.000089+00:00"
    with pytest.raises(ValueError, match="zone"):
        instant(AT.replace(tzinfo=None))


def test_unknown_keys_are_ignored_and_missing_ones_take_their_default() -> None:
    data = {**dump(sample()), "of_tomorrow": 1}
    del data["maybe"], data["table"]
    assert load(Sample, data) == sample()


def test_a_missing_key_without_default_is_told() -> None:
    data = dump(sample())
    del data["number"]
    with pytest.raises(TypeError, match="number"):
        load(Sample, data)


@pytest.mark.parametrize("value", [1.5, object(), Sample])
def test_what_has_no_json_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no JSON form"):
        dump(value)


def test_a_word_outside_its_list_is_refused() -> None:
    with pytest.raises(ValueError, match="sleepy"):
        load(Sample, {**dump(sample()), "level": "sleepy"})


def test_the_fields_of_a_value_are_known_in_order() -> None:
    assert list(field_types(Moment)) == ["at", "estimated"]


@pytest.mark.parametrize("stage", [v.opened, v.drafted, v.spoken, v.closed])
def test_an_incident_of_any_stage_comes_back_the_same(stage: Any) -> None:
    incident = stage().incident
    assert load(Incident, json.loads(canonical(dump(incident)))) == incident


def test_two_moments_that_a_clock_shows_alike_are_written_apart() -> None:
    """Where clocks are put back, they are even equal to each other."""
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone)
    assert first == first.replace(fold=1)
    assert instant(first) == "2026-10-25T00:30:00.000000+00:00"
    assert instant(first.replace(fold=1)) == "2026-10-25T01:30:00.000000+00:00"


def test_what_changed_is_dumped_beside_what_stayed() -> None:
    before = Incident(stream="incident-1", code="VV-2026-001", members=(1,))
    after = before.but(members=(1, 2), severity=Severity.GRAVE)
    data = dump(before)
    assert dump_changed(after, before, data) == dump(after)
    assert dump_changed(before, before, data) == data == dump(before)
    del data["severity"]
    assert dump_changed(after.but(), after, data) == dump(after), "written by an earlier version"
    assert dump_changed(after, before, dump(before) | {"gone": 1}) == dump(after)
