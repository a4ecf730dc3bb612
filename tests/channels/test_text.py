"""How words are cut and escaped for Telegram."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.text import MOST, escaped, pieces, units

LETTERS = st.text(alphabet="aăâđê ư. ,;\n&<>\"'👍🏽ồộ", max_size=400)


@given(LETTERS, st.integers(min_value=10, max_value=60))
def test_no_piece_is_too_long_and_nothing_but_blanks_is_lost(text: str, most: int) -> None:
    made = pieces(text, most)
    assert all(0 < units(one) <= most and one.strip() == one for one in made)
    assert "".join("".join(made).split()) == "".join(text.split())


@given(LETTERS)
def test_escaped_words_show_exactly_themselves(text: str) -> None:
    made = escaped(text)
    assert html.unescape(made) == text and not re.search(r"<|>|&(?!amp;|lt;|gt;)", made)


def test_what_fits_is_one_piece_and_nothing_is_none() -> None:
    assert pieces("a" * MOST) == ["a" * MOST]
    assert pieces(" \n ") == []


def test_4097_characters_are_cut_at_the_paragraph() -> None:
    first, second = "Đoạn một. " * 205, "Đoạn hai. " * 204
    text = f"{first.strip()}\n\n{second.strip()}"
    text += "x" * (MOST + 1 - units(text))
    made = pieces(text)
    assert made[0] == first.strip() and made[1].startswith("Đoạn hai.")


def test_a_word_is_cut_only_when_nothing_else_is_left() -> None:
    made = pieces("một hai ba " * 20, 30)
    assert all(re.fullmatch(r"(một|hai|ba)( (một|hai|ba))*", one) for one in made)
    assert [units(one) for one in pieces("a" * 65, 30)] == [30, 30, 5]
    assert all(units(one) <= 31 for one in pieces("👍" * 40, 31))
