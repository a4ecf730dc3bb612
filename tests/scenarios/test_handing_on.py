"""Two verifiers, one late: he alone is rung, asks for help, hands it on (duty row 16)."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from bot.stage import Stage as Turn
from procedure import actions as a
from procedure.codec import Prose
from procedure.errors import Outdated
from tests.fixtures import Stage
from tests.handlers.form_cases import TownAt, asking, begin
from tests.listening import acts, heard, minute, told
from tests.story import until_ordered
from tests.town import Town, local

CLERK, HEAD, DEPUTY = "Thí Dụ", "Ví Dụ", "Dự Phòng"
OFFICER, LEADER = "Thử", "Mẫu"
EXPERT, HIS_HEAD = "Phác Họa", "Giả Thiết"
BUILDER, BUILDERS_HEAD = "Thí Điểm", "Mô Hình"


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Sent up at 08:00; at 09:00 two people of two agencies are to verify until 13:00."""
    folder = tmp_path_factory.mktemp("handing") / "town"
    town = Town(folder, start=local("12/10 08:00"))
    until_ordered(town, people=(8, 7), units=(5, 6), what="Chiều dài sạt lở")
    stage = Stage(folder, town.clock, town.incident())
    town.close()
    return stage


def of_verification(town: Town) -> set[tuple[str, str]]:
    """Who heard what about the two orders since the last `skips`."""
    lines = set()
    for row in town.unheard():
        if any(key.startswith(("O5:", "O1:order:")) for _, key in json.loads(row.duties)):
            people = town.world.db.read(town.world.organisation).people
            lines.add((people[row.person].short, row.template))
    return lines


@pytest.mark.duty("T16")
def test_each_receives_apart_and_the_late_one_climbs_asks_and_hands_on_alone(
    ordered: Town,
) -> None:
    town = ordered
    town.taps(EXPERT, "Đã nhận")
    town.skips()
    town.at("12/10 09:54")
    assert of_verification(town) == {
        (BUILDER, "rings/owner#receipt"),
        (BUILDERS_HEAD, "rings/call#call"),
    }, "only the one who has not answered, and his own head for him"
    town.answers(EXPERT, "/viec", "Nhập kết quả", "Sạt lở dài 38 m", "Tôi xác nhận")
    town.skips()
    # the late one asks for help; nothing stops
    town.taps(BUILDER, "Cần hỗ trợ")
    town.answers(BUILDER, "Thiếu người, số liệu", "Chưa có máy đo")
    for who in (BUILDERS_HEAD, OFFICER):
        town.hears(who, "notices/help_asked", "Chưa có máy đo", "hạn 13:00")
    town.skips()
    town.at("12/10 13:00")
    assert (BUILDER, "rings/owner#verification") in of_verification(town)
    assert {who for who, _ in of_verification(town)} <= {BUILDER, BUILDERS_HEAD}
    # he asks the expert, who takes it
    town.says(BUILDER, "/viec")
    town.taps(BUILDER, "Chuyển người khác")
    town.answers(BUILDER, "phac hoa")
    town.skips()
    town.at("12/10 13:20")
    heard_now = of_verification(town)
    assert {(BUILDER, "rings/owner#verification"), (BUILDERS_HEAD, "rings/call#call")} <= heard_now
    town.skips()
    town.taps(EXPERT, "Nhận")
    town.hears(EXPERT, "acts#AcceptOffer", "việc này của đồng chí, hạn 13:00")
    for who in (BUILDER, HEAD, OFFICER):
        town.hears(who, "notices/handed_on", "đồng chí Đoàn Văn Phác Họa")
    town.is_quiet()
    assert not [row for row in town.live(BUILDER) if row.template.startswith("rings/")]
    town.at("12/10 14:20")
    assert BUILDER not in {who for who, _ in of_verification(town)}
    assert (EXPERT, "rings/owner#verification") in of_verification(town)
    town.answers(EXPERT, "Nhập kết quả", "Rộng 4 m", "Tôi xác nhận")
    assert town.incident().orders[2].reported_at == town.clock
    town.holds()


