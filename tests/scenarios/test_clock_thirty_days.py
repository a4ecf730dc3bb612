"""An ignored incident, followed for thirty days against times written by hand.

Every table below was worked out on paper from `bot/data/policy.toml`: the allowance of the
duty, the shares before its due, every 20 minutes six times after it, the levels at +20, +40,
+60 and +90 (a level that reaches nobody new gives its moment to the next), then doubling gaps
up to four hours. A moment that rings nobody keeps its number, so numbers may skip.

All of them look at no page: rings are sent and never shown.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.entries_organisation import RoleEnded, RoleGiven
from procedure.words import Role, Severity
from storage import incidents, people
from tests.listening import LOUD, SILENT, Line, Rung, acts, heard, jumps, minute, passes, rungs
from tests.story import briefed, concluded, directed, invited, opened, received, reported, spoken
from tests.town import Town, local

HEAD, DEPUTY, WATCH = "Ví Dụ", "Dự Phòng", "Mô Phỏng"
OFFICER, LEADER, NEXT = "Thử", "Mẫu", "Phác Họa"

#: local minute, number of the rung, highest level
Short = tuple[str, int, str | None]


def climbs(town: Town, key: str) -> list[Short]:
    """The rungs of one duty without the owner's part, which may have been told ahead."""
    return [one[:3] for one in rungs(town, key) if one[2] != "ahead"]


def next_ring(town: Town) -> str:
    return minute(town.world.db.read(incidents.next_ring))


RECEIPT: list[Short] = [
    ("12/10 02:52", 0, None),
    ("12/10 03:12", 1, "office"),
    ("12/10 03:32", 2, "duty_officer"),
    ("12/10 03:52", 3, "leader"),
    ("12/10 04:12", 4, None),
    # 04:22, an hour and a half over: all have been reached
    ("12/10 04:32", 6, None),
    ("12/10 04:52", 7, None),
    ("12/10 05:32", 8, "leader"),
    ("12/10 06:52", 9, "leader"),
    ("12/10 09:32", 10, "leader"),
    ("12/10 13:32", 11, "leader"),
    ("12/10 17:32", 12, "leader"),
    ("12/10 21:32", 13, "leader"),
    ("13/10 01:32", 14, "leader"),
]
QUICK_REPORT: list[Short] = [
    ("12/10 03:05", 0, None),
    ("12/10 03:23", 1, None),
    ("12/10 03:35", 2, None),
    ("12/10 03:55", 3, "office"),
    ("12/10 04:15", 4, "duty_officer"),
    ("12/10 04:35", 5, "leader"),
    ("12/10 04:55", 6, None),
    ("12/10 05:15", 8, None),
    ("12/10 05:35", 9, None),
    ("12/10 06:15", 10, "leader"),
    ("12/10 07:35", 11, "leader"),
    ("12/10 10:15", 12, "leader"),
    ("12/10 14:15", 13, "leader"),
    ("12/10 18:15", 14, "leader"),
    ("12/10 22:15", 15, "leader"),
    ("13/10 02:15", 16, "leader"),
]
#: occurred 02:30, so 24 hours end on 13/10 at 02:30; 12, 6, 2 hours and 30 minutes before
LEGAL: list[Short] = [
    ("12/10 14:30", 0, "duty_officer"),
    ("12/10 20:30", 1, "duty_officer"),
    ("13/10 00:30", 2, "leader"),
    ("13/10 02:00", 3, "duty_officer"),
    ("13/10 02:30", 4, "duty_officer"),
    ("13/10 02:40", 5, "leader"),
    ("13/10 03:00", 6, "leader"),
    ("13/10 03:40", 7, "leader"),
    ("13/10 04:40", 8, "leader"),
    ("13/10 05:40", 9, "leader"),
]


def test_a_report_that_nobody_answers_from_0235_on(town: Town) -> None:
    town.says("Thí Dụ", "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi")
    town.taps("Thí Dụ", "Báo vụ việc mới")
    town.at("12/10 02:37")
    town.answers("Thí Dụ", "Chưa ghi nhận", "2h30", "2h35")
    town.at("13/10 05:40")
    assert climbs(town, "O1:open") == [*RECEIPT, ("13/10 05:32", 15, "leader")]
    assert climbs(town, "O2") == QUICK_REPORT
    assert climbs(town, "O14") == LEGAL
    people = {one[0]: one[3] for one in rungs(town, "O14") if one[2] != "ahead"}
    assert people["12/10 20:30"] == (HEAD, DEPUTY, WATCH, OFFICER)
    assert people["13/10 00:30"] == (HEAD, OFFICER, LEADER)


