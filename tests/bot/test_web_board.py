"""The board, the incidents, the rehearsal clock and the pages for watchdogs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.clock import tick
from bot.web.app import make_web
from bot.web.state import Web
from storage import incidents, marks
from tests.bot.webtown import (
    DUTY,
    HEAD,
    NOW,
    OUTSIDER,
    REPORTER,
    client_of,
    report,
    sample_world,
    signed_in,
)

ADMIN = 30


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """A rehearsal with a clock that rings."""
    world = sample_world(tmp_path)
    yield make_web(world, tick=tick)
    world.db.close()


def codes(page: TestClient, path: str = "/api/board") -> list[str]:
    return [one["code"] for one in page.get(path).json()["incidents"]]


def test_the_board_shows_each_person_only_what_he_has_a_part_in(real: Web) -> None:
    report(real.world)
    seen = {one: codes(signed_in(real, one)) for one in (REPORTER, HEAD, OUTSIDER, DUTY)}
    (code,) = seen[REPORTER]
    assert seen == {REPORTER: [code], HEAD: [code], OUTSIDER: [], DUTY: []}
    page = f"/api/incidents/{code}"
    assert signed_in(real, REPORTER).get(page).status_code == 200
    assert signed_in(real, DUTY).get(page).status_code == 404
    assert client_of(real).get(page).status_code == 401


def test_a_drill_is_off_the_board_by_default(real: Web) -> None:
    report(real.world, drill=True)
    page = signed_in(real, REPORTER)
    assert codes(page) == []
    assert len(codes(page, "/api/board?drills=true")) == 1


def test_a_card_says_where_it_lies_and_never_that_it_is_late(web: Web) -> None:
    report(web.world)
    page = client_of(web)
    (card,) = page.get("/api/board").json()["incidents"]
    assert card["title"] == "Sạt lở"
    assert (card["severity"], card["severity_text"]) == ("serious", "Nghiêm trọng")
    assert (card["step"], card["drill"]) == (1, False)
    assert card["ball"].startswith("xã Vàm Tre: đồng chí Nguyễn Văn Ví Dụ")
    assert card["left_text"].startswith("đến 03:3")
    web.world.present.wind(timedelta(hours=5))
    (late,) = page.get("/api/board").json()["incidents"]
    assert late["left_text"] == "đang thực hiện"


def test_the_timeline_leaves_out_rings_and_receipts(web: Web) -> None:
    report(web.world)
    web.world.present.wind(timedelta(hours=2))
    tick(web.world)
    page = client_of(web)
    (code,) = codes(page)
    found = page.get(f"/api/incidents/{code}").json()
    kinds = [one["kind"] for one in found["timeline"]]
    assert "IncidentOpened" in kinds
    assert not {"DutyRung", "RingUndelivered"} & set(kinds)
    assert found["timeline"][0]["text"] == "Đồng chí Võ Thị Thí Dụ: mở vụ việc"


def test_the_closed_incident_of_the_sample_may_be_read(web: Web) -> None:
    page = client_of(web)
    assert codes(page) == []
    (code,) = codes(page, "/api/incidents")
    found = page.get(f"/api/incidents/{code}").json()
    assert found["incident"]["open"] is False
    assert all(one["text"] and one["at_text"] for one in found["timeline"])


# What units lack


def test_the_panel_is_for_administrators_and_the_propaganda_department(real: Web) -> None:
    for person, sees in ((ADMIN, True), (DUTY, True), (HEAD, False), (OUTSIDER, False)):
        page = signed_in(real, person)
        assert page.get("/api/board").json()["readiness"] is sees
        answer = page.get("/api/readiness")
        assert answer.status_code == (200 if sees else 403), person
    assert "Ban Tuyên giáo" in answer.json()["error"]
    assert client_of(real).get("/api/readiness").status_code == 401
    assert "/api/readiness" in client_of(real).get("/api/openapi.json").json()["paths"]


def test_the_panel_says_which_unit_lacks_whom_and_whom_nothing_can_ring(real: Web) -> None:
    signed_in(real, HEAD)
    found = signed_in(real, ADMIN).get("/api/readiness").json()
    assert (found["done"], found["whole"]) == (3, 5)
    assert found["progress"].startswith("3/5 xã, phường, đặc khu đủ người đứng đầu")
    assert "còn thiếu: phường Cồn Phước, đặc khu Hòn Sao." in found["progress"]
    assert found["proof"].startswith("Thử chuông: 0/")
    lacks = {one["unit"]: " ".join(one["lacks"]) for one in found["units"]}
    assert "Còn thiếu người trực, cấp phó." in lacks["đặc khu Hòn Sao"]
    assert "không đổ chuông được: Nguyễn Văn Ví Dụ, ĐT" in lacks["xã Vàm Tre"]
    assert "Chưa có kênh nào: Hồ Văn Mô Phỏng" in lacks["xã Vàm Tre"]
    assert "Chưa xác nhận danh sách người phát ngôn quý IV/2026." in lacks["xã Vàm Tre"]
    assert "quý" not in lacks["Thường trực Tỉnh ủy"]


# The rehearsal clock


def test_winding_a_quarter_of_an_hour_is_remembered_and_ticks(web: Web) -> None:
    answer = client_of(web).post("/api/clock", json={"minutes": 15})
    assert answer.json()["clock_text"] == "02:50 thứ Hai, ngày 12/10"
    kept = web.world.db.read(lambda session: marks.marked(session, marks.CLOCK_AHEAD))
    assert float(kept or 0) == 900
    last = web.world.db.read(lambda session: marks.marked(session, marks.LAST_TICK))
    assert last == (NOW + timedelta(minutes=15)).isoformat()


def test_winding_to_the_next_ring_rings_it(web: Web) -> None:
    stream = report(web.world)
    following = web.world.db.read(incidents.next_ring)
    assert following is not None
    answer = client_of(web).post("/api/clock", json={"to_next": True})
    assert answer.status_code == 200
    assert web.world.now() == following + timedelta(seconds=1)
    incident = web.world.db.read(lambda session: incidents.get(session, stream))
    assert incident.rung


def test_winding_to_a_ring_that_does_not_exist_says_what_to_do(web: Web) -> None:
    answer = client_of(web).post("/api/clock", json={"to_next": True})
    assert answer.status_code == 409
    assert "không có lượt nhắc" in answer.json()["error"]
    assert web.world.present.ahead == timedelta(0)


@pytest.mark.parametrize(
    "body",
    [{}, {"minutes": 0}, {"minutes": -5}, {"minutes": 10**9}, {"minutes": 5, "to_next": True}],
)
def test_the_clock_is_wound_forward_by_one_measure(web: Web, body: dict[str, int]) -> None:
    assert client_of(web).post("/api/clock", json=body).status_code == 400


# Watchdogs


def test_the_service_is_well_while_the_clock_ticks(web: Web) -> None:
    page = client_of(web)
    tick(web.world)
    found = page.get("/healthz")
    assert (found.status_code, found.json()["database"], found.json()["tick"]) == (200, "ok", "ok")
    assert found.json()["channels"] == {"web": "ok"}
    web.world.present.wind(timedelta(minutes=10))
    found = page.get("/healthz")
    assert (found.status_code, found.json()["tick"]) == (503, "down")


def test_a_database_that_is_away_is_named(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    page = client_of(web)

    def away(work: object) -> None:
        raise OSError("away")

    monkeypatch.setattr(web.world.db, "read", away)
    found = page.get("/healthz")
    assert (found.status_code, found.json()["database"]) == (503, "down")
    assert page.get("/metrics").status_code == 200
    assert page.get("/api/session", headers={"Host": "x"}).json()["error"]


def test_the_numbers_are_there_for_a_scrape(web: Web) -> None:
    tick(web.world)
    words = client_of(web).get("/metrics").text
    for name in (
        "motdaumoi_turns_total",
        "motdaumoi_deliveries_total",
        "motdaumoi_secret_stops_total",
        "motdaumoi_last_tick_age_seconds",
        'motdaumoi_oldest_unsent_seconds{channel="web"}',
        "motdaumoi_oldest_unhandled_seconds",
    ):
        assert f"\n{name} 0.0" in words
    assert f"\nmotdaumoi_commits_total {float(web.world.db.commits)}\n" in words
