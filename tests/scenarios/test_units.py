"""Units and their people changed in chat, and whole units invited."""

import re

from sqlmodel import select

from bot.files import path_of
from procedure.organisation import Organisation, Unit
from procedure.words import Role, UnitKind
from storage import access, people
from storage.database import Session
from storage.tables import InviteRow, MessageRow
from tests.scenarios.test_roles import SECOND, second_admin
from tests.story import opened
from tests.town import Town

ADMIN, CLERK, ANYBODY = "Thử Nghiệm", "Bản Sao", "Thí Dụ"
DO_IT = "Đúng, ghi lại"
COMMUNE, JOINED, ISLAND, SCHOOL = 3, 15, 16, 18


def organisation(town: Town) -> Organisation:
    return town.world.db.read(people.organisation)


def unit(town: Town, id: int) -> Unit:
    return organisation(town).units[id]


def named(town: Town, name: str) -> Unit:
    (found,) = [one for one in organisation(town).units.values() if one.name == name]
    return found


def acts_on(town: Town, words: str, act: str) -> None:
    """The administrator shows a unit and chooses what to do with it."""
    town.says(ADMIN, f"/donvi {words}")
    town.taps(ADMIN, "Khác…")
    town.taps(ADMIN, act)


def moves_everybody(town: Town, words: str, to: str) -> None:
    for one in list(organisation(town).people.values()):
        if one.unit == named(town, words).id:
            town.answers(ADMIN, "/donvi", "Khác…", "Sửa thông tin người", one.name, "Đơn vị", to)
            town.taps(ADMIN, DO_IT)


# Units


def test_an_administrator_adds_a_unit_one_question_at_a_time_and_somebody_to_it(
    town: Town,
) -> None:
    town.says(ADMIN, "/donvi khong co dau")
    town.taps(ADMIN, "Thêm đơn vị")
    town.answers(ADMIN, "UBND  xã Tre Mới", "xã Tre Mới", "Xã, phường, đặc khu", "dang uy vam tre")
    assert "Thêm UBND xã Tre Mới (tên gọn: xã Tre Mới)" in town.last(ADMIN)
    assert len(organisation(town).units) == 21, "nothing is written before it was read back"
    town.taps(ADMIN, DO_IT)
    made = named(town, "UBND xã Tre Mới")
    assert (made.kind, made.reports_to, made.department, made.code) == (
        UnitKind.LOCALITY,
        4,
        2,
        "DV22",
    )
    town.says(ADMIN, "/donvi dv22")
    town.taps(ADMIN, "Thêm người")
    town.answers(ADMIN, "Hồ Thị Ví Von", "Bà", "Văn thư", "0296.000.0011 x", "0296 000 0777")
    assert "Thêm bà Hồ Thị Ví Von, Văn thư, UBND xã Tre Mới" in town.last(ADMIN)
    town.taps(ADMIN, DO_IT)
    (person,) = [one for one in organisation(town).people.values() if one.name == "Hồ Thị Ví Von"]
    assert (person.unit, person.address, person.phone) == (made.id, "bà", "0296 000 0777")
    town.says(ADMIN, "/donvi tre moi")
    assert "Còn thiếu: người đứng đầu" in town.last(ADMIN)


def test_a_renamed_unit_is_found_by_both_names_and_its_head_is_told(town: Town) -> None:
    acts_on(town, "kenh muoi hai", "Đổi tên")
    town.answers(ADMIN, "UBND phường Kênh Mười Hai", "phường Kênh Mười Hai")
    town.taps(ADMIN, DO_IT)
    assert "có tên là UBND phường Kênh Mười Hai" in town.last("Giả Sử")
    assert unit(town, JOINED).former[0].name == "UBND xã Kênh Mười Hai (giả định)"
    town.says(ANYBODY, "/donvi xa kenh muoi hai")
    assert town.last(ANYBODY).splitlines()[0].endswith("Tên cũ: UBND xã Kênh Mười Hai (giả định).")


