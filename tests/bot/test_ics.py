"""The calendar file of a meeting: what a telephone's calendar makes of it, and who may have it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event

from bot.files import keep_made, path_of, sniffed
from bot.ics import MEDIA_TYPE
from storage.files import kept
from storage.tables import MessageRow
from tests.bot.webtown import client_of, signed_in, web_over
from tests.fixtures import EXPERT, HEAD, LEADER, OFFICER
from tests.listening import told
from tests.town import Town, local

TownAt = Callable[[str], Town]
MOST_OCTETS = 75


def newest(town: Town, who: str, kind: str) -> MessageRow:
    """The newest notice of this kind to this person, in his whole chat."""
    rows = [row for row in town.thread(who) if row.template == f"notices/{kind}#text"]
    return rows[-1]


def content(town: Town, row: MessageRow) -> bytes:
    """The bytes of the one file of a message."""
    (file,) = json.loads(row.files)
    assert (file["media_type"], file["name"]) == (MEDIA_TYPE, "hop-VV-2026-001.ics")
    return path_of(town.world.settings, file["sha256"]).read_bytes()


def read(raw: bytes) -> tuple[Calendar, Event]:
    """The calendar and its one event, by the library's own parser; nothing may be wrong."""
    calendar = Calendar.from_ical(raw)
    (event,) = calendar.events
    assert calendar.errors == [] and event.errors == []
    return calendar, event


@pytest.fixture
def met(town_at: TownAt) -> Town:
    """The meeting is called for 07:00."""
    return town_at("met")


def test_an_invitation_comes_as_a_request_with_time_place_words_and_an_alarm(met: Town) -> None:
    raw = content(met, newest(met, EXPERT, "invitation"))
    calendar, event = read(raw)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (event.start, event.end) == (local("12/10 07:00"), local("12/10 07:45"))
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Asia/Ho_Chi_Minh"]
    assert event["DTSTAMP"].dt == local("12/10 05:55") and event["SEQUENCE"] == 0
    assert str(event["SUMMARY"]).startswith("Họp VV-2026-001, ")
    assert str(event["LOCATION"]) == "Trực tuyến" and event["STATUS"] == "CONFIRMED"
    for words in ("Trần Thị Mẫu", "Nội dung: kết quả khảo sát.", "Lê Văn Thử, ĐT 0296.000.0002"):
        assert words in str(event["DESCRIPTION"])
    assert event["ATTENDEE"].params["CN"] == "Đoàn Văn Phác Họa"
    (alarm,) = event.alarms.times
    assert event.start - alarm.trigger == timedelta(minutes=30)
    assert str(event["UID"]).endswith(".invalid"), "no real host"


def test_no_line_is_longer_than_seventy_five_octets_and_a_round_trip_changes_nothing(
    met: Town,
) -> None:
    raw = content(met, newest(met, EXPERT, "invitation"))
    assert all(len(line) <= MOST_OCTETS for line in raw.split(b"\r\n"))
    assert Calendar.from_ical(raw).to_ical() == raw


def test_a_move_and_the_end_keep_the_uid_and_raise_the_sequence(town_at: TownAt, met: Town) -> None:
    _, first = read(content(met, newest(met, HEAD, "invitation")))
    ended = town_at("cancelled")
    moved_file = content(ended, newest(ended, HEAD, "meeting_moved"))
    calendar, moved = read(moved_file)
    assert (calendar["METHOD"], moved["SEQUENCE"]) == ("REQUEST", 1)
    assert moved.start == local("12/10 08:00")
    calendar, gone = read(content(ended, newest(ended, HEAD, "meeting_cancelled")))
    assert (calendar["METHOD"], gone["STATUS"], gone["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert not gone.alarms.times, "nothing rings for a meeting that is not"
    assert "Lý do: Đã xử lý xong." in str(gone["DESCRIPTION"])
    assert first["UID"] == moved["UID"] == gone["UID"]


def test_the_stand_in_and_the_chair_have_it_too_and_another_meeting_another_uid(
    town_at: TownAt,
) -> None:
    town = town_at("stood_in")
    _, sent = read(content(town, newest(town, "Giả Thiết", "stand_in_invited")))
    _, chairs = read(content(town, newest(town, LEADER, "chair_informed")))
    assert sent["UID"] == chairs["UID"] and sent["ATTENDEE"] != chairs["ATTENDEE"]
    town = town_at("cancelled")
    town.answers(OFFICER, "/hop", "Mời họp", "9h sang nay", "Hội trường A", "mau", "2, 3")
    town.answers(OFFICER, "Bỏ qua", "2: số liệu mới, đủ nguồn", "Đúng, gửi giấy mời")
    (row,) = told(town, EXPERT, "notices/invitation")
    _, again = read(content(town, row))
    assert again["UID"] != sent["UID"] and again["SEQUENCE"] == 0
    assert str(again["LOCATION"]) == "Hội trường A"
    assert "của đồng chí: số liệu mới, đủ nguồn." in str(again["DESCRIPTION"])


def test_other_notices_carry_no_calendar(town_at: TownAt) -> None:
    town = town_at("cancelled")
    carrying = {
        row.template
        for who in (OFFICER, HEAD, EXPERT, LEADER)
        for row in town.thread(who)
        if MEDIA_TYPE in row.files
    }
    kinds = ("invitation", "chair_informed", "meeting_moved", "meeting_cancelled")
    assert carrying == {f"notices/{kind}#text" for kind in kinds}


def test_the_page_gives_it_for_saving_to_its_reader_and_to_nobody_else(met: Town) -> None:
    (file,) = json.loads(newest(met, EXPERT, "invitation").files)
    web = web_over(met.world)
    web.rehearsal = False
    address = f"/files/{file['sha256']}"
    answer = signed_in(web, met.id(EXPERT)).get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "hop-VV-2026-001.ics" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    for other in (OFFICER, HEAD, LEADER):
        assert signed_in(web, met.id(other)).get(address).status_code == 404
    assert client_of(web).get(address).status_code == 401


def test_made_bytes_are_kept_under_their_hash_once(met: Town, tmp_path: Path) -> None:
    settings = met.world.settings

    def work(session: Any) -> Any:
        made = [
            keep_made(
                session, settings, b"BEGIN", "../a\x00.ics", MEDIA_TYPE, owner=owner, at=met.clock
            )
            for owner in (1, 2)
        ]
        row = kept(session, made[0].sha256)
        assert row is not None and made[0] == made[1]
        return made[0], row.owner, row.media_type

    ref, owner, media_type = met.world.db.write(work)
    assert (owner, media_type, ref.name, ref.size) == (1, MEDIA_TYPE, "a.ics", 5)
    assert path_of(settings, ref.sha256).read_bytes() == b"BEGIN"
    assert not list((settings.data_dir / "files" / "tmp").glob("*"))


def test_a_calendar_that_somebody_uploads_is_plain_text_as_before(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert sniffed(path) == "text/plain"
