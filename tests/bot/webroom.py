"""The room of an incident on the web: its fixtures, and what its tests do there."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select
from starlette.testclient import TestClient

from bot.deliver import deliver_all
from bot.stage import Stage
from bot.turn import turn_all
from bot.web.state import Web
from procedure import actions as a
from procedure.codec import Prose
from procedure.incident import Incident
from storage import incidents
from tests.bot.webtown import (
    DUTY,
    HEAD,
    LEADER,
    NOW,
    REPORTER,
    report,
)

EXPERT, PRESS, OUTSIDER = 8, 22, 24
STAMPED = "Xin gửi công văn mật số 12-CV/TU về tuyến đê"


def received(web: Web) -> str:
    made = report(web.world)
    act(web, made, HEAD, a.DecideAuthority(beyond=True, reason=Prose("Vượt khả năng của xã")))
    act(web, made, REPORTER, a.AmendReport(item="place", text=Prose("ấp Tre Đông")))
    act(web, made, HEAD, a.SubmitReport(through=2, to=1))
    act(web, made, DUTY, a.ReceiveReport())
    return made


def act(web: Web, stream: str, person: int, action: a.Action) -> None:
    """Puts an action to the rules; all that follows is delivered."""

    def work(session: Session) -> None:
        Stage(web.world, session, web.world.now(), "web").perform(stream, person, action)

    web.world.db.write(work)
    settle(web)


def settle(web: Web) -> None:
    turn_all(web.world)
    deliver_all(web.world)


def invited(web: Web, stream: str) -> None:
    """A meeting: the line about it in the room has [Dự] and [Vắng]."""
    people = web.world.db.read(web.world.organisation).people
    meeting = a.CallMeeting(
        starts_at=NOW + timedelta(hours=6),
        place=Prose("online"),
        chair=LEADER,
        invitees=(HEAD, EXPERT),
        units=(people[HEAD].unit, people[EXPERT].unit),
    )
    act(web, stream, DUTY, meeting)


def asked(web: Web, stream: str) -> None:
    """The department asks for something more: a reply to that line goes on record."""
    due = NOW + timedelta(hours=2)
    act(web, stream, DUTY, a.RequestSupplement(items=Prose("số hộ phải di dời"), due=due))


def says(page: TestClient, person: int, stream: str, text: str = "", **more: Any) -> Any:
    """One line of the page into the room; `files` as (name, bytes) pairs."""
    files = [("files", (name, body)) for name, body in more.pop("files", ())]
    data = {"client_id": f"c-{text[:20].encode().hex()}", "text": text, **more}
    address = f"/api/rooms/{person}/{stream}/messages"
    return page.post(address, data=data, files=files or [("ignored", (None, b""))])


def lines(page: TestClient, person: int, stream: str, after: int = 0) -> list[dict[str, Any]]:
    address = f"/api/rooms/{person}/{stream}/messages"
    found: list[dict[str, Any]] = page.get(address, params={"after": after}).json()["messages"]
    return found


def line_with(page: TestClient, person: int, stream: str, words: str) -> dict[str, Any]:
    return next(one for one in reversed(lines(page, person, stream)) if words in one["text"])


def taps(page: TestClient, person: int, stream: str, line: dict[str, Any], label: str) -> Any:
    n = next(one["n"] for one in line["choices"] if one["label"] == label)
    body = {"client_id": f"t-{person}-{line['id']}-{n}", "prompt": line["id"], "n": n}
    return page.post(f"/api/rooms/{person}/{stream}/taps", json=body).json()


def private(page: TestClient, person: int) -> list[str]:
    told = page.get(f"/api/chats/{person}/messages").json()["messages"]
    return [one["text"] for one in told]


def incident(web: Web, stream: str) -> Incident:
    return web.world.db.read(lambda session: incidents.get(session, stream))


def rows(web: Web, table: Any) -> list[Any]:
    return web.world.db.read(lambda session: list(session.exec(select(table)).all()))
