"""Two communes become one in the middle of an incident (domain.md §3)."""

from dataclasses import replace
from datetime import timedelta

from bot.clock import tick
from procedure import actions as a
from procedure.codec import Prose
from procedure.organisation import Organisation
from procedure.parties import speaker
from procedure.register import table
from procedure.staffing import plan
from procedure.words import Verdict
from storage import people
from tests.listening import acts
from tests.story import opened, received, reported
from tests.town import Town

OLD_HEAD, NEW_HEAD = "Ví Dụ", "Giả Sử"
COMMUNE, JOINED = 3, 15


def organisation(town: Town) -> Organisation:
    """As it is now."""
    return town.world.db.read(people.organisation)


def merges(town: Town) -> None:
    """The register of the day: the commune is gone, its head works as a deputy in the new one."""
    before = organisation(town)
    units, staff = table(before)
    into = before.units[JOINED].key
    home = before.units[COMMUNE].key
    gone = [replace(one, into=into) for one in units if one.code == home]
    moved = [replace(one, unit=into, roles=()) for one in staff if one.unit == home]
    made = plan(before, gone, moved, town.clock.date())
    assert not made.faults
    town.world.db.write(
        lambda session: people.record(session, made.facts, at=town.clock, actor=0, channel="test")
    )


def test_the_head_of_the_new_commune_is_rung_and_sends_the_report_of_the_old_one(
    town: Town,
) -> None:
    opened(town)
    merges(town)
    assert organisation(town).head(COMMUNE) == town.id(NEW_HEAD)
    town.clock += timedelta(minutes=15)
    tick(town.world)
    rung = [row for row in town.thread(NEW_HEAD) if row.template.startswith("rings/")]
    assert rung, "whoever heads the new commune is asked"
    town.skips()
    town.answers(NEW_HEAD, "/viec", "Xem và gửi lên tỉnh", "Gửi")
    sent = town.incident()
    assert sent.submitted_at == town.clock and sent.unit == COMMUNE
    town.skips()
    town.says(OLD_HEAD, "/viec")
    assert "Xem và gửi lên tỉnh" not in town.last(OLD_HEAD)


def test_what_was_sent_before_goes_on_and_nobody_is_left_without_somebody_to_ask(
    town: Town,
) -> None:
    opened(town)
    reported(town)
    received(town)
    town.skips()
    merges(town)
    for _ in range(8):
        town.clock += timedelta(minutes=30)
        tick(town.world)
    told = [row for row in town.thread(NEW_HEAD) if row.template.startswith("rings/")]
    assert told, "the new head is rung for what the old one owed"
    town.holds()


# In chat, in the middle of VV-03: a rumour of a broken dike in the commune Kênh Mười Hai.

CLERK, HEAD, HEIR, ADMIN = "Tham Chiếu", "Giả Sử", "Ví Dụ", "Thử Nghiệm"
RUMOUR = "tren mang noi de kenh muoi hai da vo, nguoi dan lo lang"


def joins(town: Town) -> None:
    """The administrator merges the commune of the rumour into the other one."""
    town.says(ADMIN, "/donvi ubnd xa kenh muoi hai")
    town.answers(ADMIN, "Khác…", "Nhập vào đơn vị khác", "ubnd xa vam tre", "Đúng, ghi lại")
    assert organisation(town).standing(JOINED) == COMMUNE


def rumoured(town: Town) -> None:
    """The clerk of the commune reports it."""
    town.answers(CLERK, RUMOUR, "Báo vụ việc mới", "Chưa ghi nhận")
    assert town.incident().unit == JOINED and town.incident().claims


