import contextlib
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.figure import Figure, NotAFigure, read_figure, read_figure_words

DATA = Path(__file__).resolve().parents[3] / "bot" / "data" / "figures.toml"
WORDS = read_figure_words(tomllib.loads(DATA.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "value", "unit", "estimated"),
    [
        ("7 nha", "7", "nha", False),
        ("07 hộ", "7", "hộ", False),
        ("bảy nhà", "7", "nhà", False),
        ("dạ 7 nhà ạ", "7", "nhà", False),
        ("khoang 30m", "30", "m", True),
        ("khoảng 30 m", "30", "m", True),
        ("hơn 40 phút", "40", "phút", True),
        ("gan 20", "20", "", True),
        ("42 tấn", "42", "tấn", False),
        ("3,5 tấn", "3.5", "tấn", False),
        ("3.5 km", "3.5", "km", False),
        ("3.100 lượt", "3100", "lượt", False),
        ("1.234.567", "1234567", "", False),
        ("1.234,5 ha", "1234.5", "ha", False),
        ("hai chục người", "20", "người", False),
        ("2 trieu dong", "2000000", "dong", False),
        ("1,2 tỷ", "1200000000.0", "", False),
        ("15%", "15", "%", False),
        ("chưa có", "0", "", False),
        ("chua co", "0", "", False),
        ("0", "0", "", False),
        ("không", "0", "", False),
        ("khong", "0", "", False),
        ("chưa ghi nhận ạ", "0", "", False),
        ("29 nhân khẩu", "29", "nhân khẩu", False),
    ],
)
def test_a_number_is_read(text, value, unit, estimated):
    assert read_figure(text, WORDS) == Figure(Decimal(value), unit, estimated)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2-3 nha", "range"),
        ("2 - 3 nhà", "range"),
        ("2 đến 3 nhà", "range"),
        ("2 toi 3 nha", "range"),
        ("khoảng 2-3 nhà", "range"),
        ("hai ba nhà", "range"),
        ("7 nhà 29 người", "two_figures"),
        ("7 nhà, 29 người", "two_figures"),
        ("30m x 5m", "two_figures"),
        ("vài nhà", "vague"),
        ("may nha", "vague"),
        ("nhiều", "vague"),
        ("3,100 lượt", "ambiguous"),
        ("1.23.4", "ambiguous"),
        ("", "unreadable"),
        ("không rõ", "unreadable"),
        ("chưa rõ", "unreadable"),
        ("nhà sập", "unreadable"),
        ("7 nhà bị sập rất nặng cần cứu", "unreadable"),
        ("9" * 40, "unreadable"),
    ],
)
def test_what_is_not_one_number_is_asked_back(text, why):
    with pytest.raises(NotAFigure) as refusal:
        read_figure(text, WORDS)
    assert refusal.value.why == why


@given(st.text() | st.text(alphabet="0123456789.,- abnm"))
def test_any_text_is_a_figure_or_refused(text):
    with contextlib.suppress(NotAFigure):
        assert read_figure(text, WORDS).value >= 0


@given(st.integers(0, 10**9))
def test_a_number_with_points_between_thousands_is_the_same_number(number):
    pointed = f"{number:,}".replace(",", ".")
    assert read_figure(f"{pointed} lượt", WORDS) == Figure(Decimal(number), "lượt")
