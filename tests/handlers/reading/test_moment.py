import tomllib
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reading.moment import NotAMoment, read_moment, read_moment_words, when_line
from procedure.text import fold

DATA = Path(__file__).resolve().parents[3] / "bot" / "data" / "moments.toml"
WORDS = read_moment_words(tomllib.loads(DATA.read_text(encoding="utf-8")))
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local(stamp: str) -> datetime:
    """`D/M HH:MM` of 2026 in the people's zone; Monday is 12/10."""
    return datetime.strptime(f"2026/{stamp}", "%Y/%d/%m %H:%M").replace(tzinfo=ZONE)


MORNING = "12/10 10:00"  # Monday
EVENING = "12/10 19:00"
NIGHT = "12/10 02:37"
BEFORE_DAWN = "12/10 04:22"
MIDNIGHT = "12/10 00:30"

AHEAD = [
    # The phrases that officials type, said on a Monday at ten.
    ("mai 8h30", MORNING, "13/10 08:30"),
    ("14h chiều thứ 6", MORNING, "16/10 14:00"),
    ("14h chieu thu 6", MORNING, "16/10 14:00"),
    ("9:00 25/11", MORNING, "25/11 09:00"),
    ("sau 2 giờ nữa", MORNING, "12/10 12:00"),
    ("sau 2 gio nua", MORNING, "12/10 12:00"),
    ("chiều nay 3 giờ rưỡi", MORNING, "12/10 15:30"),
    ("chieu nay 3 gio ruoi", MORNING, "12/10 15:30"),
    ("chiều nay 3 giờ rưởi", MORNING, "12/10 15:30"),
    ("17g30 ngày mai", MORNING, "13/10 17:30"),
    ("17g30 ngay mai", MORNING, "13/10 17:30"),
    ("8 giờ kém 15 sáng mai", MORNING, "13/10 07:45"),
    ("8 gio kem 15 sang mai", MORNING, "13/10 07:45"),
    ("9h kém mười sáng mai", MORNING, "13/10 08:50"),
    ("T6 14h", MORNING, "16/10 14:00"),
    ("t6 14h", MORNING, "16/10 14:00"),
    ("thu bay 10h30", MORNING, "17/10 10:30"),
    ("thứ bảy 10h30", MORNING, "17/10 10:30"),
    ("thứ bẩy, 10h30", MORNING, "17/10 10:30"),
    ("12h đêm mai", MORNING, "14/10 00:00"),
    ("12h dem mai", MORNING, "14/10 00:00"),
    ("12h trưa mai", MORNING, "13/10 12:00"),
    ("12h mai", MORNING, "13/10 12:00"),
    ("hop 7h sang nay", BEFORE_DAWN, "12/10 07:00"),
    ("họp lúc 7 giờ sáng nay ạ", BEFORE_DAWN, "12/10 07:00"),
    ("7h", BEFORE_DAWN, "12/10 07:00"),
    ("30 phut nua", MORNING, "12/10 10:30"),
    ("30p nữa", MORNING, "12/10 10:30"),
    ("ba mươi phút nữa", MORNING, "12/10 10:30"),
    ("nửa tiếng nữa", MORNING, "12/10 10:30"),
    ("nua gio nua", MORNING, "12/10 10:30"),
    ("trong vòng 45 phút", MORNING, "12/10 10:45"),
    ("sau 45 phut", MORNING, "12/10 10:45"),
    ("2 tiếng nữa", MORNING, "12/10 12:00"),
    ("2 tieng ruoi nua", MORNING, "12/10 12:30"),
    ("1h30 nữa", MORNING, "12/10 11:30"),
    ("2h nua", MORNING, "12/10 12:00"),
    ("2 ngày nữa, 9h", MORNING, "14/10 09:00"),
    ("25/11/2026 14:30", MORNING, "25/11 14:30"),
    ("14:30 25-11-2026", MORNING, "25/11 14:30"),
    ("14:30, 25.11.2026", MORNING, "25/11 14:30"),
    ("2026-11-25 14:30", MORNING, "25/11 14:30"),
    ("25/11/26 14h30", MORNING, "25/11 14:30"),
    ("ngày 25 tháng 11 lúc 14 giờ", MORNING, "25/11 14:00"),
    ("ngay 25 thang 11 nam 2026 luc 14 gio 05", MORNING, "25/11 14:05"),
    ("9h ngày 25-11", MORNING, "25/11 09:00"),
    ("9h ngày 25", MORNING, "25/10 09:00"),
    ("9h sáng ngày 5", MORNING, "05/11 09:00"),
    ("14h thứ Sáu, ngày 16/10", MORNING, "16/10 14:00"),
    ("sáng mơi 7h", MORNING, "13/10 07:00"),
    ("sang moi 7h", MORNING, "13/10 07:00"),
    ("mơi 7h", MORNING, "13/10 07:00"),
    ("CN 8h", MORNING, "18/10 08:00"),
    ("chủ nhật 8h", MORNING, "18/10 08:00"),
    ("chua nhat 8h", MORNING, "18/10 08:00"),
    ("tuần sau thứ 3 9h", MORNING, "20/10 09:00"),
    ("tuan sau thu 3 9h", MORNING, "20/10 09:00"),
    ("sang tuan sau thu 3 9h", MORNING, "20/10 09:00"),
    ("9h thứ ba tuần tới", MORNING, "20/10 09:00"),
    ("thứ sáu tuần này 9h", MORNING, "16/10 09:00"),
    ("thu sau 9h", MORNING, "16/10 09:00"),
    ("thứ 6 tới 9h", MORNING, "16/10 09:00"),
    ("thu tu 9h", MORNING, "14/10 09:00"),
    ("thứ năm 9h", MORNING, "15/10 09:00"),
    ("thu nam 9h", MORNING, "15/10 09:00"),
    ("mốt 8h", MORNING, "14/10 08:00"),
    ("mot 8h", MORNING, "14/10 08:00"),
    ("8h ngày kia", MORNING, "14/10 08:00"),
    ("một giờ chiều mai", MORNING, "13/10 13:00"),
    ("mot gio chieu mai", MORNING, "13/10 13:00"),
    ("bay gio sang mai", MORNING, "13/10 07:00"),
    ("bảy giờ tối nay", MORNING, "12/10 19:00"),
    ("mười hai giờ trưa nay", MORNING, "12/10 12:00"),
    ("tám giờ mười lăm sáng mai", MORNING, "13/10 08:15"),
    ("15h", MORNING, "12/10 15:00"),
    ("xin lùi đến 15h", MORNING, "12/10 15:00"),
    ("trước 15h nhé đồng chí", MORNING, "12/10 15:00"),
    ("15h00'", MORNING, "12/10 15:00"),
    ("3h", MORNING, "12/10 15:00"),
    ("11h", MORNING, "12/10 11:00"),
    ("8h sáng", EVENING, "13/10 08:00"),
    ("8h tối", MORNING, "12/10 20:00"),
    ("8h tối nay", MORNING, "12/10 20:00"),
    ("11h đêm nay", MORNING, "12/10 23:00"),
    ("2h đêm nay", EVENING, "13/10 02:00"),
    ("nửa đêm nay", MORNING, "13/10 00:00"),
    ("24h hôm nay", MORNING, "13/10 00:00"),
    ("0h", EVENING, "13/10 00:00"),
    ("hôm nay 3h", MORNING, "12/10 15:00"),
    ("07:00 thứ Ba, ngày 13/10", MORNING, "13/10 07:00"),
    ("mai 13/10 lúc 7h", MORNING, "13/10 07:00"),
    ("hôm nay 12/10 lúc 7h", MIDNIGHT, "12/10 07:00"),
    ("chiều nay 3h", MIDNIGHT, "12/10 15:00"),
    ("thu 6 toi 19h", MORNING, "16/10 19:00"),
    ("mai thứ Ba 9h", MORNING, "13/10 09:00"),
    ("2 tiếng 15 phút nữa", MORNING, "12/10 12:15"),
]

