"""Telegram cannot be reached, or answers badly; and the service is asked to end in the midst of
it: at once, and with nothing half done."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.botapi.driver import BotApi
from tests.faults import outages
from tests.faults.storm import SEED, Storm
from tests.faults.wire import Wire

pytestmark = pytest.mark.sqlite

STREAMS = 5
#: Seconds within which a service that is asked to end has ended (design.md §6); beside other
#: tests, on a machine that is busy with them, twice as long.
ENDS_IN = 2.0 if os.environ.get("MDM_FAULTS") == "all" else 4.0


def test_a_line_that_fails_loses_nothing_and_the_end_is_clean(tmp_path: Path) -> None:
    with BotApi() as api:
        wire = Wire(api.port)
        life = {"constants": outages.HASTE}
        calmly = {"think": (0.2, 0.6), "reports": 0.2}
        storm = Storm(tmp_path, api, SEED, crowd=4, through=wire.url, life=life, **calmly)  # type: ignore[arg-type]
        try:
            storm.begin()
            for outage in (outages.refused, outages.half_open, outages.dead):
                outage(storm, wire, 1)
                outages.recovers(storm)
            outages.answers(storm, "502", 1)
            outages.recovers(storm)
            outages.answers(storm, "429", 1.5, retry_after=1)
            outages.recovers(storm)
            for kind in ("timeout_after", "drop", "500"):
                outages.lost_after(storm, kind, 2)
            outages.recovers(storm)
            _ends_cleanly(storm)
            outages.no_such_host(storm, 1)
            outages.ends_well(storm)
        finally:
            storm.close()
            wire.close()


def _ends_cleanly(storm: Storm) -> None:
    """SIGTERM with open event streams and sends that wait for their answer."""
    opened, ended = threading.Semaphore(0), threading.Semaphore(0)
    address = f"{storm.service.url}/api/stream?persons=1,3,12"

    def reads() -> None:
        with suppress(httpx.TransportError), httpx.stream("GET", address, timeout=30) as stream:
            for _ in stream.iter_raw():
                opened.release()
        ended.release()

    readers = [threading.Thread(target=reads, daemon=True) for _ in range(STREAMS)]
    for one in readers:
        one.start()
    for _ in readers:
        assert opened.acquire(timeout=10)
    storm.api.fault("sendMessage", "timeout_after", times=20)
    storm.goes_on(1.0)
    took = storm.service.ended()
    print(f"ended in {took:.2f} s")
    storm.buries()
    for _ in readers:
        assert ended.acquire(timeout=2)
    storm.api.clear_faults()
    storm.service.launch()
    outages.recovers(storm)
    assert took < ENDS_IN
