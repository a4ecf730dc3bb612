"""Roles with a last day: asked in chat, told in time, over at midnight; and a role that ends in
the middle of its holder's open form, whoever or whatever ends it."""

from collections.abc import Callable
from datetime import date

import pytest

from bot import staff
from procedure.decision import CLOCK
from procedure.entries_organisation import ORGANISATION, RoleEnded, RoleGiven
from procedure.register import table
from procedure.staffing import plan
from procedure.words import Role
from storage import journal, people
from tests.story import opened, received, reported
from tests.town import Town

ADMIN, HEAD, CLERK, OFFICER, COMMUNE, DEPARTMENT = "Thử Nghiệm", "Ví Dụ", "Bản Sao", "Thử", 3, 2
SOON, TODAY = "arrangements#role_ends_soon", "arrangements#role_ends_today"
DUTY = (Role.ON_DUTY, Role.DEPUTY)


def holds(town: Town, who: str) -> set[Role]:
    """What he holds at this moment."""
    return {one.role for one in town.world.db.read(town.world.organisation).held_by(town.id(who))}


def until(town: Town, who: str, unit: int, last: date, *roles: Role) -> None:
    """He holds roles up to and with a day."""
    facts = [RoleGiven(person=town.id(who), role=one, unit=unit, until=last) for one in roles]
    town.world.db.write(
        lambda session: people.record(session, facts, at=town.clock, actor=0, channel="test")
    )


def told(town: Town, *templates: str) -> list[tuple[str, int]]:
    """Who was told of an end since the last look."""
    found = [(row.template, row.person) for row in town.unheard() if row.template in templates]
    town.skips()
    return found


def test_a_last_day_is_asked_read_back_and_kept_and_its_end_is_told_twice(town: Town) -> None:
    town.answers(ADMIN, "/vaitro", "vi du", "Giao: cấp phó")
    assert "đến hết ngày nào" in town.last(ADMIN)
    assert town.buttons(ADMIN)[-1][0] == "Bỏ qua"
    for words, why in {
        "31/02": "không có trên lịch",
        "11/10/2026": "đã qua",
        "sang năm": "Chưa đọc được",
    }.items():
        town.says(ADMIN, words)
        assert why in town.last(ADMIN), words
    town.says(ADMIN, "19/10")
    assert "cấp phó" in town.last(ADMIN) and "đến hết ngày 19/10/2026" in town.last(ADMIN)
    town.taps(ADMIN, "Đúng, ghi lại")
    assert "cấp phó" in town.last(HEAD) and "đến hết ngày 19/10/2026" in town.last(HEAD)
    town.says(HEAD, "/dulieu")
    assert "Cấp phó" in town.last(HEAD) and "đến hết ngày 19/10/2026" in town.last(HEAD)
    town.skips()
    both = sorted([town.id(HEAD), town.id(CLERK)])
    town.at("16/10 07:59")
    assert told(town, SOON, TODAY) == []
    town.at("16/10 08:01")
    assert sorted(told(town, SOON, TODAY)) == [(SOON, one) for one in both]
    assert "giữ vai trò cấp phó" in town.last(CLERK) and "/vaitro" in town.last(CLERK)
    town.at("19/10 07:59")
    assert told(town, SOON, TODAY) == []
    town.at("19/10 23:59")
    assert sorted(told(town, SOON, TODAY)) == [(TODAY, one) for one in both]
    assert Role.DEPUTY in holds(town, HEAD)
    town.at("20/10 00:00")
    assert Role.DEPUTY not in holds(town, HEAD)
    town.at("21/10 12:00")
    assert told(town, SOON, TODAY) == []


def test_a_role_with_a_last_day_goes_on_to_a_later_one_and_one_without_is_given_once(
    town: Town,
) -> None:
    until(town, HEAD, COMMUNE, date(2026, 10, 13), Role.OFFICE)
    town.answers(ADMIN, "/vaitro", "vi du", "Giữ tiếp: văn thư", "Bỏ qua", "Đúng, ghi lại")
    town.answers(ADMIN, "/vaitro", "vi du")
    labels = town.buttons(ADMIN)[-1]
    assert "Thôi: văn thư" in labels and "Giữ tiếp: văn thư" not in labels
    town.at("14/10 08:00")
    assert Role.OFFICE in holds(town, HEAD)