BACK = [
    ("2h30", NIGHT, "12/10 02:30"),
    ("khoang 2h30 sang", NIGHT, "12/10 02:30"),
    ("khoảng 2g30", NIGHT, "12/10 02:30"),
    ("02:30", NIGHT, "12/10 02:30"),
    ("hồi 2h sáng", NIGHT, "12/10 02:00"),
    ("hồi 2h sáng", MORNING, "12/10 02:00"),
    ("2h30", "12/10 08:00", "12/10 02:30"),
    ("xảy ra lúc 2 giờ rưỡi sáng nay", MORNING, "12/10 02:30"),
    ("hôm qua 9h", MORNING, "11/10 09:00"),
    ("hom qua 9h", MORNING, "11/10 09:00"),
    ("bữa qua 9h", MORNING, "11/10 09:00"),
    ("chiều qua 3h", MORNING, "11/10 15:00"),
    ("chieu qua 3h", MORNING, "11/10 15:00"),
    ("toi qua 8h", MORNING, "11/10 20:00"),
    ("2h đêm qua", MORNING, "12/10 02:00"),
    ("hôm kia 9h", MORNING, "10/10 09:00"),
    ("hom kia 9h", MORNING, "10/10 09:00"),
    ("02 giờ 30 phút ngày 12/10", MORNING, "12/10 02:30"),
    ("cách đây 30 phút", MORNING, "12/10 09:30"),
    ("cach day khoang 30 phut", MORNING, "12/10 09:30"),
    ("30 phút trước", MORNING, "12/10 09:30"),
    ("2 tieng truoc", MORNING, "12/10 08:00"),
    ("nửa tiếng trước", MORNING, "12/10 09:30"),
    ("bây giờ", MORNING, MORNING),
    ("bay gio", MORNING, MORNING),
    ("vừa xong", MORNING, MORNING),
    ("moi day", MORNING, MORNING),
    ("vừa xảy ra lúc 9h50", MORNING, "12/10 09:50"),
    ("23h", MIDNIGHT, "11/10 23:00"),
    ("11h", MIDNIGHT, "11/10 23:00"),
    ("thứ sáu 9h", MORNING, "09/10 09:00"),
    ("thứ sáu tuần rồi 9h", MORNING, "09/10 09:00"),
    ("ngày 28/9 lúc 20 giờ", MORNING, "28/09 20:00"),
]