def test_he_who_does_not_take_it_may_say_why_and_the_owner_asks_another(ordered: Town) -> None:
    town = ordered
    town.says(BUILDER, "/viec")
    town.taps(BUILDER, "Chuyển người khác")
    town.answers(BUILDER, "mo hinh")
    town.skips()
    town.taps(BUILDERS_HEAD, "Không nhận")
    town.says(BUILDERS_HEAD, "Đang họp ở tỉnh")
    town.hears(BUILDERS_HEAD, "forms/decline_offer#reason")
    town.hears(BUILDERS_HEAD, "forms/decline_offer#finished")
    town.hears(BUILDER, "notices/offer_declined", "lý do: Đang họp ở tỉnh", "hạn 13:00")
    town.is_quiet()
    town.taps(BUILDER, "Chuyển người khác", on="chưa nhận")
    town.answers(BUILDER, "phac hoa")
    town.taps(BUILDER, "Rút lại lời nhờ")
    town.hears(EXPERT, "notices/offer_withdrawn")
    assert not town.incident().offers and town.incident().orders[2].person == town.id(BUILDER)
    assert not [one for one in town.buttons(EXPERT) if "Nhận" in one]


def test_the_reason_may_be_left_out(ordered: Town) -> None:
    town = ordered
    acts(town, BUILDER, a.OfferTask(duty="O5:3", to=town.id(BUILDERS_HEAD)))
    town.answers(BUILDERS_HEAD, "Không nhận", "Bỏ qua")
    town.hears(BUILDER, "notices/offer_declined")


def test_an_offer_loses_its_buttons_when_the_work_is_done(ordered: Town) -> None:
    town = ordered
    acts(town, BUILDER, a.OfferTask(duty="O5:3", to=town.id(BUILDERS_HEAD)))
    assert ["Nhận", "Không nhận"] in town.buttons(BUILDERS_HEAD)
    acts(town, BUILDER, a.ReportVerification(order=3, result=Prose("Rộng 4 m.")))
    assert ["Nhận", "Không nhận"] not in town.buttons(BUILDERS_HEAD)


def test_a_task_is_handed_on_from_the_list_of_tasks(ordered: Town) -> None:
    town = ordered
    set_task = a.SetTask(what=Prose("Cắm biển"), owner=7, due=local("12/10 17:00"))
    acts(town, OFFICER, set_task)
    town.says(BUILDER, "/nhiemvu")
    town.taps(BUILDER, "Chuyển việc 1 cho người khác")
    town.answers(BUILDER, "phac hoa")
    town.hears(EXPERT, "notices/task_offered", "Cắm biển", "hạn 17:00")
    town.taps(EXPERT, "Nhận")
    assert town.incident().tasks[0].owner == town.id(EXPERT)
    town.hears(OFFICER, "notices/handed_on", "hạn vẫn là 17:00")
    town.skips()
    town.taps(EXPERT, "Đã xong")
    town.says(EXPERT, "Đã cắm 04 biển")
    assert town.incident().tasks[0].done_at == town.clock


# Two hands at the same second