def test_a_rumour_goes_on_when_its_commune_is_merged_in_chat(town: Town) -> None:
    rumoured(town)
    joins(town)
    town.skips()
    town.forward(hours=5)
    rung = [row for row in town.thread(HEIR) if row.template.startswith("rings/owner")]
    assert rung, "what the old head owed is asked of the head of the commune that lives on"
    assert not [row for row in town.thread(HEAD) if row.template.startswith("rings/owner")]
    town.skips()
    town.answers(HEIR, "/viec", "Xem và gửi lên tỉnh")
    assert "xã Kênh Mười Hai" in town.last(HEIR), "it is reported under the old name"
    town.answers(HEIR, "Gửi", "Đ/c Tham Chiếu")
    assert town.incident().submitted_at and town.incident().unit == JOINED
    town.taps("Thử", "Tiếp nhận")
    checked = a.CheckClaim(claim=1, verdict=Verdict.FALSE, evidence=Prose("Đê an toàn, clip cũ."))
    acts(town, CLERK, checked)
    acts(town, CLERK, a.ReportVerification(order=1, result=Prose("Tuyến đê an toàn.")))
    assert town.incident().claims[0].verdict is Verdict.FALSE
    for who in (CLERK, HEAD, "Thí Dụ", "Thử"):
        town.says(who, "/vuviec VV-2026-001")
        assert "Phát ngôn: đồng chí Nguyễn Văn Ví Dụ" in town.last(who), "all of them read on"
    town.presses("Thử", {"view": "report", "stream": town.incident().stream, "args": {}})
    assert "Ở đâu: đê Kênh Mười Hai, xã Kênh Mười Hai" in town.last("Thử")
    town.says("Thử", "/donvi kenh muoi hai")
    assert "UBND xã Kênh Mười Hai (giả định)" in town.last("Thử")
    assert "Nay là UBND xã Vàm Tre" in town.last("Thử")
    town.holds()


def test_after_the_merger_one_speaks_and_whoever_moved_adds_to_the_file(town: Town) -> None:
    rumoured(town)
    assert speaker(town.incident(), organisation(town)) == town.id(HEAD)
    joins(town)
    assert speaker(town.incident(), organisation(town)) == town.id(HEIR)
    town.answers("Thí Dụ", "de kenh muoi hai bi vo, tren mang dang noi vay", "Báo vụ việc mới")
    assert "Cùng vụ VV-2026-001" in str(town.buttons("Thí Dụ")), "it is his own unit's now"
    town.says("Thí Dụ", "hủy")
    town.forward(hours=6)
    told = [row for row in town.thread(HEIR) if row.template.startswith("rings/")]
    assert len(told) > 1, "it is asked until it is met"
    town.holds()


def test_a_propaganda_department_that_is_merged_goes_on_with_what_it_had(town: Town) -> None:
    opened(town)
    reported(town)
    town.says(ADMIN, "/donvi khong co")
    town.answers(ADMIN, "Thêm đơn vị", "Ban Tuyên giáo, Dân vận và Báo chí", "Ban mới")
    town.answers(ADMIN, "Cơ quan tuyên giáo", "thuong truc tinh uy", "Đúng, ghi lại")
    town.says(ADMIN, "/donvi ban tuyen giao va dan van tinh uy")
    town.answers(ADMIN, "Khác…", "Nhập vào đơn vị khác", "ban moi", "Đúng, ghi lại")
    heir = organisation(town).standing(2)
    assert heir == 22
    received(town)
    town.says("Thử", "/vuviec VV-2026-001")
    assert "Việc đang ở: Ban mới, đồng chí Lê Văn Thử" in town.last("Thử")
    town.answers(CLERK, RUMOUR, "Báo vụ việc mới", "Chưa ghi nhận")
    assert town.newest().department == heir, "what comes next goes to the heir"
    town.holds()


def test_a_duty_of_a_post_that_nobody_holds_comes_to_whoever_is_above_in_words(town: Town) -> None:
    """A unit may lose its last head: whoever watches over the file hears what is wanted."""
    opened(town)
    own, joined, deputy = OLD_HEAD, "Minh Họa", "Dự Phòng"
    for who, role in ((own, "người đứng đầu"), (joined, "người đứng đầu"), (deputy, "cấp phó")):
        town.answers(ADMIN, "/vaitro", who, f"Thôi: {role}", "Đúng, ghi lại")
    assert organisation(town).head(COMMUNE) is None
    town.forward(hours=2)
    told = [row.text for row in town.thread("Thử") if row.template == "rings/call#nobody"]
    assert told and "chưa có người phụ trách" in told[0] and "UBND xã Vàm Tre" in told[0]
    town.holds()