ASKED = [
    # Between midnight and five (conduct.md §14).
    ("mai 8h", MIDNIGHT, "future", "after_midnight", ["12/10 08:00", "13/10 08:00"]),
    ("sang mai 8h", MIDNIGHT, "future", "after_midnight", ["12/10 08:00", "13/10 08:00"]),
    ("chiều mai 3h", MIDNIGHT, "future", "after_midnight", ["12/10 15:00", "13/10 15:00"]),
    ("mốt 8h", MIDNIGHT, "future", "after_midnight", ["13/10 08:00", "14/10 08:00"]),
    ("tối nay 8h", MIDNIGHT, "future", "after_midnight", ["12/10 20:00"]),
    ("hôm nay 9h", MIDNIGHT, "any", "after_midnight", ["11/10 09:00", "12/10 09:00"]),
    ("hôm qua 9h", MIDNIGHT, "past", "after_midnight", ["10/10 09:00", "11/10 09:00"]),
    ("tối qua 8h", NIGHT, "past", "after_midnight", ["10/10 20:00", "11/10 20:00"]),
    ("mai 8h", "12/10 04:59", "future", "after_midnight", ["12/10 08:00", "13/10 08:00"]),
    # The day or the half of the day is not sure.
    ("8h", EVENING, "future", "ambiguous", ["12/10 20:00", "13/10 08:00"]),
    ("8h", "12/10 21:00", "future", "ambiguous", ["13/10 08:00"]),
    ("3h", "12/10 02:00", "future", "ambiguous", ["12/10 03:00", "12/10 15:00"]),
    ("3h", EVENING, "future", "ambiguous", ["13/10 03:00", "13/10 15:00"]),
    ("mai 3h", MORNING, "future", "ambiguous", ["13/10 03:00", "13/10 15:00"]),
    ("2:30 25/11", MORNING, "future", "ambiguous", ["25/11 02:30", "25/11 14:30"]),
    ("hôm nay 8h", MORNING, "future", "ambiguous", ["12/10 20:00"]),
    ("8h", "12/10 07:00", "past", "ambiguous", ["11/10 08:00", "11/10 20:00"]),
    ("thứ 2 8h", "12/10 07:00", "future", "ambiguous", ["12/10 08:00", "19/10 08:00"]),
    ("sau 2h", MORNING, "future", "ambiguous", ["12/10 12:00", "12/10 14:00"]),
    ("thu 6 toi 8h", MORNING, "future", "ambiguous", ["16/10 08:00", "16/10 20:00"]),
    ("thứ Sáu ngày 15/10 14h", MORNING, "future", "ambiguous", ["15/10 14:00"]),
    ("mùng 2 Tết 9h", MORNING, "future", "ambiguous", []),
    ("mung 5 8h", MORNING, "future", "ambiguous", []),
    ("rằm 8h", MORNING, "future", "ambiguous", []),
    ("12h sáng mai", MORNING, "future", "ambiguous", []),
    ("tuần sau 8h", MORNING, "future", "ambiguous", []),
    ("mai thứ Sáu 9h", MORNING, "future", "ambiguous", []),
    ("8h", MORNING, "any", "ambiguous", ["12/10 08:00", "12/10 20:00"]),
    ("12h đêm", MORNING, "any", "ambiguous", ["12/10 00:00", "13/10 00:00"]),
    ("thứ Sáu 9h", MORNING, "any", "ambiguous", ["09/10 09:00", "16/10 09:00"]),
    # On the other side of now.
    ("thứ 2 8h", EVENING, "future", "past", ["19/10 08:00"]),
    ("thu 2 8h", EVENING, "future", "past", ["19/10 08:00"]),
    ("sáng nay 7h", MORNING, "future", "past", ["13/10 07:00"]),
    ("hôm qua 9h", MORNING, "future", "past", []),
    ("9h 1/10", MORNING, "future", "past", []),
    ("14h", EVENING, "future", "past", ["13/10 14:00"]),
    ("bây giờ", MORNING, "future", "past", []),
    ("cách đây 30 phút", MORNING, "future", "past", []),
    ("mai 8h", MORNING, "past", "future", []),
    ("2 tiếng nữa", MORNING, "past", "future", []),
]