def test_a_unit_is_moved_under_another_one_but_never_in_a_circle(town: Town) -> None:
    acts_on(town, "truong tieu hoc", "Chuyển cấp trên")
    town.says(ADMIN, "vam tre")
    assert "Có nhiều đơn vị khớp" in town.last(ADMIN)
    town.taps(ADMIN, "Đảng ủy xã Vàm Tre (giả định)")
    town.taps(ADMIN, DO_IT)
    assert unit(town, SCHOOL).reports_to == 4
    head = organisation(town).head(SCHOOL)
    assert head and "đứng dưới Đảng ủy xã Vàm Tre" in town.last(head)
    town.says(ADMIN, "/donvi dang uy xa vam tre")
    town.answers(ADMIN, "Khác…", "Chuyển cấp trên", "truong tieu hoc", DO_IT)
    assert "đi vòng trở lại" in town.last(ADMIN)
    assert unit(town, 4).reports_to == 1


def test_a_unit_is_closed_when_nobody_is_left_in_it_and_stays_readable(town: Town) -> None:
    acts_on(town, "hon sao", "Đóng đơn vị")
    town.taps(ADMIN, DO_IT)
    assert "còn 01 người" in town.last(ADMIN) and "Quách Văn Hình Dung" in town.last(ADMIN)
    town.taps(ADMIN, "Hủy")
    moves_everybody(town, unit(town, ISLAND).name, "vam tre xa ubnd")
    assert organisation(town).held_by(town.id("Hình Dung")) == ()
    assert "UBND xã Vàm Tre" in told(town, "Hình Dung", "answers#person_changed")
    acts_on(town, "hon sao", "Đóng đơn vị")
    town.taps(ADMIN, DO_IT)
    assert unit(town, ISLAND).closed == town.clock.astimezone(town.world.settings.zone).date()
    town.says(ANYBODY, "/donvi hon sao")
    assert "Đã đóng từ ngày 12/10/2026" in town.last(ANYBODY)
    assert "Còn thiếu" not in town.last(ANYBODY)
    town.says(ADMIN, "/trogiup")
    (shown,) = [one.text for one in town.thread(ADMIN) if one.template == "views/units#day_one"]
    assert "/4 xã, phường, đặc khu" in shown, "it is counted no more"


def test_a_unit_with_an_open_incident_is_not_closed(town: Town) -> None:
    opened(town)
    everybody = [one for one in organisation(town).people.values() if one.unit == COMMUNE]
    for one in everybody:
        town.answers(ADMIN, "/donvi", "Khác…", "Sửa thông tin người", one.name, "Đơn vị")
        town.answers(ADMIN, "kenh muoi hai", DO_IT)
    acts_on(town, "ubnd xa vam tre", "Đóng đơn vị")
    town.taps(ADMIN, DO_IT)
    assert "còn phần việc trong một vụ đang mở" in town.last(ADMIN)
    assert unit(town, COMMUNE).closed is None


def told(town: Town, who: str, template: str) -> str:
    """The last thing of this kind that somebody was told."""
    return [one.text for one in town.thread(who) if one.template == template][-1]


def test_a_preview_that_is_stale_writes_nothing(town: Town) -> None:
    second_admin(town)
    acts_on(town, "kenh muoi hai", "Đổi tên")
    town.answers(ADMIN, "UBND xã Mười Hai", "xã Mười Hai")
    town.presses(SECOND, {"open": "rename_unit", "stream": None, "args": {"unit": JOINED}})
    town.answers(SECOND, "UBND phường Kênh Mười Hai", "phường Kênh Mười Hai", DO_IT)
    town.taps(ADMIN, DO_IT)
    assert "vừa được sửa trong lúc đồng chí soạn" in town.last(ADMIN)
    assert unit(town, JOINED).name == "UBND phường Kênh Mười Hai"
    town.taps(ADMIN, "Hủy")
    acts_on(town, "kenh muoi hai", "Đổi tên")
    town.answers(ADMIN, "UBND xã Mười Hai", "xã Mười Hai", DO_IT)
    assert unit(town, JOINED).name == "UBND xã Mười Hai"
    assert [one.name for one in unit(town, JOINED).former] == [
        "UBND xã Kênh Mười Hai (giả định)",
        "UBND phường Kênh Mười Hai",
    ]