#: the statement was spoken on 12/10 at 10:00, so the report is due at 16:00
FIRST_DAY: list[Rung] = [
    ("12/10 13:00", 0, None, (HEAD,)),
    # no page of his has shown the ring of 13:00, so somebody is asked to call him
    ("12/10 14:48", 1, None, (HEAD, DEPUTY, WATCH)),
    ("12/10 16:00", 2, None, (HEAD,)),
    ("12/10 16:20", 3, "office", (HEAD, DEPUTY, WATCH)),
    # he heads his unit: the head's moment goes to the duty officer, his to the leader
    ("12/10 16:40", 4, "duty_officer", (HEAD, OFFICER)),
    ("12/10 17:00", 5, "leader", (HEAD, LEADER)),
    ("12/10 17:20", 6, None, (HEAD,)),
    ("12/10 17:40", 8, None, (HEAD,)),
    ("12/10 18:00", 9, None, (HEAD,)),
    ("12/10 18:40", 10, "leader", (HEAD, LEADER)),
    ("12/10 20:00", 11, "leader", (HEAD, LEADER)),
    ("12/10 22:40", 12, "leader", (HEAD, LEADER)),
]
EVERY_DAY = ("02:40", "06:40", "10:40", "14:40", "18:40", "22:40")


def day(date: str, first: int, owner: str, times: tuple[str, ...] = EVERY_DAY) -> list[Rung]:
    """A day of the tail: owner and leader at each of these times."""
    return [(f"{date} {at}", first + n, "leader", (owner, LEADER)) for n, at in enumerate(times)]


def days(month: int, dates: range, first: int, owner: str) -> list[Rung]:
    """Whole days of the tail, six rungs each."""
    found: list[Rung] = []
    for n, date in enumerate(dates):
        found += day(f"{date:02d}/{month}", first + 6 * n, owner)
    return found


OUTAGE: list[Rung] = [
    # down from 02:00 to 08:00: of 02:40 and 06:40 only the later is rung, when it is up again
    ("15/10 08:00", 26, "leader", (HEAD, LEADER)),
    ("15/10 10:40", 27, "leader", (HEAD, LEADER)),
    ("15/10 14:40", 28, "leader", (HEAD, LEADER)),
    ("15/10 18:40", 29, "leader", (HEAD, LEADER)),
    ("15/10 22:40", 30, "leader", (HEAD, LEADER)),
]
HAND_OVER: list[Rung] = [
    ("22/10 02:40", 67, "leader", (HEAD, LEADER)),
    ("22/10 06:40", 68, "leader", (HEAD, LEADER)),
    # handed over at 09:00
    ("22/10 10:40", 69, "leader", (NEXT, LEADER)),
    ("22/10 14:40", 70, "leader", (NEXT, LEADER)),
    ("22/10 18:40", 71, "leader", (NEXT, LEADER)),
    ("22/10 22:40", 72, "leader", (NEXT, LEADER)),
]
THIRTY_DAYS: list[Rung] = [
    *FIRST_DAY,
    *days(10, range(13, 15), 13, HEAD),
    *OUTAGE,
    *days(10, range(16, 22), 31, HEAD),
    *HAND_OVER,
    *days(10, range(23, 32), 73, NEXT),
    *days(11, range(1, 11), 127, NEXT),
    ("11/11 02:40", 187, "leader", (NEXT, LEADER)),
    ("11/11 06:40", 188, "leader", (NEXT, LEADER)),
]


def a_day_of_the_tail() -> list[Line]:
    """What everybody hears from 13/10 06:00 to 14/10 05:00: every four hours, owner and leader."""
    owner, card, night = "rings/owner#result_report", "rings/call#call", "rings/call#night"
    lines: list[Line] = []
    for at in ("13/10 06:40", "13/10 10:40", "13/10 14:40", "13/10 18:40"):
        lines += [(at, HEAD, owner, LOUD), (at, LEADER, card, LOUD)]
    for at in ("13/10 22:40", "14/10 02:40"):
        # Step 1 is done: by night the person on duty is rung in his place
        lines += [(at, HEAD, owner, SILENT), (at, LEADER, card, SILENT), (at, WATCH, night, LOUD)]
    return lines


STEPS = (
    ("12/10 02:47", received),
    ("12/10 04:18", briefed),
    ("12/10 04:22", invited),
    ("12/10 05:48", directed),
    ("12/10 07:46", concluded),
    ("12/10 08:52", spoken),
)