def at_once(town: Town, *tries: tuple[str, a.Action]) -> list[Exception | None]:
    """Each in a thread of its own, all let go together, through the one writer."""
    gate, found = threading.Barrier(len(tries)), dict[int, Exception | None]()
    stream = town.incident().stream

    def run(n: int, who: int, action: a.Action) -> None:
        def work(session: Session) -> None:
            Turn(town.world, session, town.world.now(), "web").perform(stream, who, action)

        gate.wait()
        try:
            town.world.db.write(work)
            found[n] = None
        except Outdated as refused:
            found[n] = refused

    people = [(town.id(who), action) for who, action in tries]
    threads = [
        threading.Thread(target=run, args=(n, who, action))
        for n, (who, action) in enumerate(people)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return [found[n] for n in range(len(tries))]


WHY: dict[str, Any] = {"by_authority": Prose("Kết luận họp"), "reason": Prose("Bận đi hiện trường")}
Assign = Callable[[int, int], a.Action]
ASSIGN: dict[str, Assign] = {
    "spokesperson": lambda to, seen: a.AssignSpokesperson(person=to, expected=seen, **WHY),
    "focal_point": lambda to, seen: a.AssignFocalPoint(person=to, expected=seen, **WHY),
}


@pytest.mark.duty("T32")
@pytest.mark.parametrize("post", ASSIGN)
def test_of_two_hand_overs_in_the_same_second_one_wins_and_the_other_hears_why(
    post: str, town_at: TownAt
) -> None:
    town = town_at("concluded")
    held = getattr(town.incident(), post).person
    names = [town.id(DEPUTY), town.id("Minh Họa")]
    found = at_once(
        town,
        (LEADER, ASSIGN[post](names[0], held)),
        (OFFICER, ASSIGN[post](names[1], held)),
    )
    assert sorted(one is None for one in found) == [False, True]
    won = found.index(None)
    now = getattr(town.incident(), post)
    assert now.person == names[won]
    lost = next(one for one in found if isinstance(one, Outdated))
    assert lost.key == f"{post}_moved"
    by = town.id((LEADER, OFFICER)[won])
    assert lost.facts == {"person": now.person, "by": by, "at": now.at}
    kind = {"spokesperson": "SpokespersonAssigned", "focal_point": "FocalPointAssigned"}[post]
    assert [entry.kind for entry in town.journal()].count(kind) == 2, "the conclusion's and one"
    town.holds()


@pytest.mark.parametrize(
    ("form", "post", "first"),
    [
        ("assign_spokesperson", "spokesperson", "du phong"),
        ("assign_focal_point", "focal_point", "phac hoa"),
    ],
)
def test_an_open_form_that_has_lost_says_so_at_its_next_step_and_begins_afresh(
    form: str, post: str, first: str, town_at: TownAt
) -> None:
    town = town_at("concluded")
    held = getattr(town.incident(), post).person
    begin(town, OFFICER, form)
    town.answers(OFFICER, first, "Theo kết luận họp")
    acts(town, LEADER, ASSIGN[post](town.id("Minh Họa"), held))
    town.skips()
    town.says(OFFICER, "Đồng chí bận họp")
    town.hears(OFFICER, f"refusals#{post}_moved", "Minh Họa", "do đồng chí Trần Thị Mẫu", "07:46")
    town.is_quiet()
    assert getattr(town.incident(), post).person == town.id("Minh Họa")
    town.taps(OFFICER, "Phân công lại")
    assert asking(town, OFFICER) == f"{form}#person"
    town.answers(OFFICER, first, "Theo kết luận họp", "Đồng chí bận họp", "Xác nhận phân công")
    assert getattr(town.incident(), post).person == town.id(first.title())
    assert asking(town, OFFICER) == "", "the old form does not come back"


def test_a_form_that_has_lost_at_its_preview_sends_nothing(town_at: TownAt) -> None:
    town = town_at("concluded")
    begin(town, OFFICER, "assign_spokesperson")
    town.answers(OFFICER, "du phong", "Theo kết luận họp", "Đồng chí bận họp")
    acts(town, LEADER, ASSIGN["spokesperson"](town.id("Minh Họa"), town.id(HEAD)))
    town.skips()
    town.taps(OFFICER, "Xác nhận phân công")
    town.hears(OFFICER, "refusals#spokesperson_moved", "Minh Họa")
    town.is_quiet()


def test_the_former_speaker_sees_why_and_does_not_take_it_back(town_at: TownAt) -> None:
    town = town_at("approved")
    acts(town, LEADER, ASSIGN["spokesperson"](town.id(DEPUTY), town.id(HEAD)))
    town.hears(HEAD, "notices/spokesperson_replaced", "thay đồng chí", "Bận đi hiện trường")
    assert town.incident().approved_statement is None, "the old text is locked"
    town.skips()
    town.taps(HEAD, "Đã phát ngôn")
    town.hears(HEAD, "refusals#speech_handed_over", "Dự Phòng", "Bận đi hiện trường")
    town.is_quiet()
    town.says(HEAD, "/phatngon")
    assert "phát ngôn thay đồng chí" in town.last(HEAD)
    assert minute(town.incident().spokesperson.at)  # type: ignore[union-attr]
    assert heard(town) and not told(town, DEPUTY, "refusals")
