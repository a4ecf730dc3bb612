"""The one way in: screened before anything is kept, stored once, committed."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot import files as kept_files
from bot.accept import Accepted, Update, accept, would_stop
from bot.world import World
from storage import files, inbox
from storage.database import News
from storage.tables import FileRow, InboxRow, MessageRow, SecretStopRow
from tests.bot.webtown import DUTY, JPEG, NOW, REPORTER, sample_world

STAMPED = "Xin gửi công văn mật số 12-CV/TU về tuyến đê"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = sample_world(tmp_path)
    yield made
    made.db.close()


def send(
    world: World, text: str = "sat lo", external: str = "1:a", person: int = REPORTER
) -> Accepted:
    body = {"type": "text", "text": text}
    return accept(
        world, Update(channel="web", external=external, person=person, body=body, texts=(text,))
    )


def rows(world: World, table: type) -> list:  # type: ignore[type-arg]
    return world.db.read(lambda session: list(session.exec(select(table)).all()))


def test_an_update_is_stored_once_however_often_it_comes(world: World) -> None:
    assert [send(world) for _ in range(3)] == [
        Accepted.STORED,
        Accepted.DUPLICATE,
        Accepted.DUPLICATE,
    ]
    (row,) = rows(world, InboxRow)
    assert (row.lane, row.person, row.received_at, row.state) == ("1", REPORTER, NOW, inbox.NEW)


def test_another_channel_keeps_its_own_lane(world: World) -> None:
    accept(
        world, Update(channel="telegram", external="7", person=1, body={}, texts=(), lane="chat-99")
    )
    assert rows(world, InboxRow)[0].lane == "chat-99"


def test_a_stamped_message_leaves_who_when_where_and_never_what(world: World) -> None:
    assert send(world, STAMPED) is Accepted.STOPPED
    assert rows(world, InboxRow) == []
    (stop,) = rows(world, SecretStopRow)
    assert (stop.channel, stop.external, stop.person, stop.at) == ("web", "1:a", REPORTER, NOW)
    told = {(prompt.template, prompt.person) for prompt in rows(world, MessageRow)}
    assert told == {("answers#secret_stopped", REPORTER), ("answers#secret_noted", DUTY)}


def test_what_is_stored_wakes_who_handles_it_and_what_is_stopped_those_who_send(
    world: World,
) -> None:
    heard: list[News] = []
    world.db.after_commit.append(heard.append)
    assert send(world, "Sạt lở bờ sông") is Accepted.STORED
    assert send(world, STAMPED, "2:b") is Accepted.STOPPED
    assert heard == [News.UPDATES, News.ALL]


def test_no_byte_of_a_stopped_message_is_in_the_data_folder(world: World, tmp_path: Path) -> None:
    send(world, STAMPED)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for word in (STAMPED, "12-CV/TU", "tuyến đê"):
        assert word.encode() not in written


def test_a_stopped_message_that_is_sent_again_is_stopped_once(world: World) -> None:
    assert [send(world, STAMPED) for _ in range(2)] == [Accepted.STOPPED, Accepted.STOPPED]
    assert len(rows(world, SecretStopRow)) == 1
    assert len([row for row in rows(world, MessageRow) if row.person == REPORTER]) == 1


def test_the_file_of_a_message_that_is_stopped_is_gone(world: World, tmp_path: Path) -> None:
    arrived = kept_files.receive(world.settings, io.BytesIO(JPEG), "a.jpg")
    result = accept(
        world,
        Update(
            channel="web",
            external="1:a",
            person=1,
            body={},
            texts=("", "van ban mat.jpg"),
            arrived=[arrived],
        ),
    )
    assert result is Accepted.STOPPED
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert rows(world, FileRow) == []


def test_a_stored_file_has_its_row_in_the_same_transaction(world: World) -> None:
    arrived = kept_files.receive(world.settings, io.BytesIO(JPEG), "a.jpg")
    accept(
        world,
        Update(
            channel="web",
            external="1:a",
            person=1,
            body={"type": "text", "text": ""},
            texts=("", "a.jpg"),
            arrived=[arrived],
        ),
    )
    (row,) = rows(world, FileRow)
    assert (row.sha256, row.owner, row.kept_at) == (arrived.ref.sha256, 1, NOW)
    assert arrived.ref.sha256 in rows(world, InboxRow)[0].body
    assert kept_files.path_of(world.settings, row.sha256).read_bytes() == JPEG


def test_a_pass_lets_one_message_of_its_sender_through(world: World) -> None:
    send(world, STAMPED)
    (stop,) = rows(world, SecretStopRow)
    world.db.write(lambda session: files.let_through(session, stop.id))
    assert send(world, STAMPED, "2:b", person=DUTY) is Accepted.STOPPED
    assert not would_stop(world, person=REPORTER, texts=(STAMPED,))
    assert send(world, STAMPED, "1:b") is Accepted.STORED
    assert send(world, STAMPED, "1:b") is Accepted.DUPLICATE, "the answer was lost on the way"
    assert would_stop(world, person=REPORTER, texts=(STAMPED,))
    assert send(world, STAMPED, "1:c") is Accepted.STOPPED


def test_a_harmless_message_does_not_spend_the_pass(world: World) -> None:
    send(world, STAMPED)
    (stop,) = rows(world, SecretStopRow)
    world.db.write(lambda session: files.let_through(session, stop.id))
    send(world, "sat lo", "1:b")
    assert not would_stop(world, person=REPORTER, texts=(STAMPED,))


def test_a_pass_is_no_longer_good_a_day_after_the_stop(world: World) -> None:
    def old(session: Session) -> None:
        at = NOW - files.PASS_LASTS
        session.add(SecretStopRow(channel="web", external="x", person=1, at=at, passed=True))

    world.db.write(old)
    assert send(world, STAMPED) is Accepted.STOPPED