def _only_the_result_is_owed(town: Town) -> None:
    """VV-01 up to the spoken statement; what else is open there is done at once."""
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35")
    reported(town)
    for at, step in STEPS:
        jumps(town, at)
        step(town)
    acts(town, "Thí Dụ", a.ReportVerification(order=1, result=Prose("Đã rà 07 hộ, đủ người.")))
    acts(town, "Thí Dụ", a.FinishTask(task=1, note=Prose("Đã rào chắn.")))
    for item in ("known", "unknown", "why_beyond", "ask"):
        acts(town, "Thí Dụ", a.AmendReport(item=item, text=Prose("Đã nêu ở báo cáo nhanh.")))
    acts(town, HEAD, a.SubmitReport(through=2, to=1, written=True))
    town.skips()


def test_thirty_days_without_a_result_report(town: Town) -> None:
    _only_the_result_is_owed(town)
    town.at("13/10 06:00")
    town.skips()
    town.at("14/10 05:00")
    assert heard(town) == a_day_of_the_tail()
    town.at("15/10 02:00")
    passes(town, hours=6)
    town.at("15/10 08:00")
    town.at("22/10 09:00")
    hand_over = a.AssignSpokesperson(
        person=town.id(NEXT),
        expected=town.id(HEAD),
        by_authority=Prose("Kết luận ngày 22/10"),
        reason=Prose("Đồng chí Chủ tịch đi công tác."),
    )
    acts(town, LEADER, hand_over)
    town.at("11/11 10:00")

    assert rungs(town, "O19") == THIRTY_DAYS
    assert next_ring(town) == "11/11 10:40", "it never ends before the report is filed"
    rings = [row for row in town.thread(HEAD) if row.template == "rings/owner#result_report"]
    assert max(row.created_at for row in rings) < local("22/10 09:00"), "the duty has moved"
    assert town.labels(town.live(NEXT)[0]) == ["Gửi báo cáo kết quả", "Đang làm", "Cần hỗ trợ"]

    town.at("11/11 10:05")
    town.answers(NEXT, "Gửi báo cáo kết quả", "Bỏ qua", "Không còn", "Theo dõi tiếp")
    town.answers(NEXT, "Tiếp tục theo dõi", "Gửi")
    assert town.incident().result
    town.skips()
    town.at("14/11 10:00")
    assert rungs(town, "O19") == THIRTY_DAYS, "met: not one ring more"
    assert not [line for line in heard(town) if line[2] == "rings/owner#result_report"]
    town.holds()


#: kept within the unit's authority on Monday 1 February 2027 at 08:00; two duties of the head
TET: dict[str, list[Rung]] = {
    # conclusion: two hours, so due at 10:00
    "O12": [
        ("01/02 09:00", 0, None, (HEAD,)),
        # the ring of 09:00 reached no page within half an hour
        ("01/02 09:36", 1, None, (HEAD, DEPUTY, WATCH)),
        ("01/02 12:00", 2, "office", (HEAD, DEPUTY, WATCH)),
        ("01/02 14:00", 3, None, (HEAD,)),
        ("01/02 16:00", 4, None, (HEAD,)),
        ("01/02 18:00", 5, None, (HEAD,)),
        # a working day over: nobody new, so the owner and the highest again
        ("02/02 10:00", 6, "office", (HEAD, DEPUTY, WATCH)),
        ("02/02 14:00", 7, "office", (HEAD, DEPUTY, WATCH)),
        # eight hours later is 22:00, outside office hours
        ("03/02 07:00", 8, "office", (HEAD, DEPUTY, WATCH)),
        # sixteen hours later is the night before Tết, which lasts from 4 to 10 February
        ("11/02 07:00", 9, "office", (HEAD, DEPUTY, WATCH)),
        ("12/02 07:00", 10, "office", (HEAD, DEPUTY, WATCH)),
        # then a weekend
        ("15/02 07:00", 11, "office", (HEAD, DEPUTY, WATCH)),
        ("16/02 07:00", 12, "office", (HEAD, DEPUTY, WATCH)),
    ],
    # verification: four hours, so due at 12:00
    "O4": [
        ("01/02 10:00", 0, None, (HEAD,)),
        # neither did that of 10:00, but the call to him is asked for already
        ("01/02 11:12", 1, None, (HEAD,)),
        ("01/02 14:00", 2, "office", (HEAD, DEPUTY, WATCH)),
        ("01/02 16:00", 3, None, (HEAD,)),
        ("01/02 18:00", 4, None, (HEAD,)),
        # 20:00 is outside the window of 07:00 to 20:00
        ("02/02 07:00", 5, None, (HEAD,)),
        # a working day over is 12:00, in the midday break
        ("02/02 13:30", 6, "office", (HEAD, DEPUTY, WATCH)),
        # four hours later is 17:30, after office hours
        ("03/02 07:00", 7, "office", (HEAD, DEPUTY, WATCH)),
        ("03/02 15:00", 8, "office", (HEAD, DEPUTY, WATCH)),
        ("11/02 07:00", 9, "office", (HEAD, DEPUTY, WATCH)),
        ("12/02 07:00", 10, "office", (HEAD, DEPUTY, WATCH)),
        ("15/02 07:00", 11, "office", (HEAD, DEPUTY, WATCH)),
        ("16/02 07:00", 12, "office", (HEAD, DEPUTY, WATCH)),
    ],
}