REFUSED = [
    ("32/13 9h", "impossible"),
    ("9h 31/2", "impossible"),
    ("25h ngày mai", "impossible"),
    ("8h75 mai", "impossible"),
    ("24h30 mai", "impossible"),
    ("14h sáng mai", "impossible"),
    ("9999 phút nữa rồi", "unreadable"),
    ("9999 tiếng nữa", "impossible"),
    ("400 ngày nữa 9h", "impossible"),
    ("9h 1/1/2150", "impossible"),
    ("công văn 25/UBND-VX", "unreadable"),
    ("cong van 25/UBND-VX", "unreadable"),
    ("2 bệnh nhân", "unreadable"),
    ("2-3 nha", "unreadable"),
    ("", "unreadable"),
    ("   ", "unreadable"),
    ("ạ", "unreadable"),
    ("không rõ", "unreadable"),
    ("sạt lở ấp Tre Đông 9h", "unreadable"),
    ("mỗi ngày 8h", "unreadable"),
    ("sau giờ họp", "unreadable"),
    ("30 phút", "unreadable"),
    ("8", "unreadable"),
    ("lúc 8", "unreadable"),
    ("0296.000.0001", "unreadable"),
    ("mai", "no_time"),
    ("sáng mai", "no_time"),
    ("thứ 6", "no_time"),
    ("ngày 25/11", "no_time"),
    ("8h hoặc 9h mai", "two_times"),
    ("mai 8h mốt 9h", "two_times"),
    ("từ 8h đến 10h mai", "two_times"),
    ("7-8h mai", "two_times"),
    ("8h30-9h30 mai", "two_times"),
    ("8h thứ 6 thứ 7", "two_times"),
    ("9h 25/11 26/11", "two_times"),
    ("sáng hoặc chiều mai 8h", "two_times"),
    ("2 giờ nữa sáng mai", "two_times"),
    ("bây giờ 8h", "two_times"),
]


def test_the_table_of_phrases_is_long_enough_to_mean_something():
    assert len(AHEAD) + len(BACK) + len(ASKED) + len(REFUSED) >= 110


@pytest.mark.parametrize(("text", "said", "at"), AHEAD)
def test_a_time_ahead_is_read(text, said, at):
    assert read_moment(text, local(said), ZONE, WORDS).at == local(at)


@pytest.mark.parametrize(("text", "said", "at"), BACK)
def test_a_time_that_has_passed_is_read(text, said, at):
    assert read_moment(text, local(said), ZONE, WORDS, want="past").at == local(at)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2h30 sáng", "12/10 02:30"),
        ("15h", "12/10 15:00"),
        ("hôm qua 9h", "11/10 09:00"),
        ("mai 9h", "13/10 09:00"),
        ("vừa xong", MORNING),
    ],
)
def test_where_either_side_will_do_the_day_decides(text, at):
    assert read_moment(text, local(MORNING), ZONE, WORDS, want="any").at == local(at)


