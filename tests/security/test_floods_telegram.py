"""A flood by Telegram: confirmed, not stored, told once; nobody's report is lost unheard."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.channels.telegram.measure import Measures
from bot.flood import PERSON, STRANGER, STRANGERS, Gate, Measure
from storage.tables import InboxRow
from tests.channels.pictures import png
from tests.telegram_town import ACCOUNT, TelegramTown

CLERK, HEAD, STRANGE = 1, 3, 99
SENTENCE = "chưa được nhận"
#: The same doors, narrower: what is proved here does not hang on how many fit through.
FEW = Measure(6, 1.0)


@pytest.fixture
def town(town: TelegramTown) -> TelegramTown:
    """Its people may send little at once."""
    gates = {"said": Gate(FEW), "taps": Gate(FEW), "stranger": Gate(FEW)}
    town.telegram.receiver.measures = Measures(**gates)
    return town


def bodies(town: TelegramTown) -> list[str]:
    rows = town.world.db.read(lambda session: session.exec(select(InboxRow.body)).all())
    return list(rows)


def polls(town: TelegramTown) -> None:
    """Takes in what waits at Telegram, and nothing else."""
    while town.api.pending():
        town.runs(town.telegram.receiver.poll(0))
        town.runs(town.telegram.receiver.poll(0))


def told(town: TelegramTown, account: int) -> list[str]:
    town.settles()
    shown = [one.text for one in town.api.chat(account) if one.from_bot and SENTENCE in one.text]
    return shown


def test_a_flood_is_confirmed_and_not_stored_and_its_sender_hears_it_once(
    town: TelegramTown,
) -> None:
    account, before = ACCOUNT + CLERK, len(bodies(town))
    for n in range(FEW.burst + 20):
        town.api.send_text(account, f"dong {n}")
    polls(town)
    assert town.api.pending() == [], "confirmed, every one"
    kept = bodies(town)[before:]
    assert len(kept) == FEW.burst + 1
    assert '"untaken"' in kept[-1] and "dong" not in kept[-1]
    (words,) = told(town, account)
    assert "02:36" in words and "02:37" in words and "gửi lại" in words and "0296" in words
    assert len(words.split()) <= 60


def test_after_a_minute_he_is_heard_again_and_a_second_flood_is_told_again(
    town: TelegramTown,
) -> None:
    account = ACCOUNT + CLERK
    for round in (1, 2):
        for n in range(FEW.burst + 5):
            town.api.send_text(account, f"dong {n}")
        polls(town)
        assert len(told(town, account)) == round
        town.forward(seconds=FEW.rest)
    before = len(bodies(town))
    town.api.send_text(account, "sat lo ap tre dong")
    polls(town)
    assert "sat lo ap tre dong" in bodies(town)[before]


def test_an_album_that_has_begun_comes_in_whole(town: TelegramTown) -> None:
    account, before = ACCOUNT + CLERK, len(bodies(town))
    town.api.send_album(account, [("photo", png(n), None) for n in range(10)])
    polls(town)
    assert len(bodies(town)) == before + 10
    assert told(town, account) == []


def test_what_waited_while_we_were_away_is_no_flood(town: TelegramTown) -> None:
    account, before = ACCOUNT + CLERK, len(bodies(town))
    for n in range(FEW.burst * 3):
        town.api.send_text(account, f"dong {n}")
        town.clock += timedelta(seconds=30)
    polls(town)
    assert len(bodies(town)) == before + FEW.burst * 3
    assert told(town, account) == []


def test_taps_are_measured_too_and_each_turning_wheel_ends(town: TelegramTown) -> None:
    account = ACCOUNT + CLERK
    town.says(CLERK, "/trogiup")
    last = town.api.last(account)
    assert last is not None
    before, answered = len(bodies(town)), len(town.api.calls("answerCallbackQuery"))
    for _ in range(FEW.burst + 7):
        town.api.tap_stale(account, last.id, "999999:1")
    polls(town)
    assert len(bodies(town)) == before + FEW.burst + 1
    assert len(town.api.calls("answerCallbackQuery")) == answered + FEW.burst + 7
    assert len(told(town, account)) == 1


def test_one_person_s_flood_closes_nobody_else_out(town: TelegramTown) -> None:
    for n in range(FEW.burst + 5):
        town.api.send_text(ACCOUNT + CLERK, f"dong {n}")
    town.api.send_text(ACCOUNT + HEAD, "/trogiup")
    polls(town)
    assert told(town, ACCOUNT + HEAD) == []
    assert "/trogiup" in bodies(town)[-1]


def test_a_stranger_is_measured_hard_and_nothing_is_said_to_him(town: TelegramTown) -> None:
    town.api.user(STRANGE, "Ai Đó")
    before = len(bodies(town))
    for n in range(40):
        town.api.send_text(STRANGE, f"/start doan-{n}")
    polls(town)
    assert len(bodies(town)) == before + FEW.burst
    assert told(town, STRANGE) == []


def test_all_strangers_together_are_measured(town: TelegramTown) -> None:
    town.telegram.receiver.measures = Measures(strangers=Gate(Measure(10, 0.1)))
    before = len(bodies(town))
    for n in range(15):
        town.api.user(STRANGE + n, "Ai Đó")
        town.api.send_text(STRANGE + n, "alo")
    town.api.send_text(ACCOUNT + CLERK, "/trogiup")
    polls(town)
    assert len(bodies(town)) == before + 11
    assert "/trogiup" in bodies(town)[-1], "who is registered passes by them"


def test_the_same_updates_again_count_nothing(town: TelegramTown) -> None:
    account = ACCOUNT + CLERK
    for n in range(FEW.burst):
        town.api.send_text(account, f"dong {n}")
    polls(town)
    for _ in range(5):
        town.api.repeat(FEW.burst)
        polls(town)
    assert told(town, account) == []


@pytest.mark.sqlite
def test_when_the_sentence_cannot_be_written_down_he_is_measured_anew_and_loses_nothing(
    town: TelegramTown,
) -> None:
    for n in range(FEW.burst + 1):
        town.api.send_text(ACCOUNT + CLERK, f"dong {n}")
    breaks(town, "untaken")
    town.world.strict = False
    with pytest.raises(Exception, match="poison"):
        polls(town)
    mends(town)
    polls(town)
    assert f"dong {FEW.burst}" in bodies(town)[-1]


def breaks(town: TelegramTown, word: str) -> None:
    """The database itself refuses what holds a word, as a full disk or a broken page would."""
    rule = (
        "CREATE TRIGGER poison BEFORE INSERT ON inbox "
        f"WHEN NEW.body LIKE '%{word}%' BEGIN SELECT RAISE(ABORT, 'poison'); END"
    )
    town.world.db.write(lambda session: session.execute(text(rule)))


def mends(town: TelegramTown) -> None:
    town.world.db.write(lambda session: session.execute(text("DROP TRIGGER poison")))


@pytest.mark.sqlite
def test_an_update_that_cannot_be_stored_is_let_go_after_three_tries_and_its_sender_told(
    town: TelegramTown,
) -> None:
    breaks(town, "thuoc doc")
    town.world.strict = False
    account = ACCOUNT + CLERK
    town.api.send_text(account, "thuoc doc")
    town.api.send_text(account, "dong ke tiep")
    receiver = town.telegram.receiver
    for _ in range(2):
        with pytest.raises(Exception, match="poison"):
            town.runs(receiver.poll(0))
    assert not any("dong ke tiep" in one for one in bodies(town))
    assert town.runs(receiver.poll(0)) == 2
    assert "dong ke tiep" in bodies(town)[-1]
    town.settles()
    assert any("chưa đọc được" in one for one in town.screen("Thí Dụ"))


@pytest.mark.sqlite
def test_while_nothing_can_be_stored_nothing_is_let_go(town: TelegramTown) -> None:
    breaks(town, "type")
    town.world.strict = False
    town.api.send_text(ACCOUNT + CLERK, "sat lo ap tre dong")
    for _ in range(10):
        with pytest.raises(Exception, match="poison"):
            town.runs(town.telegram.receiver.poll(0))
    mends(town)
    polls(town)
    assert "sat lo ap tre dong" in bodies(town)[-1]


@pytest.mark.sqlite
def test_what_comes_again_because_it_could_not_be_stored_uses_up_no_measure(
    town: TelegramTown,
) -> None:
    breaks(town, "type")
    town.world.strict = False
    town.api.send_text(ACCOUNT + CLERK, "sat lo ap tre dong")
    for _ in range(FEW.burst):
        with pytest.raises(Exception, match="poison"):
            town.runs(town.telegram.receiver.poll(0))
    mends(town)
    polls(town)
    assert "sat lo ap tre dong" in bodies(town)[-1]


def test_the_doors_of_a_service_have_the_measures_of_people_and_of_strangers() -> None:
    made = Measures()
    assert made.said.measure == made.taps.measure == PERSON
    assert made.stranger.measure == STRANGER and made.strangers.measure == STRANGERS
    assert PERSON.burst >= 30 > STRANGER.burst
