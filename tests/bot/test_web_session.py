"""Who is here: one-time links, the cookie, the first minute of a rehearsal."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.deliver import deliver_all
from bot.web.state import Web
from storage import access
from storage.chats import Prompt
from storage.database import Session
from storage.tables import MessageRow
from tests.bot.webtown import (
    DUTY,
    NOW,
    REPORTER,
    buttons,
    client_of,
    report,
    sample_world,
    say,
    signed_in,
    web_over,
)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """Not a rehearsal."""
    world = sample_world(tmp_path, rehearsal=False)
    yield web_over(world)
    world.db.close()


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Web]:
    world = sample_world(tmp_path)
    yield web_over(world)
    world.db.close()


def invite(web: Web, person: int = REPORTER) -> str:
    return web.world.db.write(lambda session: access.invite(session, person, NOW))


def test_opening_a_link_spends_nothing_and_its_button_spends_it_once(web: Web) -> None:
    code = invite(web)
    with client_of(web) as client:
        for _ in range(3):  # a chat application's robot looks first
            shown = client.get(f"/api/link/{code}")
            assert shown.json()["name"] == "Võ Thị Thí Dụ"
            assert "set-cookie" not in shown.headers
        assert client.get("/api/session").json()["signed_in"] is False
        assert client.post(f"/api/link/{code}", json={}).status_code == 200
        session = client.get("/api/session").json()
        assert (session["signed_in"], session["me"]["id"]) == (True, REPORTER)
        client.cookies.clear()
        assert client.post(f"/api/link/{code}", json={}).status_code == 404
        assert client.get(f"/api/link/{code}").status_code == 404


def test_whoever_comes_in_is_greeted_by_name_title_and_duties(web: Web) -> None:
    with client_of(web) as client:
        assert client.post(f"/api/link/{invite(web, 3)}", json={}).status_code == 200

    def told(session: Session) -> list[tuple[str, str]]:
        rows = session.exec(select(MessageRow).where(MessageRow.person == 3)).all()
        return [(row.template, row.text) for row in rows][-2:]

    deliver_all(web.world)
    (greeting, text), (notice, _) = web.world.db.read(told)
    assert (greeting, notice) == ("doorstep#welcome", "doorstep#first_notice")
    assert "Nguyễn Văn Ví Dụ, Chủ tịch UBND" in text and "UBND xã Vàm Tre" in text
    assert "đồng chí là người đứng đầu" in text and "/trogiup" in text


def test_a_link_that_has_expired_or_never_was_says_how_to_go_on(web: Web) -> None:
    web.world.present.ahead = timedelta(days=8)
    code = invite(web)
    with client_of(web) as client:
        for bad in (code, "nothing"):
            answer = client.post(f"/api/link/{bad}", json={})
            assert answer.status_code == 404
            assert "0296.000.0002" in answer.json()["error"]


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(web: Web) -> None:
    with client_of(web) as client:
        cookie = client.post(f"/api/link/{invite(web)}", json={}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert f"Max-Age={180 * 24 * 3600}" in cookie


def test_signing_out_ends_the_session_on_the_server(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        token = client.cookies["motdaumoi"]
        client.post("/api/sign-out", json={})
        client.cookies.set("motdaumoi", token)
        assert client.get("/api/session").json()["signed_in"] is False


def test_use_lengthens_a_session_at_most_once_a_day(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        assert "set-cookie" not in client.get("/api/session").headers
        web.world.present.ahead = timedelta(days=170)
        assert "set-cookie" in client.get("/api/session").headers
        assert "set-cookie" not in client.get("/api/session").headers
        web.world.present.ahead = timedelta(days=340)
        assert client.get("/api/session").json()["signed_in"] is True


def test_a_signed_in_person_gets_his_own_menu_and_what_waits_for_him(web: Web) -> None:
    say(web.world, REPORTER, Prompt(template="x", choices=buttons("back")))
    say(web.world, DUTY, Prompt(template="x", choices=buttons("back")))
    with signed_in(web, REPORTER) as client:
        session = client.get("/api/session").json()
    assert session["waiting"] == [{"persona": REPORTER, "count": 1}]
    assert session["menu"][0] == {"command": "/baocao", "label": "Báo vụ việc"}
    assert (session["personas"], session["intro"], session["start"]) == ([], None, None)


def test_the_signed_out_page_knows_the_duty_number_and_nobody_else(web: Web) -> None:
    with client_of(web) as client:
        session = client.get("/api/session").json()
    assert session["duty"] == {"name": "Lê Văn Thử", "phone": "0296.000.0002"}
    assert (session["me"], session["personas"], session["menu"]) == (None, [], [])


def test_a_rehearsal_opens_with_three_lines_and_a_message_ready_to_send(rehearsal: Web) -> None:
    with client_of(rehearsal) as client:
        session = client.get("/api/session").json()
        assert session["clock"] == "2026-10-12T02:35:00+07:00"
        assert session["clock_text"] == "02:35 thứ Hai, ngày 12/10"
        assert len(session["intro"]) == 3
        assert len(session["personas"]) > 5
        assert session["start"]["persona"] == REPORTER
        assert session["start"]["label"] == "Bắt đầu VV-01"
        assert all(client.get(photo).status_code == 200 for photo in session["start"]["photos"])
        assert session["next"] is None


def test_once_an_incident_is_open_the_page_says_whose_turn_it_is(rehearsal: Web) -> None:
    report(rehearsal.world)
    with client_of(rehearsal) as client:
        session = client.get("/api/session").json()
    assert session["start"] is None
    assert session["next"] == {"persona": 3, "text": "Đang chờ đồng chí Nguyễn Văn Ví Dụ"}


def requests(web: Web) -> list[MessageRow]:
    query = select(MessageRow).where(MessageRow.template == "web#link_request")
    return web.world.db.read(lambda session: list(session.exec(query).all()))


@pytest.mark.parametrize(
    ("name", "phone", "person"),
    [
        ("vo thi thi du", "090", REPORTER),
        ("Thí Dụ", "0296 000 0003", 3),
        ("Người Lạ", "0900000000", None),
    ],
)
def test_a_request_for_a_link_goes_to_the_duty_officer_who_calls_first(
    web: Web, name: str, phone: str, person: int | None
) -> None:
    with client_of(web) as client:
        body = {"client_id": "r-1", "name": name, "phone": phone}
        answers = [client.post("/api/link-request", json=body) for _ in range(2)]
    assert [(one.status_code, one.json()) for one in answers] == [(202, {})] * 2
    (row,) = requests(web)
    assert row.person == DUTY
    do = [one["do"] for one in json.loads(row.choices)]
    assert do == ([{"grant_link": person}] if person else [])
    with web.world.db.reader.connect():
        scene = web.world.db.read(lambda session: web.scene(session, DUTY))
    words = web.world.renderer.text(row.template, json.loads(row.facts), scene)
    assert name in words
    assert len(words.split()) <= 60


def test_nobody_can_flood_the_duty_officer_with_requests(web: Web) -> None:
    with client_of(web) as client:
        for n in range(11):
            body = {"client_id": f"r-{n}", "name": "A", "phone": "0900"}
            answer = client.post("/api/link-request", json=body)
    assert answer.status_code == 429
    assert "0296.000.0002" in answer.json()["error"]
    assert len(requests(web)) == 10
