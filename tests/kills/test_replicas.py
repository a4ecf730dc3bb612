"""Two replicas on PostgreSQL, killed in turn: nothing lost, nothing twice, the other takes over."""

import signal
import time
from pathlib import Path

import pytest

from tests.botapi.driver import BotApi
from tests.kills.doors_telegram import ACCOUNT
from tests.kills.play import Play
from tests.kills.replicas import Replicas
from tests.kills.service import Service, eventually
from tests.kills.story import KILLS, SEED, holds

pytestmark = pytest.mark.postgresql


class Shared(Play):
    """Played on two replicas."""

    runs = Replicas
    service: Replicas


def test_whichever_replica_dies_the_incident_goes_on_at_the_right_question(
    tmp_path: Path, api: BotApi
) -> None:
    play = Shared(tmp_path / "data", "VV-05", SEED, KILLS, api)
    try:
        play.run()
        found = play.found()
    finally:
        play.close()
    assert play.killer.count >= KILLS
    holds(found, "VV-05", play.killer.count)


def leads(service: Service) -> int:
    """How often it has taken over so far."""
    return service.log.read_text("utf-8").count('"event": "leads"')


def answers(api: BotApi, account: int) -> None:
    """Somebody writes and is answered, whoever leads."""
    before = len(api.chat(account))
    api.send_text(account, "/trogiup")
    eventually("an answer", lambda: len(api.chat(account)) > before + 1)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM])
def test_the_other_replica_takes_over_within_ten_seconds(
    tmp_path: Path, api: BotApi, how: signal.Signals
) -> None:
    play = Shared(tmp_path / "data", "VV-05", SEED, 0, api)
    first, second = play.service.both
    try:
        first.launch()
        first.waits()
        eventually("the first one leads", lambda: leads(first) == 1)
        second.launch()
        second.waits()
        answers(api, ACCOUNT + 1)
        assert leads(second) == 0
        assert first.process is not None
        first.process.send_signal(how)
        asked = time.monotonic()
        eventually("the other one leads", lambda: leads(second) == 1)
        assert time.monotonic() - asked < 10
        answers(api, ACCOUNT + 1)
        if how is signal.SIGSTOP:
            first.process.send_signal(signal.SIGCONT)
            eventually("it stands back", lambda: "leads_no_more" in first.log.read_text("utf-8"))
            answers(api, ACCOUNT + 1)
    finally:
        if first.process is not None and how is signal.SIGSTOP:
            first.process.send_signal(signal.SIGCONT)
        play.close()
