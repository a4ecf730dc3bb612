"""Newsrooms, the one story, directives and the room: guidance as a day of the department."""

import pytest

from procedure.errors import Refused
from procedure.guidance import directive_key
from tests.story import MAU, PORTAL, opened, reported, spoken, to_conclusion
from tests.town import Town

EDITOR, CHAIRMAN = "Phóng Tác", "Minh Chứng"
TEXT = "Đến 08 giờ, sạt lở dài 38 m, 07 hộ đã được di dời an toàn."
NEWS = "Đến 14 giờ, 09 hộ đã được di dời an toàn; lộ tạm đã thông."
STORY = "views/guidance#story"
RECORD = "views/guidance#guidance"


def released(town: Town) -> None:
    """The official text has been said, version 1."""
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35", "Dừng hỏi")
    reported(town)
    to_conclusion(town)
    spoken(town)
    town.skips()


def said_again(town: Town) -> None:
    """Version 2 is drafted, approved and said."""
    town.at("12/10 14:10")
    town.answers("Thí Dụ", "/phatngon", "Soạn nội dung phát ngôn", NEWS, "Gửi")
    town.taps(MAU, "Duyệt bản 2")
    town.taps("Ví Dụ", "Đã phát ngôn", on="bản 2")
    town.answers("Ví Dụ", PORTAL, "14h10", "Trang TTĐT xã", "Bỏ qua", "Bỏ qua", "Xác nhận")
    town.skips()


def looks(town: Town, who: str, *buttons: str) -> None:
    """Somebody opens the incident's card, then what its buttons lead to."""
    town.says(who, "/vuviec")
    town.answers(who, *buttons)


def guided(town: Town) -> None:
    """One tap at the release, one more to send."""
    town.taps("Thử", "Gửi định hướng báo chí")
    town.answers("Thử", "Không bớt ai", "Gửi định hướng")


def story_set(town: Town, *messages: str) -> None:
    """The duty officer takes key messages from the released text."""
    looks(town, "Thử", "Việc khác", "Soạn câu chuyện thống nhất")
    town.answers("Thử", *messages, "Gửi câu chuyện thống nhất")


@pytest.mark.duty("T6")
def test_newsrooms_get_the_released_text_and_each_shows_sent_seen_received(town: Town) -> None:
    released(town)
    guided(town)
    town.hears("Thử", "forms/guide_newsrooms#left_out", "tới 02 người", "Kiều Thị Phóng Tác")
    town.hears("Thử", "forms/guide_newsrooms#preview", TEXT)
    town.hears("Thử", "forms/guide_newsrooms#finished", "bản 1, tới 02 người")
    for person in (EDITOR, CHAIRMAN):
        row = town.hears(person, "notices/guidance#text", "bản 1", f'"{TEXT}"')
        assert town.labels(row) == ["Đã nhận", "Chép nguyên văn"]
        assert str(town.incident().title) not in row.text, "nothing beyond the text"
    town.is_quiet()
    town.shown(EDITOR)
    town.forward(minutes=5)
    town.taps(EDITOR, "Đã nhận")
    town.skips()
    looks(town, "Thử", "Việc khác", "Định hướng đã gửi")
    text = town.last("Thử")
    assert "Bản 1" in text
    assert "Kiều Thị Phóng Tác, Báo Mẫu: gửi 10:05; xem 10:05; nhận 10:10" in text
    assert "La Văn Minh Chứng, Hội Nhà báo tỉnh: gửi 10:05; chưa xem; chưa báo nhận" in text
    entry = next(one for one in town.journal() if one.kind == "NewsroomsGuided")
    assert (entry.fact.statement, entry.fact.people) == (1, (22, 23))  # type: ignore[attr-defined]
    town.at("14/10 10:00")
    assert not [row for row in town.unheard() if row.person in (22, 23)], "nobody rings them"
    town.holds()


@pytest.mark.duty("T6")
def test_a_new_version_reaches_those_who_hold_the_old_once_the_department_sends_it(
    town: Town,
) -> None:
    released(town)
    guided(town)
    said_again(town)
    assert town.incident().guidance[-1].version == 1, "nothing goes out by itself"
    town.taps("Thử", "Gửi định hướng báo chí")
    town.answers("Thử", "minh chung", "Gửi định hướng")
    town.hears(EDITOR, "notices/guidance#text", "bản 2 (đã thay bản 1", NEWS)
    row = town.hears(CHAIRMAN, "notices/guidance_replaced#text", "bản 1 đã thay bằng bản 2")
    assert TEXT not in row.text and NEWS not in row.text
    assert not [live for live in town.live(EDITOR) if TEXT in live.text], "the old card is spent"
    town.skips()
    town.says(EDITOR, "/phatngon")
    town.hears(EDITOR, "views/guidance#released", NEWS)
    town.is_quiet()


@pytest.mark.duty("T6")
def test_a_draft_or_an_unspoken_text_never_goes_out(town: Town) -> None:
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35", "Dừng hỏi")
    reported(town)
    to_conclusion(town)
    with pytest.raises(Refused, match="nothing_released") as refused:
        town.decides("Thử", "GuideNewsrooms", statement=1, people=(22,))
    assert refused.value.facts["who"] == town.id("Ví Dụ")