@pytest.fixture
def before_tet(tmp_path: Path) -> Iterator[Town]:
    """The sample province on Monday 1 February 2027 at eight."""
    made = Town(tmp_path, start=local("01/02/2027 08:00"))
    yield made
    made.close()


def test_an_ordinary_incident_rests_over_tet_and_goes_on_after_it(before_tet: Town) -> None:
    town, code = before_tet, "VV-2027-001"
    opened(town, "mat dien o cho Vàm Tre")
    assert town.incident(code).severity is Severity.ORDINARY
    acts(town, HEAD, a.DecideAuthority(beyond=False, reason=Prose("Xã xử lý được.")), code)
    town.at("03/02/2027 23:59")
    town.skips()
    town.at("11/02/2027 06:59")
    assert heard(town) == [], "seven days of Tết"
    town.at("11/02/2027 07:00")
    # two duties came at the same minute: one message, and one card for each who may call
    assert heard(town) == [
        ("11/02 07:00", HEAD, "rings/owner#several", LOUD),
        ("11/02 07:00", DEPUTY, "rings/call#several", LOUD),
        ("11/02 07:00", WATCH, "rings/call#several", LOUD),
    ]
    town.at("16/02/2027 08:00")
    for key, table in TET.items():
        whole = [one for one in rungs(town, key, code) if one[2] != "ahead"]
        assert [one[:3] for one in whole] == [one[:3] for one in table], key
        for found, wanted in zip(whole, table, strict=True):
            # the owner's own part may have been told up to ten minutes ahead
            assert {HEAD, *found[3]} == {HEAD, *wanted[3]}, found
    assert town.world.db.read(incidents.next_ring) == local("17/02/2027 07:00")


#: the same conclusion, ignored for thirty days: the process is down on 17 February from 04:00
#: to 10:00, and on Friday the 19th at noon the post of the head goes to his deputy
AFTER_TET: list[Rung] = [
    ("17/02 10:00", 13, "office", (HEAD, DEPUTY, WATCH)),
    ("18/02 07:00", 14, "office", (HEAD, DEPUTY, WATCH)),
    ("19/02 07:00", 15, "office", (HEAD, DEPUTY, WATCH)),
    ("22/02 07:00", 16, "office", (DEPUTY, WATCH)),
    ("23/02 07:00", 17, "office", (DEPUTY, WATCH)),
    ("24/02 07:00", 18, "office", (DEPUTY, WATCH)),
    ("25/02 07:00", 19, "office", (DEPUTY, WATCH)),
    ("26/02 07:00", 20, "office", (DEPUTY, WATCH)),
    ("01/03 07:00", 21, "office", (DEPUTY, WATCH)),
    ("02/03 07:00", 22, "office", (DEPUTY, WATCH)),
    ("03/03 07:00", 23, "office", (DEPUTY, WATCH)),
]


def test_thirty_days_with_tet_an_outage_and_a_new_head_inside(before_tet: Town) -> None:
    town, code = before_tet, "VV-2027-001"
    opened(town, "mat dien o cho Vàm Tre")
    acts(town, HEAD, a.DecideAuthority(beyond=False, reason=Prose("Xã xử lý được.")), code)
    town.at("17/02/2027 04:00")
    town.jumps("17/02/2027 10:00")
    town.at("19/02/2027 12:00")
    old, new, unit = town.id(HEAD), town.id(DEPUTY), 3
    facts = [
        RoleEnded(person=old, role=Role.HEAD, unit=unit),
        RoleGiven(person=new, role=Role.HEAD, unit=unit),
    ]
    town.world.db.write(
        lambda session: people.record(session, facts, at=town.clock, actor=30, channel="web")
    )
    town.at("03/03/2027 08:00")
    told = [one for one in rungs(town, "O12", code) if one[2] != "ahead"]
    for found, wanted in zip(told, [*TET["O12"], *AFTER_TET], strict=True):
        assert found[:3] == wanted[:3]
        assert {wanted[3][0], *found[3]} == set(wanted[3]), found
    assert town.world.db.read(incidents.next_ring) is not None, "the rings do not end"
