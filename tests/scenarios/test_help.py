"""All of [Cần hỗ trợ]: time, people, "not mine" (conduct §5)."""

import pytest

from procedure import actions as a
from procedure.codec import Prose
from tests.handlers.form_cases import TownAt, begin
from tests.listening import acts, minute, told
from tests.town import Town, local

CLERK, HEAD, DEPUTY = "Thí Dụ", "Ví Dụ", "Dự Phòng"
OFFICER, LEADER = "Thử", "Mẫu"
EXPERT, HIS_HEAD = "Phác Họa", "Giả Thiết"
VERIFY = "O5:2"


@pytest.fixture
def ordered(ordered: Town) -> Town:
    """That morning, and the expert has said that he has received it."""
    ordered.taps(EXPERT, "Đã nhận")
    return ordered


def due(town: Town, key: str = VERIFY) -> str:
    """When an open duty is due."""
    found = town.duty(key)
    assert found is not None
    return minute(found.due)


def helped(town: Town, who: str, *answers: str, duty: str = VERIFY) -> None:
    """[Cần hỗ trợ] under a ring about this duty, and the answers to what it asks."""
    assert begin(town, who, "help_wanted", duty=duty) is None
    town.answers(who, *answers)


def wished(town: Town) -> None:
    """He has taken half an hour by himself, and asks for another."""
    helped(town, EXPERT, "Thêm giờ", "30 phút")
    town.skips()
    helped(town, EXPERT, "Thêm giờ", "30 phút")


def test_the_second_wish_goes_to_his_head_and_moves_nothing(ordered: Town) -> None:
    town = ordered
    wished(town)
    town.hears(EXPERT, "forms/help_wanted#need")
    town.hears(EXPERT, "forms/help_wanted#minutes", "đã tự thêm giờ một lần")
    town.hears(EXPERT, "forms/help_wanted#finished", "tới đồng chí", "Khi đồng chí ấy đồng ý")
    town.hears(HIS_HEAD, "notices/more_time_asked", "xin thêm 30 phút", "13:30", "xin ý kiến")
    town.hears(OFFICER, "notices/more_time_asked", "quyết định")
    town.is_quiet()
    assert due(town) == "12/10 13:30"
    assert ["Đồng ý thêm 30 phút", "Không"] in town.buttons(HIS_HEAD)
    assert not [one for one in town.buttons(OFFICER) if "Đồng ý thêm 30 phút" in one]


def test_when_the_head_grants_it_he_is_told_and_the_rings_move(ordered: Town) -> None:
    town = ordered
    wished(town)
    town.skips()
    town.taps(HIS_HEAD, "Đồng ý thêm 30 phút")
    assert due(town) == "12/10 14:00"
    town.hears(HIS_HEAD, "acts#ExtendDuty", "hạn mới 14:00")
    town.hears(EXPERT, "notices/time_granted", "đồng ý thêm 30 phút", "hạn mới 14:00")
    town.hears(OFFICER, "notices/time_granted")
    town.is_quiet()
    town.at("12/10 14:20")
    rings = [minute(row.sent_at) for row in told(town, EXPERT, "rings/owner#verification")]
    assert rings[-2:] == ["12/10 14:00", "12/10 14:20"] and "12/10 13:30" not in rings


def test_when_the_head_does_not_he_is_told_and_the_ring_comes_as_it_would(ordered: Town) -> None:
    town = ordered
    wished(town)
    town.skips()
    town.taps(HIS_HEAD, "Không")
    town.hears(HIS_HEAD, "acts#DeclineMoreTime", "13:30")
    town.hears(EXPERT, "notices/more_time_declined", "vẫn hạn 13:30", "Cần hỗ trợ")
    town.hears(OFFICER, "notices/more_time_declined")
    town.is_quiet()
    town.at("12/10 13:30")
    assert "12/10 13:30" in [minute(r.sent_at) for r in told(town, EXPERT, "rings/owner#veri")]


def test_who_waits_for_an_answer_is_rung_by_the_clock_and_his_ladder_climbs(ordered: Town) -> None:
    town = ordered
    wished(town)
    town.skips()
    town.at("12/10 13:50")
    rings = [minute(row.sent_at) for row in told(town, EXPERT, "rings/owner#verification")]
    assert rings[-2:] == ["12/10 13:30", "12/10 13:50"]
    assert "12/10 13:50" in [minute(row.sent_at) for row in told(town, HIS_HEAD, "rings/call")]


