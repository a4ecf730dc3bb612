"""`/uyquyen`: a signed paper lets somebody speak, in its scope and time, and never one more."""

import json

import pytest

from bot.web.app import make_web
from procedure.entries_organisation import ORGANISATION
from procedure.evolve_organisation import organisation_at
from storage import journal
from tests.bot.webtown import signed_in
from tests.story import opened, reported, to_conclusion
from tests.town import PAPER, Town

HEAD, REPORTER, CLERK = "Ví Dụ", "Thí Dụ", "Bản Sao"


def enters(town: Town, who: str, *, until: str = "17:00 13/10", scope: str = "VV-2026-001") -> None:
    """The paper by which the reporter may speak goes in."""
    town.answers(who, "/uyquyen", "Ghi giấy ủy quyền", "thi du", scope, "12/GUQ-UBND", "Hôm nay")
    town.answers(who, "Từ bây giờ", until, PAPER)
    town.taps(who, "Đúng, ghi lại")


def names(town: Town) -> None:
    """The duty officer would have the reporter speak."""
    town.answers("Thử", "/phancong", "Người phát ngôn", "thi du", "Giấy ủy quyền", "Chủ tịch bận")
    town.taps("Thử", "Xác nhận phân công")


def concluded_town(town: Town) -> None:
    """The chairman speaks, nothing is drafted yet."""
    opened(town)
    reported(town)
    to_conclusion(town)


@pytest.mark.duty("T3")
def test_a_clerk_enters_the_paper_the_head_confirms_and_it_is_good(town: Town) -> None:
    concluded_town(town)
    names(town)
    assert "chưa có chức danh hoặc văn bản ủy quyền" in town.last("Thử")
    town.answers("Thử", "Hủy")
    town.skips()
    enters(town, CLERK)
    asked = town.hears(HEAD, "arrangements#delegation_waits", "12/GUQ-UBND", "VV-2026-001")
    assert town.labels(asked) == ["Đúng, tôi đã ký", "Không đúng"]
    names(town)
    assert "còn chờ người đứng đầu xác nhận" in town.last("Thử")
    town.answers("Thử", "Hủy")
    town.taps(HEAD, "Đúng, tôi đã ký")
    town.hears(REPORTER, "arrangements#delegation_given", "không ủy quyền lại")
    town.hears(CLERK, "arrangements#delegation_confirmed")
    names(town)
    held = town.incident().spokesperson
    assert held is not None and held.person == town.id(REPORTER)


@pytest.mark.duty("T3")
def test_an_expired_paper_is_found_at_the_moment_of_speaking(town: Town) -> None:
    concluded_town(town)
    enters(town, HEAD, until="10:00 12/10")
    names(town)
    town.at("12/10 08:52")
    text = "Đến 08 giờ, sạt lở dài 38 m, 07 hộ đã được di dời an toàn."
    town.answers("Bản Sao", "/phatngon", "Soạn nội dung phát ngôn", text, "Gửi")
    town.taps("Mẫu", f"Duyệt bản {len(town.incident().statements)}")
    town.skips()
    town.at("12/10 10:01")
    town.hears(REPORTER, "arrangements#delegation_over", "không phát ngôn nữa")
    town.hears(HEAD, "arrangements#delegation_over")
    town.taps(REPORTER, "Đã phát ngôn")
    said = town.last(REPORTER)
    assert "không còn quyền phát ngôn" in said and "Lê Văn Thử" in said and "Ví Dụ ký" in said
    assert not town.incident().spoken


def test_a_paper_of_another_field_is_out_of_scope(town: Town) -> None:
    concluded_town(town)
    enters(town, HEAD, scope="cháy")
    names(town)
    assert "không gồm vụ việc này" in town.last("Thử")


def test_it_is_passed_on_by_nobody_and_written_by_nobody_else(town: Town) -> None:
    concluded_town(town)
    town.answers("Mô Phỏng", "/uyquyen", "Ghi giấy ủy quyền")
    assert "do người đứng đầu ký" in town.last("Mô Phỏng")
    enters(town, HEAD)
    town.answers(REPORTER, "/uyquyen", "Ghi giấy ủy quyền")
    assert "không ủy quyền lại" in town.last(REPORTER)


def test_the_head_takes_it_back_at_once(town: Town) -> None:
    concluded_town(town)
    enters(town, HEAD)
    town.skips()
    town.answers(HEAD, "/uyquyen", "Thu hồi giấy này")
    town.hears(REPORTER, "arrangements#delegation_ended", "không phát ngôn theo giấy này")
    names(town)
    assert "đã bị thu hồi" in town.last("Thử")


def test_a_day_that_is_on_no_calendar_and_a_paper_without_its_picture_are_asked_again(
    town: Town,
) -> None:
    concluded_town(town)
    town.answers(HEAD, "/uyquyen", "Ghi giấy ủy quyền", "thi du", "sạt lở", "9/GUQ", "31/02")
    assert "không có trên lịch" in town.last(HEAD)
    town.answers(HEAD, "Hôm nay", "Từ bây giờ", "17:00 13/10", "có giấy rồi")
    assert "cần ảnh hoặc bản PDF" in town.last(HEAD)


def test_the_head_sees_the_paper_before_he_says_that_he_has_signed_it(town: Town) -> None:
    concluded_town(town)
    enters(town, CLERK)
    asked = town.hears(HEAD, "arrangements#delegation_waits")
    (paper,) = json.loads(asked.files)
    assert paper["media_type"] == "image/png"
    web = make_web(town.world, tick=lambda _: 0)
    web.rehearsal = False
    for who, code in ((HEAD, 200), (CLERK, 200), ("Phác Họa", 404)):
        seen = signed_in(web, town.id(who)).get(f"/files/{paper['sha256']}")
        assert seen.status_code == code, who


def test_words_that_a_clerk_takes_back_leave_the_paper_and_never_the_register(town: Town) -> None:
    concluded_town(town)
    enters(town, CLERK)
    town.says(HEAD, "12/GUQ-UBND")
    his = next(row for row in reversed(town.thread(HEAD)) if row.text == "12/GUQ-UBND")
    town.says(HEAD, "⛔", reply_to=his.id)
    assert town.world.db.read(town.world.organisation).delegations[0].document == "12/GUQ-UBND"
    for words in ("12/GUQ-UBND", "Nguyễn Văn Ví Dụ"):
        if words.startswith("N"):
            town.says(CLERK, words)
        said = next(row for row in reversed(town.thread(CLERK)) if row.text == words)
        town.says(CLERK, "⛔", reply_to=said.id)
    whole = town.world.db.read(town.world.organisation)
    assert whole.delegations[0].document == ""
    entries = town.world.db.read(lambda session: journal.read(session, ORGANISATION))
    then = organisation_at(entries, town.clock)
    assert then.people[town.id(HEAD)].name == "Nguyễn Văn Ví Dụ"
    assert list(town.world.db.read(lambda session: list(journal.verify(session)))) == []
