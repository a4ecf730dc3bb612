"""A flood on the web: 429 with one sentence and when to come back; people never meet it."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from bot.flood import ADDRESS, GUESSES, PERSON, Gate, Measure
from bot.web.app import make_app
from bot.web.limits import line_of
from bot.web.state import Web
from storage import access
from storage.tables import InboxRow, SessionRow
from tests.bot.webtown import (
    BASE,
    HEAD,
    JPEG,
    NOW,
    OURS,
    REPORTER,
    client_of,
    report,
    sample_world,
    signed_in,
    web_over,
    write,
)

#: A narrow door, where what is proved does not hang on how many fit through.
FEW = Measure(6, 1.0)


def inbox_size(web: Web) -> int:
    return len(web.world.db.read(lambda session: session.exec(select(InboxRow)).all()))


def tap(client: TestClient, n: int) -> Any:
    body = {"client_id": f"t-{n}", "prompt": 1, "n": 1}
    return client.post(f"/api/chats/{REPORTER}/answers", json=body)


def test_over_the_measure_nothing_is_stored_and_the_sentence_says_so(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        for n in range(PERSON.burst):
            assert write(client, REPORTER, "sat lo", client_id=f"c-{n}").status_code == 202
        refused = [write(client, REPORTER, "sat lo", client_id=f"d-{n}") for n in range(9)]
        assert {one.status_code for one in refused} == {429}
        assert {one.headers["retry-after"] for one in refused} == {"60"}
        words = refused[0].json()["error"]
        assert "chưa được nhận" in words and "sau 02:36" in words and "0296.000.0002" in words
        assert len(words.split()) <= 60
        assert inbox_size(web) == PERSON.burst
        assert tap(client, 1).status_code == 429, "taps count with the words"
        web.world.present.ahead = timedelta(seconds=60)
        assert write(client, REPORTER, "sat lo", client_id="d-0").status_code == 202


def test_ten_photos_are_one_message(web: Web) -> None:
    with signed_in(web, REPORTER) as client:
        files = [(f"{n}.jpg", JPEG) for n in range(10)]
        for n in range(5):
            answer = write(client, REPORTER, "anh", files=files, client_id=f"a-{n}")
            assert answer.status_code == 202


def test_one_person_s_flood_is_nobody_else_s(web: Web) -> None:
    with signed_in(web, REPORTER) as loud:
        answers = [tap(loud, n).status_code for n in range(PERSON.burst + 1)]
    assert answers[-1] == 429
    with signed_in(web, HEAD) as quiet:
        assert write(quiet, HEAD, "ro").status_code == 202


def test_a_room_is_measured_with_the_chat(web: Web) -> None:
    stream = report(web.world)
    with signed_in(web, REPORTER) as client:
        for n in range(PERSON.burst):
            tap(client, n)
        path = f"/api/rooms/{REPORTER}/{stream}"
        taps = client.post(f"{path}/taps", json={"client_id": "r", "prompt": 1, "n": 1})
        files = [("ignored", (None, b""))]
        said = client.post(f"{path}/messages", data={"client_id": "s", "text": "a"}, files=files)
    assert (taps.status_code, said.status_code) == (429, 429)


def test_what_a_page_tells_by_itself_has_a_measure_of_its_own(web: Web) -> None:
    web.doors.shown = Gate(FEW)
    with signed_in(web, REPORTER) as client:
        path = f"/api/chats/{REPORTER}/shown"
        codes = [client.post(path, json={"seq": 0}).status_code for _ in range(FEW.burst + 1)]
        assert codes == [200] * FEW.burst + [429]
        assert tap(client, 1).status_code == 202


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_guessing_codes_ends_after_twenty_and_spends_nothing(web: Web, method: str) -> None:
    code = web.world.db.write(lambda session: access.invite(session, REPORTER, NOW))
    with client_of(web) as client:
        guesses = [
            client.request(method, f"/api/link/guess-{n}", json={})
            for n in range(GUESSES.burst + 9)
        ]
        codes = [one.status_code for one in guesses]
        assert codes == [404] * GUESSES.burst + [429] * 9
        assert guesses[-1].headers["retry-after"] == "60"
        assert "02:36" in guesses[-1].json()["error"] and "0296" in guesses[-1].json()["error"]
        assert client.post(f"/api/link/{code}", json={}).status_code == 429, "also the right one"
        web.world.present.ahead = timedelta(seconds=61)
        assert client.post(f"/api/link/{code}", json={}).status_code == 200


def test_opening_a_good_link_is_no_guess(web: Web) -> None:
    code = web.world.db.write(lambda session: access.invite(session, REPORTER, NOW))
    with client_of(web) as client:
        looks = [client.get(f"/api/link/{code}").status_code for _ in range(GUESSES.burst * 2)]
    assert set(looks) == {200}


def test_what_needs_no_session_is_measured_by_address(web: Web) -> None:
    with client_of(web) as client:
        codes = [
            client.post("/api/sign-out", json={}).status_code for _ in range(ADDRESS.burst + 1)
        ]
        assert codes == [200] * ADDRESS.burst + [429]
        asked = {"client_id": "r", "name": "A", "phone": "0900"}
        assert client.post("/api/link-request", json=asked).status_code == 429
    other = TestClient(make_app(web), base_url=BASE, headers=OURS, client=("203.0.113.9", 1))
    assert other.post("/api/link-request", json=asked).status_code == 202
    with signed_in(web, REPORTER) as client:
        assert client.post("/api/sign-out", json={}).status_code == 200, "who is known, is known"


def test_a_rehearsal_has_no_measure(tmp_path: Path) -> None:
    world = sample_world(tmp_path)
    with client_of(web_over(world)) as client:
        assert {tap(client, n).status_code for n in range(PERSON.burst * 2)} == {202}
    world.db.close()


def test_closed_doors_are_counted_once_for_the_operators(web: Web) -> None:
    web.doors.said = Gate(FEW)
    with signed_in(web, REPORTER) as client:
        for n in range(FEW.burst + 20):
            tap(client, n)
        assert "motdaumoi_floods_total 1.0" in client.get("/metrics").text


@pytest.mark.parametrize(
    ("host", "line"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_a_line(host: str, line: str) -> None:
    assert line_of(SimpleNamespace(client=SimpleNamespace(host=host))) == line  # type: ignore[arg-type]


def test_all_addresses_of_one_ipv6_line_are_one() -> None:
    def line(host: str) -> str:
        return line_of(SimpleNamespace(client=SimpleNamespace(host=host)))  # type: ignore[arg-type]

    assert line("2001:db8:1:2::1") == line("2001:db8:1:2:ffff::9") != line("2001:db8:1:3::1")
    assert line_of(SimpleNamespace(client=None)) == ""  # type: ignore[arg-type]


def test_entering_anew_ends_the_session_that_the_browser_had(web: Web) -> None:
    def ended() -> list[bool]:
        rows = web.world.db.read(lambda session: session.exec(select(SessionRow)).all())
        return [row.ended_at is not None for row in rows]

    code = web.world.db.write(lambda session: access.invite(session, HEAD, NOW))
    with signed_in(web, REPORTER) as client:
        before = client.cookies["motdaumoi"]
        cookie = client.post(f"/api/link/{code}", json={}).headers["set-cookie"]
    assert before not in cookie, "a session is never handed in from outside"
    assert sorted(ended()) == [False, True]