def test_a_clerk_and_anybody_else_are_refused_with_who_can(town: Town) -> None:
    for who in (CLERK, ANYBODY):
        for form in ("add_unit", "rename_unit", "move_unit", "merge_unit", "close_unit"):
            town.presses(who, {"open": form, "stream": None, "args": {"unit": COMMUNE}})
            assert "do quản trị thực hiện" in town.last(who)
            assert "Mai Thị Thử Nghiệm" in town.last(who)
    town.presses(ANYBODY, {"view": "unit_acts", "stream": None, "args": {"unit": COMMUNE}})
    assert "do quản trị thực hiện" in town.last(ANYBODY)
    town.presses(CLERK, {"view": "unit_acts", "stream": None, "args": {"unit": COMMUNE}})
    assert town.buttons(CLERK)[0] == [
        "Sửa thông tin người",
        "Xem lịch trực",
        "Thử chuông đơn vị này",
    ]
    town.says(ANYBODY, "/donvi")
    assert town.live(ANYBODY) == [] or "Thêm người" not in str(town.buttons(ANYBODY))


def test_a_clerk_adds_and_changes_people_in_his_unit_alone(town: Town) -> None:
    town.says(CLERK, "/donvi")
    assert town.buttons(CLERK)[0] == ["Thêm người", "Mời cả đơn vị", "Khác…"]
    town.taps(CLERK, "Thêm người")
    taken = organisation(town).people[town.id("Ví Dụ")].phone
    town.answers(CLERK, "Hồ Văn Ví Von", "Ông", "Công chức", taken)
    assert "Số này đang là của đồng chí Nguyễn Văn Ví Dụ" in town.last(CLERK)
    town.answers(CLERK, "0296 000 0777", DO_IT)
    assert organisation(town).people[town.id("Ví Von")].unit == COMMUNE
    town.presses(CLERK, {"open": "add_person", "stream": None, "args": {"unit": JOINED}})
    assert "văn thư thực hiện trong đơn vị mình" in town.last(CLERK)
    town.presses(CLERK, {"open": "change_person", "stream": None, "args": {}})
    town.says(CLERK, "vi von")
    assert "Đơn vị" not in town.buttons(CLERK)[0], "another unit is for an administrator"
    town.answers(CLERK, "Số điện thoại", "0296 000 0778", DO_IT)
    assert "ĐT 0296 000 0778" in told(town, "Ví Von", "answers#person_changed")
    town.presses(CLERK, {"open": "change_person", "stream": None, "args": {}})
    town.answers(CLERK, "nguyen van vi du", "Số điện thoại", "0296 000 0779", DO_IT)
    assert "văn thư thực hiện trong đơn vị mình, trừ người đứng đầu" in town.last(CLERK)
    assert organisation(town).people[town.id("Ví Dụ")].phone == taken


# Invitations


def open_codes(town: Town) -> dict[int, int]:
    """How many codes wait for each person."""

    def work(session: Session) -> dict[int, int]:
        found: dict[int, int] = {}
        for one in session.exec(select(InviteRow)).all():
            found[one.person] = found.get(one.person, 0) + 1
        return found

    return town.world.db.read(work)


def comes_in(town: Town, who: str) -> None:
    town.world.db.write(lambda session: access.sign_in(session, town.id(who), town.clock))


def sheets(town: Town, who: str) -> list[MessageRow]:
    return [one for one in town.thread(who) if one.template == "answers#unit_sheet"]


def page(town: Town, row: MessageRow) -> str:
    (sha256,) = re.findall(r'"sha256":"([0-9a-f]{64})"', row.files)
    return path_of(town.world.settings, sha256).read_text("utf-8")


