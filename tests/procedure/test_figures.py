"""Figures as values: when numbers are one, where a text says them, what is left without them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.codec import Prose
from procedure.facts import Figure, Moment
from procedure.figures import is_number, written
from procedure.figures_in_text import readings, says, sentences, without
from tests.procedure import village as v

NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False)


def figure(value: str, unit: str = "m", *spellings: str, what: str = "Chiều dài sạt lở") -> Figure:
    return Figure(
        id=1,
        topic="",
        what=Prose(what),
        value=value,
        unit=Prose(unit),
        source=Prose("xã"),
        measured=Moment(at=v.START),
        estimated=False,
        spellings=spellings,
        of_unit=v.COMMUNE,
        by=v.REPORTER,
        at=v.START,
    )


@pytest.mark.parametrize(
    ("given_as", "kept"),
    [("35", "35"), ("35.0", "35"), ("7", "7"), ("3100", "3100"), ("4.50", "4.5"), ("0", "0")],
)
def test_a_number_is_kept_in_one_spelling(given_as: str, kept: str) -> None:
    assert written(Decimal(given_as)) == kept and is_number(kept)


@pytest.mark.parametrize(
    "value", ["", "35.0", "07", "-3", "3,5", "1e3", ".5", "5.", "x", "٣", "9" * 40, "1.2.3", " 3"]
)
def test_any_other_spelling_is_no_number_of_the_register(value: str) -> None:
    assert not is_number(value)


@given(NUMBERS)
def test_every_number_has_its_one_spelling_and_a_text_in_that_spelling_says_it(
    number: Decimal,
) -> None:
    value = written(number)
    assert is_number(value) and Decimal(value) == number
    assert value in readings(value.replace(".", ","))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sạt lở dài 35 m.", True),
        ("Sạt lở dài 35m, ăn sâu vào bờ.", True),
        ("Sạt lở dài khoảng 035 mét", True),
        ("sat lo dai 35 met", True),
        ("dài 35,0 m", True),
        ("DÀI 35 M", True),
        ("dài 350 m", False),
        ("dài 3,5 m", False),
        ("dài 35,5 m", False),
        ("diện tích 35 m2", False),
        ("diện tích 35 m²", False),
        ("gió 35 m/s", False),
        ("lúc 09 giờ 35", False),
        ("35 mẫu ruộng", False),
        ("135 m", False),
        ("ĐT 0296.000.0035 mới", False),
        ("ngày 12.35 m", False),
    ],
)
def test_a_text_says_a_figure_by_its_number_and_its_unit(text: str, found: bool) -> None:
    assert says(text, figure("35", "m", "mét")) is found


@pytest.mark.parametrize(
    ("text", "one", "found"),
    [
        ("07 hộ dân đã di dời", figure("7", "hộ", "hộ dân"), True),
        ("7 hộ", figure("7", "hộ"), True),
        ("17 hộ", figure("7", "hộ"), False),
        ("3.100 lượt", figure("3100", "lượt"), True),
        ("3,100 lượt", figure("3100", "lượt"), True),
        ("3100 lượt", figure("3100", "lượt"), True),
        ("1.234,5 ha", figure("1234.5", "ha"), True),
        ("oxy hòa tan 2,8 mg/l lúc 05 giờ", figure("2.8", "mg/l"), True),
        ("oxy hòa tan 2.8 mg/lít", figure("2.8", "mg/l", "mg/lít"), True),
        ("Độ pH là 6,5.", figure("6.5", "", what="Độ pH"), True),
        ("Cao 6,5 m.", figure("6.5", "", what="Độ pH"), False),
    ],
)
def test_units_are_read_in_every_listed_spelling(text: str, one: Figure, found: bool) -> None:
    assert says(text, one) is found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Sạt lở dài 35 m. 07 hộ đã di dời.", "07 hộ đã di dời."),
        ("07 hộ đã di dời. Sạt lở dài 35 m.", "07 hộ đã di dời."),
        ("Một. Dài 35 m! Ba.", "Một. Ba."),
        ("Một\nDài 35 m\nBa", "Một\nBa"),
        ("Dài 35 m.", ""),
        ("Tại TP. Mẫu, dài 35 m. Hết.", "Hết."),
        ("Giá 3.100 đồng; dài 35 m. Hết.", "Hết."),
        ("Không có số.", "Không có số."),
    ],
)
def test_the_offer_leaves_out_the_sentences_that_say_the_figure(text: str, left: str) -> None:
    assert without(text, [figure("35")]) == left


@given(st.text(alphabet='aB 35m.,!?\n\t…"TP', max_size=60))
def test_the_sentences_are_the_text_and_what_is_left_says_the_figure_no_more(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert not any(says(one, figure("35")) for one in sentences(without(text, [figure("35")])))
