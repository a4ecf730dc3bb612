import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.text import fold, phrase, sound, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sạt lở ấp Tre Đông", "sat lo ap tre dong"),
        ("ĐƯỜNG  BỘ\n\tđặng thị", "duong bo dang thi"),
        ("nghỉ dưỡng", "nghi duong"),
        (unicodedata.normalize("NFD", "Tuyệt mật"), "tuyet mat"),
        ("t\u200bối", "toi"),
        ("Ðông", "dong"),
        ("", ""),
    ],
)
def test_folding_leaves_plain_small_letters(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aăâeêioôơuưyđAĂÂĐ áàảãạấầẩẫậéèẻẽẹốồổỗộớờởỡợ"))
def test_folding_does_not_care_how_letters_are_composed(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("rưỡi", "rưởi"), ("thuỷ", "thủy"), ("rõ", "RỎ")]
)
def test_two_ways_to_write_one_word_sound_the_same(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("mật", "mất"), ("tối", "tới"), ("mốt", "một")])
def test_two_words_with_the_same_letters_sound_different(one, other):
    assert sound(one) != sound(other)


def test_letters_digits_and_signs_are_words_of_their_own():
    assert [w.typed for w in words_of("8h30 T6, TỐI_MẬT")] == [
        "8", "h", "30", "T", "6", ",", "TỐI", "_", "MẬT",
    ]  # fmt: skip


@given(st.text())
def test_every_word_stands_where_it_says(text):
    composed = "".join(
        c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf"
    )
    for word in words_of(text):
        assert composed[word.start : word.end] == word.typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mat tich", True),
        ("MẤT TÍCH", True),
        ("mất tich", True),
        ("mật tích", False),
        ("mat", False),
    ],
)
def test_a_word_without_marks_may_be_any_and_a_marked_word_only_itself(typed, said):
    assert phrase("mất tích").begins(words_of(typed), 0) is said