@pytest.mark.duty("T7")
def test_all_see_the_same_bytes_and_only_who_read_the_old_hears_of_the_new(town: Town) -> None:
    released(town)
    story_set(town, "Đến 08 giờ, sạt lở dài 38 m", "07 hộ đã được di dời an toàn", "Bỏ qua")
    for person in ("Thí Dụ", "Ví Dụ", "Mẫu", "Phác Họa", "Quy Ước", "Phỏng Theo", "Bản Thảo"):
        town.hears(person, "notices/key_messages_set#text", "câu chuyện thống nhất")
    told = {row.person for row in town.unheard() if row.template.startswith("notices/key")}
    assert not told & {22, 23, town.id("Tượng Trưng"), town.id("Thử")}
    town.skips()
    readers = ("Thí Dụ", "Quy Ước")
    for person in readers:
        town.taps(person, "Câu chuyện thống nhất")
    looks(town, "Phác Họa", "Câu chuyện thống nhất")
    read = [town.hears(person, STORY).text for person in (*readers, "Phác Họa")]
    assert len(set(read)) == 1 and "1. Đến 08 giờ, sạt lở dài 38 m." in read[0]
    said_again(town)
    looks(town, "Mẫu", "Câu chuyện thống nhất")
    town.hears("Mẫu", STORY, "đang được rà lại theo bản này")
    town.skips()
    story_set(town, "09 hộ đã được di dời an toàn", "Bỏ qua")
    for person in (*readers, "Phác Họa", "Mẫu"):
        town.hears(person, "notices/key_messages_changed#text", "nay là lần 2")
    more = [row for row in town.unheard() if row.template.startswith("notices/")]
    assert not more, "nobody else hears twice"
    town.taps("Thí Dụ", "Câu chuyện thống nhất", on="nay là lần 2")
    looks(town, "Ví Dụ", "Câu chuyện thống nhất")
    assert town.last("Ví Dụ") == town.last("Thí Dụ")
    assert "1. 09 hộ đã được di dời an toàn." in town.last("Ví Dụ")
    town.holds()


@pytest.mark.duty("T23")
def test_a_directive_is_received_by_each_and_who_is_late_is_rung_in_private(town: Town) -> None:
    released(town)
    looks(town, "Thử", "Việc khác", "Chỉ đạo, định hướng thông tin")
    words = "Chỉ dùng bản 1; không bình luận về nguyên nhân."
    town.answers("Thử", words, "thi du, vi du, quy uoc", "Gửi chỉ đạo, định hướng")
    people = ("Thí Dụ", "Ví Dụ", "Quy Ước")
    for person in people:
        row = town.hears(person, "notices/directive#text", "Lê Văn Thử", f'"{words}"')
        assert town.labels(row) == ["Đã nhận", "Cần hỗ trợ"]
    town.skips()
    town.taps("Thí Dụ", "Đã nhận", on=words)
    town.taps("Ví Dụ", "Đã nhận", on=words)
    town.is_quiet()
    key = directive_key(1, town.id("Quy Ước"))
    duty = town.duty(key)
    assert duty is not None
    town.until(duty.due)
    rung = town.hears("Quy Ước", "rings/owner#receipt", "chỉ đạo, định hướng")
    assert "Đã nhận" in town.labels(rung)
    assert not [row for row in town.unheard() if row.person in (town.id("Thí Dụ"), 22, 23)]
    looks(town, "Thử", "Việc khác", "Ai đã nhận")
    matrix = town.last("Thử")
    assert "Đã nhận 2/3" in matrix and "Tống Văn Quy Ước, Ban Nội chính: gửi 10:05" in matrix
    assert matrix.count("nhận 10:05") == 2 and "chưa báo nhận" in matrix
    town.skips()
    town.taps("Quy Ước", "Đã nhận", on="Kính nhắc")
    town.hears("Thử", "notices/directive_complete#text", "tất cả 03 đồng chí đã nhận")
    town.is_quiet()
    assert town.duty(key) is None
    town.holds()


@pytest.mark.duty("T22")
def test_the_department_adds_and_takes_out_and_a_newsroom_is_refused_with_the_way_on(
    town: Town,
) -> None:
    released(town)
    looks(town, "Thử", "Việc khác", "Thành phần")
    room = town.last("Thử")
    for one in ("Lê Văn Thử", "Trần Thị Mẫu", "Tống Văn Quy Ước", "Đinh Thị Phỏng Theo"):
        assert one in room, one
    assert "Phóng Tác" not in room and "Minh Chứng" not in room and "Tượng Trưng" not in room
    town.skips()
    town.taps("Thử", "Thêm người")
    town.answers("Thử", "phong tac", "Xác nhận")
    said = town.hears("Thử", "refusals#press_only_guided", "Gửi định hướng báo chí")
    assert "Gửi định hướng báo chí" in town.labels(said)
    town.skips()
    town.says("Thử", "/huy")
    looks(town, "Thử", "Việc khác", "Thành phần", "Thêm người", "lam mau", "Xác nhận")
    town.hears("Làm Mẫu", "notices/room_member_added#text", "Lê Văn Thử")
    looks(town, "Làm Mẫu")
    assert town.newest_template("Làm Mẫu") == "views/incident#card"
    looks(town, "Thử", "Việc khác", "Thành phần", "Bớt người", "lam mau", "Xác nhận")
    town.hears("Làm Mẫu", "notices/room_member_removed#text", "Lê Văn Thử")
    looks(town, "Làm Mẫu")
    assert town.newest_template("Làm Mẫu") != "views/incident#card"