@pytest.mark.parametrize(("text", "said", "want", "why", "options"), ASKED)
def test_a_time_with_several_meanings_is_asked_back(text, said, want, why, options):
    with pytest.raises(NotAMoment) as refusal:
        read_moment(text, local(said), ZONE, WORDS, want=want)
    assert refusal.value.why == why
    assert list(refusal.value.options) == [local(option) for option in options]


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_what_is_no_time_is_refused(text, why):
    with pytest.raises(NotAMoment) as refusal:
        read_moment(text, local(MORNING), ZONE, WORDS)
    assert refusal.value.why == why


@pytest.mark.parametrize(("text", "said", "at"), AHEAD + BACK)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_case_and_composition_change_nothing(text, said, at, form):
    shouted = unicodedata.normalize(form, text.upper())
    want = "future" if (text, said, at) in AHEAD else "past"
    assert read_moment(shouted, local(said), ZONE, WORDS, want=want).at == local(at)


@pytest.mark.parametrize("text", [row[0] for row in AHEAD])
def test_without_marks_the_time_is_the_same_or_asked(text):
    said = next(row[1] for row in AHEAD if row[0] == text)
    meant = read_moment(text, local(said), ZONE, WORDS).at
    try:
        assert read_moment(fold(text), local(said), ZONE, WORDS).at == meant
    except NotAMoment as refusal:
        assert not refusal.options or meant in refusal.options


@pytest.mark.parametrize(
    ("text", "estimated"),
    [("khoang 2h30", True), ("chừng 2h30", True), ("cỡ 2h30", True), ("2h30", False),
     ("vừa xong", True), ("bây giờ", False)],
)  # fmt: skip
def test_about_is_kept(text, estimated):
    assert read_moment(text, local(NIGHT), ZONE, WORDS, want="past").estimated is estimated


def test_a_moment_is_in_utc():
    assert read_moment("mai 8h30", local(MORNING), ZONE, WORDS).at.tzinfo is UTC


def test_the_line_for_programs_is_the_same_reader():
    assert when_line("mai 8h30", local(MORNING), ZONE, WORDS) == {
        "text": "mai 8h30", "at": "2026-10-13T08:30:00+07:00", "why": None,
    }  # fmt: skip
    assert when_line("mai 8h", local(MIDNIGHT), ZONE, WORDS) == {
        "text": "mai 8h", "at": None, "why": "after_midnight",
    }  # fmt: skip


said_times = st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31), timezones=st.just(ZONE))
wants = st.sampled_from(["future", "past", "any"])
pieces = st.lists(
    st.sampled_from(
        ["mai", "nay", "sáng", "chieu", "toi", "đêm", "8h", "2h30", "12", "giờ", "thứ", "6", "tuần",
         "sau", "nữa", "rưỡi", "kém", "15", "phút", "25/11", "ngày", "tháng", "/", "-", ":", "h",
         "hôm qua", "cách đây", "tới", "bay gio", "nửa", "mươi", "ba", "99", "2026", "trước", "0"]
    ),
    max_size=7,
)  # fmt: skip
texts = st.text() | pieces.map(" ".join) | pieces.map("".join)


@settings(max_examples=400)
@given(texts, said_times, wants)
def test_any_text_is_a_moment_on_the_wanted_side_or_refused(text, said, want):
    try:
        found = (read_moment(text, said, ZONE, WORDS, want=want).at,)
    except NotAMoment as refusal:
        found = refusal.options
    for at in found:
        assert at.tzinfo is UTC
        assert want != "future" or at > said
        assert want != "past" or at <= said


@given(said_times, st.timedeltas(timedelta(minutes=2), timedelta(days=180)))
def test_a_full_date_is_read_as_written(said, later):
    at = (said + later).replace(second=0, microsecond=0)
    for pattern in ("%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%Hh%M ngày %d/%m/%Y", "%Y-%m-%d %H:%M"):
        assert read_moment(at.strftime(pattern), said, ZONE, WORDS).at == at


@given(said_times, st.timedeltas(timedelta(0), timedelta(days=180)))
def test_a_full_date_that_has_passed_is_read_as_written(said, earlier):
    at = (said - earlier).replace(second=0, microsecond=0)
    text = at.strftime("%H:%M %d/%m/%Y")
    assert read_moment(text, said, ZONE, WORDS, want="past").at == at