def test_a_clerk_invites_his_unit_but_not_its_head(town: Town) -> None:
    comes_in(town, CLERK)
    comes_in(town, ANYBODY)
    town.says(CLERK, "/donvi")
    town.taps(CLERK, "Mời cả đơn vị")
    here = {one.id for one in organisation(town).people.values() if one.unit == COMMUNE}
    there = here - {town.id(one) for one in (CLERK, ANYBODY, "Ví Dụ")}
    assert open_codes(town) == dict.fromkeys(there, 1)
    texts = [one.text for one in town.thread(CLERK) if one.template == "answers#invitation"]
    assert len(texts) == len(there) and all("/vao/" in one for one in texts)
    (sheet,) = sheets(town, CLERK)
    assert '"name":"Giấy mời xã Vàm Tre.html"' in sheet.files
    shown = page(town, sheet)
    assert shown.count("<svg") == len(there) and shown.count("<section>") == 1
    assert "Ngô Thị Bản Sao" not in shown and "Đặng Văn Dự Phòng" in shown
    assert "Quản trị mời: Nguyễn Văn Ví Dụ." in town.last(CLERK)
    comes_in(town, "Dự Phòng")
    town.taps(CLERK, "Mời cả đơn vị")
    assert open_codes(town)[town.id("Dự Phòng")] == 1, "only who is still missing is invited again"
    for who in (ANYBODY, "Giả Sử"):
        town.presses(who, {"invite_unit": COMMUNE})
        assert "mời người do quản trị thực hiện" in town.last(who)


def test_an_administrator_invites_all_by_units_and_hears_how_far_it_is(town: Town) -> None:
    comes_in(town, ADMIN)
    town.says(ADMIN, "/trogiup")
    town.taps(ADMIN, "Mời tất cả")
    everybody = {one.id for one in organisation(town).people.values()} - {town.id(ADMIN)}
    assert set(open_codes(town)) == everybody
    made = sheets(town, ADMIN)
    homes = {organisation(town).people[one].unit for one in everybody}
    assert len(made) == len(homes)
    assert sum(page(town, one).count("<svg") for one in made) == len(everybody)
    said = told(town, ADMIN, "answers#all_invited")
    assert f"Đã mời {len(everybody)} người" in said
    assert "3/5 xã, phường, đặc khu" in said and "còn thiếu: " in said
    town.presses(CLERK, {"invite_all": 0})
    assert "do quản trị thực hiện" in town.last(CLERK)


def test_many_are_invited_in_several_goes(town: Town) -> None:
    from bot import invitations

    comes_in(town, ADMIN)
    most, invitations.MOST_AT_ONCE = invitations.MOST_AT_ONCE, 12
    try:
        town.says(ADMIN, "/trogiup")
        town.taps(ADMIN, "Mời tất cả")
        first = set(open_codes(town))
        assert 0 < len(first) <= 12
        rounds = 1
        while "Mời tiếp" in str(town.buttons(ADMIN)):
            town.taps(ADMIN, "Mời tiếp")
            rounds += 1
        assert rounds > 2 and set(open_codes(town).values()) == {1}
        assert len(open_codes(town)) == len(organisation(town).people) - 1
    finally:
        invitations.MOST_AT_ONCE = most


def test_a_unit_that_is_gone_takes_no_role(town: Town) -> None:
    acts_on(town, "kenh muoi hai", "Nhập vào đơn vị khác")
    town.says(ADMIN, "ubnd xa vam tre")
    assert "03 người chuyển sang" in town.last(ADMIN)
    town.taps(ADMIN, DO_IT)
    moved = organisation(town)
    assert moved.units[JOINED].into == COMMUNE
    assert moved.head(JOINED) == town.id("Ví Dụ")
    assert Role.HEAD not in {one.role for one in moved.held_by(town.id("Giả Sử"))}
    assert "nhập vào UBND xã Vàm Tre" in told(town, "Giả Sử", "answers#unit_merged")
    assert "thôi vai trò người đứng đầu" in told(town, "Giả Sử", "answers#role_ended")
    town.says(ADMIN, "/donvi kenh muoi hai")
    assert "Nay là UBND xã Vàm Tre" in town.last(ADMIN)
    assert town.buttons(ADMIN)[0] == ["UBND xã Vàm Tre (giả định)"]