def test_a_new_head_begins_on_the_day_after_the_old_one(town: Town) -> None:
    until(town, HEAD, COMMUNE, date(2026, 10, 12), Role.HEAD)
    give = ("/vaitro", "thi du", "Giao: người đứng đầu", "Bỏ qua", "Đúng, ghi lại")
    town.answers(ADMIN, *give)
    assert "đang có người đứng đầu" in town.last(ADMIN)
    town.at("13/10 00:00")
    town.answers(ADMIN, "/huy", *give)
    now = town.world.db.read(town.world.organisation)
    assert now.head(COMMUNE) == town.id("Thí Dụ")


def brief(town: Town) -> int:
    """The officer has answered everything that a brief asks; returns what the file holds then."""
    town.answers(OFFICER, "/tonghop", "Có thể sạt thêm 24 giờ tới", "Phương án A: di dời ngay")
    town.answers(OFFICER, "Xã phát ngôn, Sở giữ số liệu", "Xin ý kiến về 03 nội dung")
    assert "Tổng hợp VV-2026-001" in town.last(OFFICER)
    return len(town.journal())


def by_chat(town: Town) -> None:
    """An administrator ends what he holds."""
    name = town.world.db.read(town.world.organisation).people[town.id(OFFICER)].name
    for role in ("người trực", "cấp phó"):
        town.answers(ADMIN, "/vaitro", name, f"Thôi: {role}", "Đúng, ghi lại")


def by_file(town: Town) -> None:
    """A file comes in that gives him nothing any more."""
    now, today = town.world.db.read(town.world.organisation), date(2026, 10, 12)
    rows = [one for one in table(now)[1] if one.name == now.people[town.id(OFFICER)].name]
    rows = [type(rows[0])(**{**vars(rows[0]), "roles": ()})]
    made = plan(now, [], rows, today)
    assert not made.faults and [type(one) for one in made.facts] == [RoleEnded] * 2
    staff.write(town.world, made.facts, actor=CLOCK, channel="cli")


def by_its_day(town: Town) -> None:
    """Midnight comes."""
    town.at("13/10 00:01")
    entries = town.world.db.read(lambda session: journal.read(session, ORGANISATION))
    assert not any(isinstance(one.fact, RoleEnded) for one in entries)


@pytest.mark.parametrize("ends", [by_chat, by_file, by_its_day])
def test_a_role_that_ends_in_the_middle_of_the_holder_s_form_is_refused_in_one_sentence(
    town: Town, ends: Callable[[Town], None]
) -> None:
    if ends is by_its_day:
        until(town, OFFICER, DEPARTMENT, date(2026, 10, 12), *DUTY)
    opened(town)
    reported(town)
    received(town)
    if ends is by_its_day:
        town.at("12/10 23:58")
    brief(town)
    ends(town)
    assert not holds(town, OFFICER) & set(DUTY)
    before, told_before = town.journal(), len(town.thread(OFFICER))
    town.taps(OFFICER, "Gửi")
    now = town.world.db.read(town.world.organisation)
    who = now.people[now.holders(Role.ON_DUTY, DEPARTMENT)[0]]
    assert who.id != town.id(OFFICER)
    assert "Việc này do Ban Tuyên giáo thực hiện" in town.last(OFFICER)
    assert who.name in town.last(OFFICER)
    assert len(town.thread(OFFICER)) <= told_before + 2, "his tap, and one sentence"
    assert [one.seq for one in town.journal()] == [one.seq for one in before]
    assert town.incident().brief is None
    town.holds()


def test_who_takes_over_at_midnight_does_what_the_other_could_not(town: Town) -> None:
    until(town, HEAD, COMMUNE, date(2026, 10, 12), Role.HEAD)
    next_one = RoleGiven(
        person=town.id("Dự Phòng"), role=Role.HEAD, unit=COMMUNE, since=date(2026, 10, 13)
    )
    town.world.db.write(
        lambda session: people.record(session, [next_one], at=town.clock, actor=0, channel="test")
    )
    town.at("12/10 23:50")
    opened(town)
    town.answers(HEAD, "Xem và gửi lên tỉnh")
    town.at("13/10 00:01")
    town.taps(HEAD, "Gửi")
    assert "do người đứng đầu đơn vị gửi: đồng chí Đặng Văn Dự Phòng" in town.last(HEAD)
    assert town.incident().submitted_at is None
    town.decides("Dự Phòng", "SubmitReport", through=DEPARTMENT, to=1)
    assert town.incident().submitted_at is not None
