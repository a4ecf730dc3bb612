"""What people open most, after a year of a province: `/vuviec`, `/viec`, the board.

Five thousand incidents with half a million journal entries and a hundred thousand lines in the
chats, beside a province with fifty incidents; in both forty are open, sent up and owed something
by the duty officer of the propaganda department, who asks. A message is timed from the door to
its delivered answer, the board through the route of the web. The ended ones are copies of the
sample's ended incident, their journals its journal over and over.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from bot.stage import Stage
from bot.web.app import make_web
from procedure import actions as a
from procedure.codec import Prose
from procedure.parties import reporting_line
from storage import chats
from storage.tables import ChatRow, MessageRow
from tests.bench import crowd
from tests.bench.table import Row, median, share
from tests.bot.webtown import client_of
from tests.town import Town, local

OFFICER = 2
OPEN, ENDED = 40, {"50 incidents": 10, "a year": 4960}
ENTRIES, LINES, FIRST = 100, 20, 10_000
TIMES, SLOWER = 60, 2.0


class Province:
    """A town with so many ended incidents, and what is opened in it."""

    def __init__(self, folder: Path, ended: int) -> None:
        self.town = Town(folder, local("12/10 09:00"))
        crowd.settle_in(self.town)
        ids = range(FIRST, FIRST + ended)
        past = crowd.rows_of(self.town, ["incident-1"])
        crowd.copy(self.town, past, ids, "Y")
        crowd.copy_journal(self.town, past, ids, "Y", ENTRIES)
        _talk(self.town, [f"incident-Y{id}" for id in ids])
        self.town.clock = local("12/10 09:10").astimezone(UTC)
        _send_up(self.town, crowd.open_everywhere(self.town, communes=OPEN))
        self.town.settles()
        self.web = make_web(self.town.world, tick=lambda _: 0)
        self.client = client_of(self.web)

    def asks(self, words: str) -> None:
        """The duty officer writes and has his answer."""
        self.town.says(OFFICER, words)

    def board(self) -> None:
        """The board is read."""
        found = self.client.get("/api/board").json()["incidents"]
        assert len(found) == OPEN, len(found)


def _send_up(town: Town, streams: Sequence[str]) -> None:
    def work(session: Session) -> None:
        stage = Stage(town.world, session, town.clock, "web")
        for n, stream in enumerate(streams):
            head, place = crowd.person(n, crowd.HEAD), Prose(f"xã số {n}")
            stage.perform(stream, head, a.AmendReport(item="place", text=place))
            line = reporting_line(stage.incident(stream).unit, stage.organisation)
            assert line is not None
            stage.perform(stream, head, a.SubmitReport(through=line[0], to=line[1]))

    town.world.db.write(work)


def _talk(town: Town, streams: Sequence[str]) -> None:
    """What was told about each incident lies in the chats, the officer's and a few others'."""

    def work(session: Session) -> None:
        rows = [chats.chat_of(session, "web", str(one), one) for one in range(1, 11)]
        told = []
        for stream in streams:
            for n in range(LINES):
                told.append(_line(town, rows[n % len(rows)], stream))
        session.flush()
        session.connection().execute(insert(MessageRow), told)

    town.world.db.write(work)


def _line(town: Town, chat: ChatRow, stream: str) -> dict[str, Any]:
    chat.last_seq += 1
    return {
        "chat": chat.id,
        "seq": chat.last_seq,
        "person": chat.person,
        "sender": "bot",
        "state": "sent",
        "template": "notices/incident_ended#text",
        "text": "Vụ việc đã kết thúc.",
        "facts": "{}",
        "files": "[]",
        "choices": '[{"label":"see","do":{"show":"incident"}}]',
        "duties": f'[["{stream}","O1:open"]]',
        "stream": stream,
        "about": f"{stream}/duty:O1:open",
        "superseded": True,
        "created_at": town.clock,
        "sent_at": town.clock,
        "shown_at": town.clock,
    }


def rows() -> Iterator[Row]:
    """The 95th percentile of each opening, after a year and with fifty incidents."""
    with tempfile.TemporaryDirectory() as folder:
        both = [Province(Path(folder) / str(many), many) for many in ENDED.values()]
        for what, opened in OPENINGS.items():
            few, year = _timed(both, opened)
            ratio = share(year, 0.95) / share(few, 0.95)
            yield Row(
                f"{what} after a year (5,000 incidents, 500,000 entries), p95, ms",
                f"{_told(year)}; {ratio:.2f}×",
                f"{_told(few)} (with 50 incidents)",
                f"≤ {SLOWER:.0f}×",
                ratio <= SLOWER,
            )
        for one in both:
            one.town.close()


OPENINGS: dict[str, Callable[[Province], None]] = {
    "opening /vuviec": lambda one: one.asks("/vuviec"),
    "opening /viec": lambda one: one.asks("/viec"),
    "opening the board": Province.board,
}


def _timed(provinces: Sequence[Province], opened: Callable[[Province], None]) -> list[list[float]]:
    """Milliseconds of each opening in each province, in turns."""
    took: list[list[float]] = [[] for _ in provinces]
    for _ in range(TIMES):
        for one, times in zip(provinces, took, strict=True):
            begun = time.perf_counter()
            opened(one)
            times.append((time.perf_counter() - begun) * 1000)
    return took


def _told(times: Sequence[float]) -> str:
    return f"{share(times, 0.95):.0f} (median {median(times):.0f})"
