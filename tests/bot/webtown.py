"""A web application over the sample organisation, for the tests of the web."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session
from starlette.testclient import TestClient

from bot.present import Present
from bot.stage import Stage
from bot.web.app import make_app, make_web
from bot.web.state import Web
from bot.world import World, make_world
from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import FileRef, Moment
from procedure.words import Authority, Casualties, Severity
from storage import access, chats
from storage.chats import Prompt
from storage.tables import MessageRow
from tests import databases

NOW = datetime(2026, 10, 11, 19, 35, tzinfo=UTC)  # 02:35 on Monday the 12th, local
REPORTER, DUTY, HEAD, LEADER, OUTSIDER = 1, 2, 3, 4, 8
OURS = {"X-Requested-With": "motdaumoi"}
BASE = "http://127.0.0.1:8080"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 64


def sample_world(folder: Path, **given: Any) -> World:
    """A world over its own copy of the sample, its clock standing at NOW."""
    databases.begin(folder)
    return make_world(databases.settings_in(folder, **given), Present(lambda: NOW))


def web_over(world: World) -> Web:
    """The web's shared state; its tick does nothing."""
    return make_web(world, tick=lambda _: 0)


def client_of(web: Web, base: str = BASE) -> TestClient:
    """A browser that is our own page."""
    return TestClient(make_app(web), base_url=base, headers=OURS)


def signed_in(web: Web, person: int, base: str = BASE) -> TestClient:
    """A browser with a session of this person."""
    token = web.world.db.write(lambda session: access.sign_in(session, person, NOW))
    client = client_of(web, base)
    client.cookies.set("motdaumoi", token)
    return client


def write(client: TestClient, person: int, text: str = "", **more: Any) -> Any:
    """One message of the page; `files` as (name, bytes) pairs."""
    files = [("files", (name, body)) for name, body in more.pop("files", ())]
    data = {"client_id": "c-1", "text": text, **more}
    return client.post(f"/api/chats/{person}/messages", data=data, files=files or _no_files())


def _no_files() -> Any:
    # Keeps the request multipart, as the page's always is.
    return [("ignored", (None, b""))]


def say(world: World, person: int, *prompts: Prompt, sent: bool = True) -> list[MessageRow]:
    """Prompts in a person's chat of the web, sent unless told otherwise."""

    def work(session: Session) -> list[MessageRow]:
        chat = chats.chat_of(session, "web", str(person), person)
        rows = []
        for prompt in prompts:
            line = chats.enqueue(session, chat, prompt, at=NOW)
            assert line is not None
            row = session.get_one(MessageRow, line)
            if sent:
                send(row)
            session.add(row)
            rows.append(row)
        session.flush()
        return rows

    return world.db.write(work)


def send(row: MessageRow) -> None:
    """What delivery does to a row."""
    row.state, row.sent_at, row.text = chats.SENT, NOW, f"text {row.seq}"


def change(world: World, id: int | None, **values: Any) -> None:
    """Changes a message in a transaction of its own."""

    def work(session: Session) -> None:
        row = session.get_one(MessageRow, id)
        if values.get("state") == chats.SENT:
            send(row)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)

    world.db.write(work)


def buttons(*labels: str) -> Sequence[dict[str, Any]]:
    """Choices with labels that exist, each for an act."""
    return [{"label": label, "do": {"open": "enquiry"}} for label in labels]


def report(
    world: World,
    *,
    drill: bool = False,
    unit: int = 3,
    by: int = REPORTER,
    files: tuple[FileRef, ...] = (),
) -> str:
    """Opens an incident in the commune; returns its stream."""

    def work(session: Session) -> str:
        stage = Stage(world, session, NOW + timedelta(minutes=1), "web")
        organisation = stage.organisation
        action = a.OpenIncident(
            code="",
            unit=unit,
            department=organisation.units[unit].department or 2,
            committee=organisation.units[unit].reports_to or 1,
            title=Prose("Sạt lở"),
            line=Prose("sat lo ap tre dong"),
            casualties=Casualties.NONE_KNOWN,
            policy=_policy(session),
            drill=drill,
            incident_kind=None,
            detected=Moment(at=NOW),
            suggested_authority=Authority.UNDECIDED,
            severity=Severity.SERIOUS,
            files=files,
        )
        return stage.perform(None, by, action)

    return world.db.write(work)


def _policy(session: Session) -> str:
    from storage import people

    version = people.policy_in_force(session)
    assert version is not None
    return version
