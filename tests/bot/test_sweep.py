"""What nobody needs any more goes; what anything still names stays for ever."""

import io
import os
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from bot import files
from bot.clock import tick
from bot.sweep import sweep
from bot.web.state import Web
from bot.world import World
from procedure import actions as a
from procedure.policy import Policy, PolicyFault, Retention
from storage import access, loose_files
from storage.tables import (
    DraftRow,
    FileRow,
    InboxRow,
    InviteRow,
    MessageRow,
    PlatformFileRow,
    SessionRow,
)
from tests.bot.keeping import PNG, told
from tests.bot.webroom import act, incident, says, settle
from tests.bot.webtown import HEAD, JPEG, NOW, REPORTER, sample_world
from tests.procedure.test_policy import TEXT

pytestmark = pytest.mark.sqlite


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The sample province."""
    made = sample_world(tmp_path)
    yield made
    made.db.close()


def keep(world: World, content: bytes = b"") -> str:
    """Keeps a file that nothing names; its hash."""
    content = content or PNG + secrets.token_bytes(64)
    arrived = files.receive(world.settings, io.BytesIO(content), "a.png")
    world.db.write(
        lambda session: files.place(
            session, world.settings, arrived, owner=REPORTER, at=world.now()
        )
    )
    return arrived.ref.sha256


def there(world: World, sha256: str) -> tuple[bool, bool]:
    """Whether a file has its bytes and its row."""
    row = world.db.read(lambda session: session.get(FileRow, sha256))
    return files.path_of(world.settings, sha256).exists(), row is not None


def pass_days(world: World, days: float) -> None:
    world.present.wind(timedelta(days=days))


HERE, GONE = (True, True), (False, False)


def test_a_file_that_nothing_names_goes_a_week_after_it_came(world: World) -> None:
    sha256 = keep(world)
    world.db.write(
        lambda session: session.add(
            PlatformFileRow(channel="telegram", sha256=sha256, kind="photo", external="x")
        )
    )
    pass_days(world, 6.9)
    assert sweep(world).files == 0
    assert there(world, sha256) == HERE
    pass_days(world, 0.2)
    assert sweep(world).files == 1
    assert there(world, sha256) == GONE
    assert world.db.read(lambda session: session.exec(select(PlatformFileRow)).all()) == []


def test_a_file_that_comes_again_has_its_week_again(world: World) -> None:
    content = PNG + b"same" * 20
    sha256 = keep(world, content)
    pass_days(world, 8)
    assert keep(world, content) == sha256
    assert sweep(world).files == 0
    pass_days(world, 8)
    assert sweep(world).files == 1


def test_one_that_comes_between_the_look_and_the_deed_stays(world: World) -> None:
    content = PNG + b"late" * 20
    sha256 = keep(world, content)
    pass_days(world, 8)
    (seen,) = world.db.read(lambda session: loose_files.loose(session, world.now()))
    keep(world, content)
    assert not world.db.write(lambda session: loose_files.forget(session, seen))
    assert there(world, sha256) == HERE


@pytest.mark.parametrize("where", ["message", "facts", "choices", "inbox", "answers", "args"])
def test_whatever_names_a_file_keeps_it(world: World, where: str) -> None:
    sha256 = keep(world)
    named = f'[{{"sha256":"{sha256}"}}]'
    chat = {"chat": 1, "seq": 9000, "person": 1, "created_at": NOW}
    draft = {"chat": 1, "person": 1, "form": "x", "touched_at": NOW}
    row = {
        "message": lambda: MessageRow(**chat, sender="bot", files=named),
        "facts": lambda: MessageRow(**chat, sender="bot", facts=named),
        "choices": lambda: MessageRow(**chat, sender="bot", choices=named),
        "inbox": lambda: InboxRow(
            channel="web", external="x", lane="1", person=1, body=named, received_at=NOW
        ),
        "answers": lambda: DraftRow(**draft, answers=named),
        "args": lambda: DraftRow(**draft, args=named),
    }[where]()
    world.db.write(lambda session: session.add(row))
    pass_days(world, 400)
    assert sweep(world).files == 0
    assert there(world, sha256) == HERE


def test_the_photos_of_an_incident_and_of_a_chat_stay_for_ever(world: World) -> None:
    for _ in range(2):
        told(world)
    pass_days(world, 4000)
    assert sweep(world).files == 0
    for sha256 in world.db.read(loose_files.hashes):
        assert there(world, sha256) == HERE


def test_bytes_without_a_row_and_what_a_kill_left_go_when_they_are_old(world: World) -> None:
    stray = files.path_of(world.settings, "ab" * 32)
    half = files.folder_of(world.settings) / "tmp" / "half"
    copy = world.settings.data_dir / ".backup-abc"
    for path in (stray, half, copy / "database.sqlite"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert (sweep(world).strays, sweep(world).spares) == (0, 0)
    then = NOW.timestamp() - 365 * 86400
    for path in (stray, half, copy):
        os.utime(path, (then, then))
    done = sweep(world)
    assert (done.strays, done.spares) == (1, 2)
    assert not any(path.exists() for path in (stray, half, copy))


def test_a_record_taken_back_takes_its_bytes_along_at_the_next_tick(
    page: TestClient, stream: str, web: Web
) -> None:
    tick(web.world)
    says(page, HEAD, stream, "ghi nhầm", record="true", files=[("a.jpg", JPEG)])
    says(page, HEAD, stream, "ở lại", record="true", files=[("b.jpg", JPEG + b"stays")])
    settle(web)
    gone, stays = (one.files[0].sha256 for one in incident(web, stream).records)
    withdraw(page, web, stream)
    tick(web.world)
    assert there(web.world, gone) == GONE
    assert there(web.world, stays) == HERE
    assert not web.world.db.read(loose_files.released)


def test_bytes_that_stand_elsewhere_too_stay_when_a_record_is_taken_back(
    page: TestClient, stream: str, web: Web
) -> None:
    tick(web.world)
    for words in ("ghi nhầm", "ở lại"):
        says(page, HEAD, stream, words, record="true", files=[("a.jpg", JPEG)])
    settle(web)
    first, second = (one.files[0].sha256 for one in incident(web, stream).records)
    assert first == second
    withdraw(page, web, stream)
    tick(web.world)
    assert there(web.world, second) == HERE


def withdraw(page: TestClient, web: Web, stream: str) -> None:
    """The author takes his first record back."""
    act(web, stream, HEAD, a.WithdrawRecord(record=1))


# Retention


def test_bodies_of_handled_updates_lose_their_words_after_their_time(world: World) -> None:
    told(world, "lời riêng của tôi")
    pass_days(world, 179)
    assert sweep(world).inbox == 0
    pass_days(world, 2)
    assert sweep(world).inbox == 1
    (row,) = world.db.read(lambda session: session.exec(select(InboxRow)).all())
    assert (row.body, row.state) == ("{}", "done")
    assert sweep(world).inbox == 0


def test_what_waits_or_was_set_aside_keeps_its_body(world: World) -> None:
    def work(session: Session) -> None:
        for state in ("new", "fetch", "aside"):
            session.add(
                InboxRow(
                    channel="web",
                    external=state,
                    lane="1",
                    person=1,
                    body='{"a":1}',
                    state=state,
                    received_at=NOW,
                    handled_at=NOW,
                )
            )

    world.db.write(work)
    pass_days(world, 4000)
    assert sweep(world).inbox == 0


def test_sign_ins_and_invitations_are_forgotten_long_after_their_end(world: World) -> None:
    def work(session: Session) -> None:
        access.sign_in(session, REPORTER, world.now())
        access.invite(session, REPORTER, world.now())

    world.db.write(work)
    pass_days(world, 96)
    assert sweep(world).sessions == 0
    pass_days(world, 2)
    assert sweep(world).sessions == 1
    assert world.db.read(lambda session: session.exec(select(InviteRow)).all()) == []
    pass_days(world, 171)
    assert sweep(world).sessions == 0
    pass_days(world, 2)
    assert sweep(world).sessions == 1
    assert world.db.read(lambda session: session.exec(select(SessionRow)).all()) == []


def test_the_policy_says_how_long_and_an_older_text_keeps_the_usual_spans() -> None:
    assert Policy.read(TEXT).retention == Retention()
    other = TEXT.replace('inbox = "180d"', 'inbox = "30d"')
    assert Policy.read(other).retention.inbox == timedelta(days=30)
    table = TEXT[TEXT.index("[retention]") : TEXT.index("# ----", TEXT.index("[retention]"))]
    assert Policy.read(TEXT.replace(table, "")).retention == Retention()


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('inbox = "180d"', 'inbox = "29d"', "policy.kept_too_short"),
        ('sessions = "90d"', 'sessions = "0d"', "policy.not_positive"),
        ('sessions = "90d"', 'sessions = "20wd"', "policy.working_days_here"),
        ('sessions = "90d"', "", "policy.missing"),
        ('sessions = "90d"', 'sessions = "90d"\njournal = "1d"', "policy.unknown_key"),
    ],
)
def test_a_span_that_is_too_short_or_unknown_is_refused(old: str, new: str, key: str) -> None:
    with pytest.raises(PolicyFault) as caught:
        Policy.read(TEXT.replace(old, new))
    assert caught.value.faults[0].key == key


def test_a_sweep_that_goes_wrong_keeps_no_ring_from_going_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Session) -> None:
        raise OSError("the disk")

    monkeypatch.setattr(loose_files, "hashes", broken)
    assert tick(world) >= 0
