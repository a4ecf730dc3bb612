"""State secrets never enter: the stop, the one-time pass, the erasure (design.md §2d)."""

from pathlib import Path

import pytest

from bot.accept import Accepted
from bot.clock import tick
from bot.files import path_of
from storage import chats
from tests.channels.pictures import png
from tests.story import opened, reported
from tests.town import Town

STAMPED = "Kèm công văn mật số 77-CV/TU về điểm sạt lở"


def bytes_of(folder: Path) -> bytes:
    """Everything in every file of the data folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_stamped_message_leaves_no_byte_and_both_people_are_told(
    town: Town, tmp_path: Path
) -> None:
    body = {"type": "message", "text": STAMPED}
    assert town.sends("Thí Dụ", body, [STAMPED]) is Accepted.STOPPED
    town.hears("Thí Dụ", "answers#secret_stopped", "văn thư mật", "0296.000.0002")
    town.hears("Thử", "answers#secret_noted", "không chữ nào được lưu")
    town.is_quiet()
    town.world.db.close()
    kept = bytes_of(tmp_path)
    for word in (STAMPED, "77-CV/TU", "điểm sạt lở"):
        assert word.encode() not in kept


@pytest.mark.parametrize(
    "text",
    ["hai người mất tích", "hai nguoi mat tich", "mat cai lo", "mật ong bị đổ", "bí mật gia đình"],
)
def test_the_traps_pass(town: Town, text: str) -> None:
    assert town.sends("Thí Dụ", {"type": "message", "text": text}, [text]) is Accepted.STORED


def test_the_duty_officer_lets_a_false_alarm_through_once(town: Town) -> None:
    body = {"type": "message", "text": STAMPED}
    town.sends("Thí Dụ", body, [STAMPED])
    town.taps("Thử", "Không mật, cho gửi lại")
    town.hears("Thí Dụ", "answers#secret_pass", "gửi lại")
    assert town.sends("Thí Dụ", body, [STAMPED]) is Accepted.STORED
    assert town.sends("Thí Dụ", body, [STAMPED]) is Accepted.STOPPED


def test_the_stop_sign_erases_a_kept_message_everywhere(town: Town, tmp_path: Path) -> None:
    opened(town)
    words = "So lieu rieng cua to cong tac dac biet 4471"
    town.says("Thí Dụ", words)
    shown = [row for row in town.thread("Thí Dụ") if row.text == words]
    if not town.incident().detail("known"):
        town.answers("Thí Dụ", "2h30", "2h35", words)
    town.says("Thí Dụ", "⛔", reply_to=shown[0].id)
    town.hears("Thí Dụ", "answers#erased")
    town.holds()
    town.world.db.close()
    assert words.encode() not in bytes_of(tmp_path)


def test_a_short_word_is_erased_where_he_said_it_and_nowhere_else(town: Town) -> None:
    for who in ("Thí Dụ", "Phác Họa"):
        town.says(who, "tốt lắm")
    his = next(row for row in town.thread("Thí Dụ") if row.text == "tốt lắm")
    town.says("Thí Dụ", "⛔", reply_to=his.id)
    assert not [row for row in town.thread("Thí Dụ") if row.text == "tốt lắm"]
    assert [row.text for row in town.thread("Phác Họa") if row.sender == chats.PERSON] == [
        "tốt lắm"
    ]


def test_only_the_duty_desk_grants_a_link(town: Town) -> None:
    target = town.id("Thí Dụ")
    town.presses("Phác Họa", {"grant_link": target})
    assert "Lê Văn Thử" in town.last("Phác Họa")
    town.presses("Thử", {"grant_link": target})
    assert "/vao/" in town.last("Thử") and "dùng một lần" in town.last("Thử")


def test_the_stop_sign_erases_a_photo_with_its_bytes_and_its_names(
    town: Town, tmp_path: Path
) -> None:
    photo = png(41)
    town.sends_photos("Thí Dụ", [photo], "sat lo ap tre dong, 7 nha")
    town.taps("Thí Dụ", "Chưa ghi nhận")
    (kept,) = town.incident().files
    line = next(row for row in town.thread("Thí Dụ") if row.sender == chats.PERSON and row.id)
    assert kept.sha256 in line.files
    town.says("Thí Dụ", "⛔", reply_to=line.id)
    town.hears("Thí Dụ", "answers#erased")
    tick(town.world)
    for who in ("Thí Dụ", "Ví Dụ"):
        assert all(kept.sha256 not in row.files for row in town.thread(who))
    town.holds()
    town.world.db.close()
    left = bytes_of(tmp_path)
    assert photo not in left and not list(tmp_path.glob(f"files/??/{kept.sha256}"))
    assert b"1.png" not in left


def test_a_photo_that_was_erased_goes_with_no_later_notice_and_may_come_again(town: Town) -> None:
    photo = png(42)
    town.sends_photos("Thí Dụ", [photo], "sat lo ap tre dong, 7 nha")
    town.taps("Thí Dụ", "Chưa ghi nhận")
    (kept,) = town.incident().files
    line = next(row for row in town.thread("Thí Dụ") if row.sender == chats.PERSON and row.id)
    town.says("Thí Dụ", "⛔", reply_to=line.id)
    reported(town)
    assert all(kept.sha256 not in row.files for row in town.thread("Thử"))
    town.sends_photos("Thí Dụ", [photo], "anh nay gui lai duoc")
    tick(town.world)
    assert path_of(town.world.settings, kept.sha256).read_bytes() == photo
