"""Who could do this on 12/10 at 02:30? The journal tells it, with who acted by what right."""

from bot.cli_people import holder_lines
from tests.scenarios.test_absences import DEPUTY, HEAD, is_away
from tests.scenarios.test_papers_to_speak import enters
from tests.scenarios.test_rosters import rostered
from tests.town import Town, local


def held(town: Town, at: str) -> str:
    """What the console says of the commune at a moment."""
    return "\n".join(holder_lines(town.world, local(at), "ubnd vam tre"))


def test_a_past_moment_is_told_with_stand_ins_papers_and_turns_of_duty(town: Town) -> None:
    is_away(town, HEAD, DEPUTY)
    rostered(town)
    town.at("12/10 08:00")
    enters(town, "Bản Sao", scope="sạt lở")
    town.at("12/10 09:00")
    town.answers(HEAD, "/vangmat", "Tôi nhận lại việc")
    town.taps(HEAD, "Đúng, tôi đã ký")
    town.at("15/10 08:00")
    night = held(town, "12/10 08:30")
    assert "người đứng đầu: Nguyễn Văn Ví Dụ" in night
    assert "thay Nguyễn Văn Ví Dụ (vắng): Đặng Văn Dự Phòng" in night
    assert "trực theo lịch: Võ Thị Thí Dụ" in night
    assert "12/GUQ-UBND" not in night, "the head had not signed it yet"
    later = held(town, "12/10 09:30")
    assert "(vắng)" not in later and "giấy số 12/GUQ-UBND: Võ Thị Thí Dụ" in later
    assert "12/GUQ-UBND" not in held(town, "14/10 08:00")
