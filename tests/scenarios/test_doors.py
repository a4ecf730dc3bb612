"""A link for somebody, a lost phone, and whom to call."""

from sqlmodel import select

from procedure.entries_organisation import RoleGiven
from procedure.organisation import Person
from procedure.words import Role
from storage import access, people
from storage.database import Session
from storage.tables import InviteRow, SessionRow
from tests.town import Town

ADMIN = "Thử Nghiệm"


def goes_through(town: Town, command: str, who: str) -> None:
    """The administrator names one person and says yes."""
    town.says(ADMIN, command)
    town.says(ADMIN, who)
    town.taps(ADMIN, "Đúng, ghi lại")


def open_doors(town: Town, who: str) -> tuple[int, int]:
    """His sessions and his unspent codes."""
    person = town.id(who)

    def work(session: Session) -> tuple[int, int]:
        sessions = session.exec(select(SessionRow).where(SessionRow.person == person)).all()
        codes = session.exec(select(InviteRow).where(InviteRow.person == person)).all()
        standing = [one for one in sessions if one.ended_at is None]
        return len(standing), len([one for one in codes if one.spent_at is None])

    return town.world.db.read(work)


def test_an_administrator_makes_a_link_in_chat_and_it_lets_in_once(town: Town) -> None:
    goes_through(town, "/moi", "vi du")
    town.hears(ADMIN, "answers#link_granted")
    assert "ai mở trước" in town.last(ADMIN).lower()
    assert open_doors(town, "Ví Dụ") == (0, 1)


def test_a_lost_phone_is_one_command_and_shuts_every_door(town: Town) -> None:
    goes_through(town, "/moi", "vi du")
    town.world.db.write(lambda session: access.sign_in(session, town.id("Ví Dụ"), town.clock))
    assert open_doors(town, "Ví Dụ") == (1, 1)
    goes_through(town, "/matmay", "vi du")
    assert "Đã ngắt" in town.last(ADMIN)
    assert open_doors(town, "Ví Dụ") == (0, 0)
    held = town.world.db.read(people.organisation).held_by(town.id("Ví Dụ"))
    assert Role.HEAD in {one.role for one in held}, "his roles stay"


def test_nobody_else_makes_links_or_shuts_doors(town: Town) -> None:
    for command in ("/moi", "/matmay"):
        town.says("Thí Dụ", command)
        assert "do quản trị thực hiện" in town.last("Thí Dụ")


def test_the_directory_finds_by_a_part_of_a_name_or_a_unit_without_marks(town: Town) -> None:
    organisation = town.world.db.read(people.organisation)
    wanted: Person = organisation.people[town.id("Ví Dụ")]
    town.says("Thí Dụ", "/danhba vi du")
    assert wanted.name in town.last("Thí Dụ") and wanted.phone in town.last("Thí Dụ")
    town.says("Thí Dụ", "/danhba")
    assert wanted.name in town.last("Thí Dụ"), "the head of his own unit"
    town.says("Thí Dụ", "/danhba khong co ai")
    assert "chưa có ai khớp" in town.last("Thí Dụ")


def test_a_unit_is_shown_with_whom_it_has_and_whom_it_lacks(town: Town) -> None:
    town.says("Thí Dụ", "/donvi")
    shown = town.last("Thí Dụ")
    assert "xã Vàm Tre" in shown and "Người đứng đầu: Nguyễn Văn Ví Dụ" in shown
    town.says("Thí Dụ", "/donvi hon sao")
    assert "đặc khu Hòn Sao" in town.last("Thí Dụ") and "Còn thiếu:" in town.last("Thí Dụ")
    town.says("Thí Dụ", "/donvi xa")
    assert "đơn vị khớp" in town.last("Thí Dụ")
    town.says("Thí Dụ", "/donvi khong co")
    assert "Chưa có đơn vị nào" in town.last("Thí Dụ")


def test_an_administrator_s_help_tells_the_order_of_day_one_and_how_far_it_has_come(
    town: Town,
) -> None:
    town.says(ADMIN, "/trogiup")
    (shown,) = [row.text for row in town.thread(ADMIN) if row.template == "views/units#day_one"]
    assert "/vaitro" in shown and "3/5 xã, phường, đặc khu" in shown
    town.says("Thí Dụ", "/trogiup")
    assert "views/units#day_one" not in [row.template for row in town.thread("Thí Dụ")]


def test_a_link_for_whoever_holds_what_is_guarded_is_told_to_him_and_the_others(
    town: Town,
) -> None:
    second = RoleGiven(person=town.id("Phác Họa"), role=Role.ADMIN, unit=5)
    town.world.db.write(
        lambda session: people.record(session, [second], at=town.clock, actor=0, channel="test")
    )
    town.skips()
    goes_through(town, "/moi", "tuong trung")
    told = town.hears("Phác Họa", "answers#guarded_link", "Phan Văn Tượng Trưng")
    assert town.labels(told) == ["Ngắt ngay"]
    town.hears("Tượng Trưng", "answers#guarded_link", "Mai Thị Thử Nghiệm vừa tạo")
    town.hears(ADMIN, "forms/invite#finished")
    goes_through(town, "/moi", "vi du")
    assert not [row for row in town.unheard() if row.template == "answers#guarded_link"]


def test_the_administrator_s_lost_phone_is_shut_out_by_the_other_one(town: Town) -> None:
    other = "Phác Họa"
    second = RoleGiven(person=town.id(other), role=Role.ADMIN, unit=5)
    town.world.db.write(
        lambda session: people.record(session, [second], at=town.clock, actor=0, channel="test")
    )
    town.world.db.write(lambda session: access.sign_in(session, town.id(ADMIN), town.clock))
    town.answers(ADMIN, "/vaitro", "vi du", "Giao: văn thư")
    town.answers(other, "/matmay", "thu nghiem", "Đúng, ghi lại")
    assert open_doors(town, ADMIN) == (0, 0)
    held = town.world.db.read(people.organisation)
    assert town.id(ADMIN) in held.admins, "his role stays; a new link lets him in again"
    town.answers(other, "/moi", "thu nghiem", "Đúng, ghi lại")
    assert open_doors(town, ADMIN) == (0, 1)


def test_a_link_comes_with_a_picture_that_a_phone_can_scan(town: Town) -> None:
    goes_through(town, "/moi", "vi du")
    told = town.hears(ADMIN, "answers#link_granted")
    assert '"media_type":"image/png"' in told.files and "Mã mời Ví Dụ.png" in told.files
