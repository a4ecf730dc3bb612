"""Readers of answers: what is understood, and by which key the rest is asked again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers import conclusion, fields
from handlers.form import BadAnswer, Reader, Said, Values
from handlers.look import Desk
from procedure.codec import Prose
from procedure.facts import FileRef
from procedure.words import Severity, StatementForm
from tests.handlers.conftest import NINE
from tests.town import ZONE

PHOTO = FileRef(sha256="0" * 64, media_type="image/jpeg", size=1, name=Prose("a.jpg"))
LISTED = (3, 7, 8, 10)


def listed(desk: Desk, values: Values) -> Sequence[int]:
    return LISTED


def said(text: str = "", *, option: str | None = None, files: tuple[FileRef, ...] = ()) -> Said:
    return Said(text=text, at=NINE, option=option, files=files)


def problem(reader: Reader, answer: Said, desk: Desk) -> BadAnswer:
    with pytest.raises(BadAnswer) as raised:
        reader(answer, desk, {})
    return raised.value


def home(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize("typed", ["ấp Tre Đông", "  ấp Tre Đông \n"])
def test_words_are_kept_as_typed_without_the_blanks_around(typed: str, desk: Desk) -> None:
    assert fields.text()(said(typed), desk, {}) == "ấp Tre Đông"


@pytest.mark.parametrize("typed", ["", "   ", "\n", "ab"])
def test_too_few_words_are_asked_again(typed: str, desk: Desk) -> None:
    assert problem(fields.text(least=3), said(typed), desk).key == "too_short"


def test_too_many_words_are_told_how_many_and_how_many_may_be(desk: Desk) -> None:
    found = problem(fields.text(), said("x" * 5000), desk)
    assert (found.key, found.facts) == ("too_long", {"most": 4000, "length": 5000})
    assert fields.text()(said("x" * 4000), desk, {}) == "x" * 4000


def test_a_line_a_photo_or_both_are_one_answer(desk: Desk) -> None:
    assert fields.line_or_photo(said("sạt lở"), desk, {}) == ("sạt lở", ())
    assert fields.line_or_photo(said(files=(PHOTO,)), desk, {}) == ("", (PHOTO,))
    assert fields.text_and_files(said("a", files=(PHOTO,)), desk, {}) == ("a", (PHOTO,))
    assert problem(fields.line_or_photo, said(" "), desk).key == "too_short"
    assert problem(fields.line_or_photo, said("x" * 4001), desk).key == "too_long"


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("14h chiều nay", "12/10/2026 14:00"),
        ("mai 8h30", "13/10/2026 08:30"),
        ("17:00 14/10", "14/10/2026 17:00"),
    ],
)
def test_a_time_ahead_is_read_in_words(typed: str, at: str, desk: Desk) -> None:
    found = fields.moment("future")(said(typed), desk, {})
    assert found.at == home(at)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("32/13 9h", "moment_impossible"),
        ("25h", "moment_impossible"),
        ("hôm nào đó", "moment_unreadable"),
        ("8h sáng nay", "moment_past"),
        ("8h30 sáng mai và 9h sáng mai", "moment_two_times"),
    ],
)
def test_a_time_that_cannot_stand_names_why(typed: str, key: str, desk: Desk) -> None:
    assert problem(fields.moment("future"), said(typed), desk).key == key


def test_a_time_with_two_meanings_offers_both_and_a_tap_decides(desk: Desk) -> None:
    night = datetime(2026, 10, 12, 2, 0, tzinfo=ZONE).astimezone(UTC)
    with pytest.raises(BadAnswer) as raised:
        fields.moment("future")(Said(text="mai 8h", at=night), desk, {})
    values = [one.value for one in raised.value.options]
    assert [datetime.fromisoformat(one) for one in values] == [
        home("12/10/2026 08:00"),
        home("13/10/2026 08:00"),
    ]
    chosen = fields.moment("future")(said(option=values[1]), desk, {})
    assert chosen.at == home("13/10/2026 08:00")


@pytest.mark.parametrize("typed", ["không rõ", "khong ro", "chưa biết ạ"])
def test_not_known_is_an_answer_where_it_may_be(typed: str, desk: Desk) -> None:
    assert fields.moment("past", unknown=True)(said(typed), desk, {}) is None
    assert problem(fields.moment("past"), said(typed), desk).key == "moment_unreadable"


@pytest.mark.parametrize("word", list(Severity))
def test_one_of_a_list_is_taken_by_its_option(word: Severity, desk: Desk) -> None:
    assert fields.one_of(Severity)(said(option=word.value), desk, {}) is word


@pytest.mark.parametrize("answer", [said("rất nặng"), said(option="huge"), said("")])
def test_what_is_no_member_of_a_list_is_asked_again(answer: Said, desk: Desk) -> None:
    assert problem(fields.one_of(Severity), answer, desk).key == "choose_one"


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("2, 3", (1, 2)),
        ("2 3", (1, 2)),
        ("3;2", (2, 1)),
        ("1 và 6", (0, 5)),
        ("2, 2", (1,)),
    ],
)
def test_several_are_taken_by_numbers(typed: str, chosen: tuple[int, ...], desk: Desk) -> None:
    members = tuple(StatementForm)
    found = fields.several_of(StatementForm, "form")(said(typed), desk, {})
    assert found == tuple(members[n] for n in chosen)


@pytest.mark.parametrize("typed", ["7", "0", "họp báo và đăng", "2, x", "", "2-3"])
def test_numbers_outside_the_list_are_asked_again(typed: str, desk: Desk) -> None:
    found = problem(fields.several_of(StatementForm, "form"), said(typed), desk)
    assert (found.key, found.facts) == ("choose_numbers", {"most": 6})


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (said(option="yes"), True),
        (said(option="no"), False),
        (said("có"), True),
        (said("co"), True),
        (said("dạ có ạ"), True),
        (said("Không"), False),
        (said("khong"), False),
        (said("chưa"), False),
    ],
)
def test_yes_and_no_may_be_typed(answer: Said, value: bool, desk: Desk) -> None:
    assert fields.yes_no()(answer, desk, {}) is value


@pytest.mark.parametrize("typed", ["để xem", "", "có khi không", "dung", "duyệt", "có?"])
def test_what_is_neither_yes_nor_no_is_never_guessed(typed: str, desk: Desk) -> None:
    assert problem(fields.yes_no(), said(typed), desk).key == "choose_one"


@pytest.mark.parametrize(
    ("answer", "who"),
    [
        (said(option="8"), 8),
        (said("2"), 7),
        (said("phac hoa"), 8),
        (said("Nguyễn Văn Ví Dụ"), 3),
        (said("so xay dung"), 7),
        (said("tuong trung"), 6),
    ],
)
def test_a_person_is_taken_by_tap_by_number_or_by_name(answer: Said, who: int, desk: Desk) -> None:
    assert fields.person(listed)(answer, desk, {}) == who


def test_a_name_that_fits_several_people_is_asked_with_their_names(desk: Desk) -> None:
    found = problem(fields.person(listed), said("van"), desk)
    assert found.key == "which_person"
    assert [one.value for one in found.options] == [str(one) for one in LISTED]


@pytest.mark.parametrize("answer", [said("Không Có Tên"), said(""), said("9999")])
def test_a_name_that_nobody_has_is_asked_again(answer: Said, desk: Desk) -> None:
    assert problem(fields.person(listed), answer, desk).key == "no_such_person"


def test_a_tapped_person_who_is_gone_is_asked_again(desk: Desk) -> None:
    assert problem(fields.person(listed), said(option="999"), desk).key == "choose_one"


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("1, 3", (3, 8)),
        ("tất cả", LISTED),
        ("phac hoa; vi du", (8, 3)),
        ("Ví Dụ, Ví Dụ", (3,)),
    ],
)
def test_several_people_are_taken_by_numbers_or_names(
    typed: str, chosen: tuple[int, ...], desk: Desk
) -> None:
    assert fields.several_people(listed)(said(typed), desk, {}) == chosen


@pytest.mark.parametrize(
    ("typed", "chosen"), [("2, 4", (3, 8)), ("1", LISTED), ("1, 3", LISTED), ("5", (10,))]
)
def test_where_the_first_button_is_everybody_people_count_from_two(
    typed: str, chosen: tuple[int, ...], desk: Desk
) -> None:
    assert fields.several_people(listed, all_first=True)(said(typed), desk, {}) == chosen


def test_several_people_by_tap(desk: Desk) -> None:
    read = fields.several_people(listed)
    assert read(said(option="all"), desk, {}) == LISTED
    assert read(said(option="7"), desk, {}) == (7,)
    assert problem(read, said(""), desk).key == "too_short"
    assert problem(read, said("9"), desk).key == "choose_numbers"


@pytest.fixture
def keeping(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(conclusion, "keepers", listed)
    return replace(desk)


def test_a_line_of_tasks_is_what_who_and_by_when(keeping: Desk) -> None:
    lines = "Rào chắn; vi du; 17h chiều nay\n\nkhắc phục tạm; phac hoa; 17:00 14/10"
    first, second = conclusion.read_tasks(said(lines), keeping, {})
    assert (first.what, first.owner, first.remedy) == ("Rào chắn", 3, False)
    assert first.due == home("12/10/2026 17:00")
    assert (second.owner, second.remedy) == (8, True)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("", "too_short"),
        ("Rào chắn; vi du", "task_three_parts"),
        ("Rào chắn; ; 17h", "task_three_parts"),
        ("Rào chắn; vi du; bao giờ xong thì xong", "task_due_unclear"),
        ("Rào chắn; vi du; 32/13 9h", "task_due_unclear"),
        ("Rào chắn; không ai; 17h chiều nay", "no_such_person"),
    ],
)
def test_a_task_that_cannot_be_read_is_named(lines: str, key: str, keeping: Desk) -> None:
    assert problem(conclusion.read_tasks, said(lines), keeping).key == key