def test_only_the_lengths_that_fit_are_offered_and_none_of_a_legal_term(ordered: Town) -> None:
    town = ordered
    acts(town, OFFICER, a.SetTask(what=Prose("Đo"), owner=8, due=local("12/10 10:00")))
    helped(town, EXPERT, "Thêm giờ", duty="task:1")
    assert town.labels(town.live(EXPERT)[0]) == ["15 phút", "30 phút", "Quay lại", "Hủy"]
    town.says(EXPERT, "hủy")
    helped(town, HEAD, "Thêm giờ", duty="O14")
    assert "thời hạn theo luật" in town.last(HEAD)
    town.answers(HEAD, "Thiếu người, số liệu", "Chờ số liệu đo đạc")
    town.hears(OFFICER, "notices/help_asked", "Chờ số liệu đo đạc")


def test_a_call_for_people_is_answered_with_people_or_a_word(ordered: Town) -> None:
    town = ordered
    helped(town, EXPERT, "Thiếu người, số liệu", "Cần thêm một tổ đo")
    town.skips()
    assert town.buttons(HIS_HEAD)[0] == ["Đã rõ"], "he gives out no orders in this incident"
    town.taps(HIS_HEAD, "Đã rõ")
    town.hears(EXPERT, "notices/help_seen", "đã rõ", "hạn 13:00")
    town.is_quiet()
    assert town.buttons(OFFICER)[0] == ["Giao thêm người", "Đã rõ"]
    town.taps(OFFICER, "Giao thêm người")
    town.answers(OFFICER, "thi diem", "Bỏ qua")
    assert town.incident().orders[-1].what == "Cần thêm một tổ đo"
    assert town.incident().orders[-1].person == town.id("Thí Điểm")


def test_not_mine_named_a_person_is_given_to_him_by_one_tap(ordered: Town) -> None:
    town = ordered
    helped(town, EXPERT, "Không phải việc của tôi", "thi dieu")
    assert "thi dieu" in town.incident().not_mine[VERIFY].text, "a name that nobody bears"
    acts(town, OFFICER, a.KeepWithOwner(duty=VERIFY))
    town.hears(EXPERT, "notices/duty_kept", "giữ nguyên")
    helped(town, EXPERT, "Không phải việc của tôi", "thi diem")
    town.skips()
    assert town.buttons(HIS_HEAD)[0] == ["Giữ nguyên"]
    assert town.buttons(OFFICER)[0] == ["Giao cho đ/c Thí Điểm", "Giữ nguyên"]
    town.taps(OFFICER, "Giao cho đ/c Thí Điểm")
    town.hears(OFFICER, "acts#ReassignDuty", "Thí Điểm", "13:00")
    town.hears("Thí Điểm", "notices/verification_ordered")
    town.hears(EXPERT, "notices/handed_on", "Thí Điểm", "thay đồng chí Đoàn Văn Phác Họa")
    town.hears(HEAD, "notices/handed_on")
    town.is_quiet()
    town.taps(HIS_HEAD, "Giữ nguyên")
    town.hears(HIS_HEAD, "refusals#not_mine_settled")
    town.holds()


def test_what_a_post_owes_is_given_to_nobody_and_the_answer_says_why(town_at: TownAt) -> None:
    town = town_at("opened")
    helped(town, HEAD, "Không phải việc của tôi", "du phong", duty="O2")
    town.hears(HEAD, "forms/help_wanted#finished", "gắn với chức vụ")
    town.hears(OFFICER, "notices/not_mine_said", "gắn với chức vụ", "Dự Phòng")
    assert town.buttons(OFFICER)[0] == ["Giữ nguyên"]


def test_a_speakers_duty_goes_on_only_by_the_form_that_names_another(town_at: TownAt) -> None:
    town = town_at("approved")
    helped(town, HEAD, "Không phải việc của tôi", "du phong", duty="O14_target")
    town.taps(OFFICER, "Giao cho đ/c Dự Phòng")
    town.answers(OFFICER, "Theo kết luận họp", "Đồng chí bận họp", "Xác nhận phân công")
    speaking = town.incident().spokesperson
    assert speaking is not None and speaking.person == town.id(DEPUTY)


def test_help_under_a_receipt_is_help_with_the_work_behind_it(town_at: TownAt) -> None:
    town = town_at("concluded")
    town.taps(HEAD, "Cần hỗ trợ", on="phát ngôn")
    town.answers(HEAD, "Thiếu người, số liệu", "Cần người soạn")
    town.hears(OFFICER, "notices/help_asked", "Cần người soạn")
