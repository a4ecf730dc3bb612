"""An administrator gives and ends roles in chat; what is guarded waits for a second one."""

from procedure.entries_organisation import RoleGiven
from procedure.words import Role
from storage import people
from tests.story import opened
from tests.town import Town

ADMIN, SECOND = "Thử Nghiệm", "Phác Họa"


def roles(town: Town, who: str) -> set[Role]:
    """What he holds."""
    organisation = town.world.db.read(people.organisation)
    return {one.role for one in organisation.held_by(town.id(who))}


def gives(town: Town, who: str, label: str) -> None:
    """The administrator goes through the form."""
    town.says(ADMIN, "/vaitro")
    town.says(ADMIN, who)
    town.taps(ADMIN, label)
    if label.startswith("Giao"):
        town.taps(ADMIN, "Bỏ qua")
    town.taps(ADMIN, "Đúng, ghi lại")


def second_admin(town: Town) -> None:
    """There is a second administrator already."""
    unit = town.world.db.read(people.organisation).people[town.id(SECOND)].unit
    given = RoleGiven(person=town.id(SECOND), role=Role.ADMIN, unit=unit)
    town.world.db.write(
        lambda session: people.record(session, [given], at=town.clock, actor=0, channel="test")
    )


def test_a_role_is_given_and_ended_and_its_holder_is_told(town: Town) -> None:
    gives(town, "vi du", "Giao: văn thư")
    assert Role.OFFICE in roles(town, "Ví Dụ")
    assert "văn thư" in town.last("Ví Dụ") and "Đã ghi" in town.last(ADMIN)
    gives(town, "vi du", "Thôi: văn thư")
    assert Role.OFFICE not in roles(town, "Ví Dụ")
    assert "thôi vai trò văn thư" in town.last("Ví Dụ")


def test_a_new_head_needs_the_post_to_be_free(town: Town) -> None:
    gives(town, "thi du", "Giao: người đứng đầu")
    assert "đang có người đứng đầu" in town.last(ADMIN)
    assert Role.HEAD not in roles(town, "Thí Dụ")


def test_nobody_else_gives_roles_and_learns_who_does(town: Town) -> None:
    town.says("Thí Dụ", "/vaitro")
    assert "do quản trị thực hiện" in town.last("Thí Dụ")
    assert "Mai Thị Thử Nghiệm" in town.last("Thí Dụ")


def test_an_administrator_s_role_waits_for_a_second_one(town: Town) -> None:
    second_admin(town)
    gives(town, "vi du", "Giao: quản trị")
    assert Role.ADMIN not in roles(town, "Ví Dụ")
    assert "đề nghị giao vai trò quản trị" in town.last(SECOND)
    do = {"person": town.id("Ví Dụ"), "role": "admin", "unit": unit_of(town, "Ví Dụ")}
    town.presses(ADMIN, {"staff": "ConfirmRole", "data": do})
    assert "một quản trị khác xác nhận" in town.last(ADMIN)
    assert Role.ADMIN not in roles(town, "Ví Dụ")
    town.taps(SECOND, "Xác nhận")
    assert Role.ADMIN in roles(town, "Ví Dụ")
    assert "Đã xác nhận" in town.last(SECOND) and "vai trò quản trị" in town.last("Ví Dụ")


def test_a_second_one_who_does_not_agree_ends_the_proposal(town: Town) -> None:
    second_admin(town)
    gives(town, "vi du", "Giao: quản trị")
    town.taps(SECOND, "Không đồng ý")
    assert Role.ADMIN not in roles(town, "Ví Dụ")
    assert town.world.db.read(people.proposed) == []
    gives(town, "vi du", "Giao: quản trị")
    assert len(town.world.db.read(people.proposed)) == 1


def test_a_role_that_ends_in_the_middle_of_his_open_form_is_refused_at_its_next_word(
    town: Town,
) -> None:
    opened(town)
    town.says(ADMIN, "/vaitro")
    town.says(ADMIN, "vi du")
    second_admin(town)
    mine = {"person": town.id(ADMIN), "role": "admin", "unit": unit_of(town, ADMIN)}
    town.presses(SECOND, {"staff": "ConfirmRole", "data": mine})
    town.says(SECOND, "/vaitro")
    town.says(SECOND, "thu nghiem")
    town.taps(SECOND, "Thôi: quản trị")
    town.taps(SECOND, "Đúng, ghi lại")
    assert Role.ADMIN not in roles(town, ADMIN)
    town.taps(ADMIN, "Giao: văn thư")
    assert "do quản trị thực hiện" in town.last(ADMIN)
    assert Role.OFFICE not in roles(town, "Ví Dụ")


def unit_of(town: Town, who: str) -> int:
    """Where he works."""
    return town.world.db.read(people.organisation).people[town.id(who)].unit
