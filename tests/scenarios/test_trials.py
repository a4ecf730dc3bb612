"""Trying the lines before an incident does: a message to one, a ring for a unit or for all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import staff
from procedure.entries_organisation import ORGANISATION
from storage import accounts, incidents, journal, trials
from storage.database import Session
from tests.telegram_town import TelegramTown
from tests.town import Town, local

HEAD, CLERK, WATCH, REPORTER, ADMIN = "Ví Dụ", "Bản Sao", "Mô Phỏng", "Thí Dụ", "Thử Nghiệm"
MESSAGE, RING = "register#test_message", "register#trial_ring"


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Town]:
    """A quiet forenoon."""
    town = Town(tmp_path / "town", start=local("13/10 09:00"))
    yield town
    town.close()


def tries(town: Town, by: str, who: str) -> None:
    """He finds somebody in the directory and tries the line."""
    town.says(by, f"/danhba {who}")
    town.hears(by, "views/directory#people")
    town.taps(by, f"Gửi tin thử: đ/c {who}")
    town.hears(by, "register#test_sent", "qua trang web")


def proven(town: Town) -> frozenset[int]:
    """Who has answered a trial."""
    return town.world.db.read(trials.proven)


def test_a_trial_message_says_that_there_is_no_incident_and_its_tap_tells_who_asked(
    day: Town,
) -> None:
    before = day.world.db.read(lambda session: journal.read(session, ORGANISATION))
    tries(day, ADMIN, HEAD)
    told = day.hears(HEAD, MESSAGE, "Tin thử đường liên lạc, không có vụ việc.")
    assert day.labels(told) == ["Đã nhận"] and told.stream is None and not told.rings
    day.is_quiet()
    day.at("13/10 09:04")
    day.says(HEAD, "da nhan")
    day.hears(ADMIN, "register#test_received", "Nguyễn Văn Ví Dụ", "lúc 09:04 qua trang web")
    day.is_quiet()
    assert proven(day) == {day.id(HEAD)}
    assert [one for one in day.world.db.read(incidents.listed) if one.drill is False] == []
    after = day.world.db.read(lambda session: journal.read(session, ORGANISATION))
    assert before == after, "no change of the organisation"


def test_a_clerk_tries_the_lines_of_his_own_unit_and_nobody_else_tries_any(day: Town) -> None:
    tries(day, CLERK, HEAD)
    day.says(CLERK, "/danhba Mẫu")
    assert day.buttons(CLERK) == [], "nobody of another unit, and the list of before has gone"
    day.says(REPORTER, "/danhba Ví Dụ")
    assert day.buttons(REPORTER) == []
    day.skips()
    for do in ({"trial": "message", "person": day.id("Mẫu")}, {"trial": "unit", "unit": 2}):
        day.presses(CLERK, do)
        day.hears(CLERK, "refusals#only_admin_tries", "Mai Thị Thử Nghiệm")
    day.presses(CLERK, {"trial": "all"})
    day.hears(CLERK, "refusals#only_admin_tries")
    day.presses(REPORTER, {"trial": "message", "person": day.id(HEAD)})
    day.hears(REPORTER, "refusals#only_admin_tries")
    day.is_quiet()


def test_a_message_goes_out_on_every_channel_and_one_answer_is_enough(day: Town) -> None:
    def work(session: Session) -> None:
        accounts.link(session, "telegram", "77", day.id(HEAD), day.clock)

    day.world.db.write(work)
    object.__setattr__(day.world.settings, "telegram_token", "1:x")
    day.says(ADMIN, "/danhba Ví Dụ")
    day.taps(ADMIN, "Gửi tin thử: đ/c Ví Dụ")
    day.hears(ADMIN, "register#test_sent", "qua Telegram, trang web")
    day.hears(HEAD, MESSAGE)
    day.taps(HEAD, "Đã nhận")
    day.hears(ADMIN, "register#test_received")
    ended = [row.superseded for row in day.thread(HEAD) if row.template == MESSAGE]
    assert sorted(ended) == [False, True]
    assert proven(day) == {day.id(HEAD)}


def test_a_trial_ring_for_a_unit_rings_its_first_people_and_shows_who_has_answered(
    day: Town,
) -> None:
    day.says(ADMIN, "/donvi ubnd xa vam tre")
    day.taps(ADMIN, "Khác…")
    day.taps(ADMIN, "Thử chuông đơn vị này")
    day.skips()
    rung = {row.person: row for row in day.thread(HEAD) + day.thread(WATCH) if row.template == RING}
    assert set(rung) == {day.id(HEAD), day.id(WATCH)}
    assert all(row.rings and row.stream is None for row in rung.values())
    assert "Thử chuông, không có vụ việc." in day.last(HEAD)
    day.taps(ADMIN, "Xem kết quả")
    day.hears(ADMIN, "register#trial_result", "0/2 đã nhận")
    day.taps(HEAD, "Đã nhận")
    day.is_quiet()  # many answers are looked up, they do not ring back
    day.taps(ADMIN, "Xem kết quả")
    told = day.hears(ADMIN, "register#trial_result", "1/2 đã nhận; chưa: Hồ Văn Mô Phỏng, ĐT")
    assert "Ví Dụ" not in told.text
    day.restart()
    day.taps(WATCH, "Đã nhận")
    day.taps(ADMIN, "Xem kết quả")
    day.hears(ADMIN, "register#trial_result", "2/2 đã nhận.")


def test_day_one_rings_all_who_have_proved_nothing_yet_after_being_asked(day: Town) -> None:
    day.presses(ADMIN, {"trial": "unit", "unit": 3})
    day.taps(HEAD, "Đã nhận")
    day.says(ADMIN, "/trogiup")
    day.skips()
    day.taps(ADMIN, "Thử chuông")
    asked = day.hears(ADMIN, "register#trial_asked", "đơn vị chưa trả lời")
    day.is_quiet()
    assert day.labels(asked) == ["Thử chuông ngay"]
    day.taps(ADMIN, "Thử chuông ngay")
    rung = [row.person for row in day.unheard() if row.template == RING]
    assert len(rung) == len(set(rung)) > 15 and day.id(HEAD) not in rung
    assert day.id(WATCH) in rung and day.id("Phóng Tác") not in rung
    day.hears(ADMIN, "register#trial_sent", f"{len(rung)} đồng chí")
    for person in rung:
        day.taps(person, "Đã nhận")
    day.skips()
    day.taps(ADMIN, "Thử chuông")
    told = day.hears(ADMIN, "register#trial_asked", "đều đã trả lời")
    assert day.labels(told) == []


def test_nobody_is_woken_by_a_trial(day: Town) -> None:
    day.at("13/10 21:00")
    day.presses(ADMIN, {"trial": "unit", "unit": 3})
    day.hears(ADMIN, "refusals#trial_at_night", "giờ yên tĩnh")
    day.is_quiet()


def test_a_proof_lapses_with_the_account_that_gave_it(day: Town) -> None:
    day.presses(ADMIN, {"trial": "message", "person": day.id(HEAD)})
    day.taps(HEAD, "Đã nhận")
    assert proven(day) == {day.id(HEAD)}

    def lost(session: Session) -> None:
        accounts.unreachable(session, day.chat(session, day.id(HEAD)), day.clock)

    day.world.db.write(lost)
    assert proven(day) == frozenset()


def test_on_telegram_a_trial_rings_aloud_is_answered_with_a_tap_and_a_block_is_a_gap(
    tmp_path: Path,
) -> None:
    town = TelegramTown(tmp_path / "town", start=local("13/10 09:00"))
    try:
        town.presses(ADMIN, {"trial": "unit", "unit": 3})
        (shown,) = [one for one in town.api.chat(town.account(HEAD)) if "Thử chuông" in one.text]
        assert not shown.silent and town.keys(HEAD)[0] == ["Đã nhận"]
        town.taps(HEAD, "Đã nhận")
        town.taps(ADMIN, "Xem kết quả")
        assert "1/2 đã nhận; chưa: Hồ Văn Mô Phỏng" in town.last(ADMIN)
        assert proven(town) == {town.id(HEAD)}

        def reached(session: Session) -> frozenset[str]:
            return staff.channels(town.world, session).get(town.id(HEAD), frozenset())

        assert town.world.db.read(reached) == {"telegram"}
        town.api.block(town.account(HEAD))
        town.presses(ADMIN, {"trial": "message", "person": town.id(HEAD)})
        assert town.world.db.read(reached) == frozenset(), "he has shut us out: on no channel"
        assert proven(town) == frozenset()
    finally:
        town.close()
