"""Kills the service at moments that a seed has chosen, and starts it again at once."""

import itertools
import os
import random
import threading
import time
import zlib

from tests.kills.service import Service

#: Seconds between an act and the kill, from and to: into the request itself, into the turn and
#: its delivery, into the quiet behind it. None: the service is dead before the act begins.
AIMS: tuple[tuple[float, float] | None, ...] = (
    None,
    (0.0, 0.004),
    (0.0, 0.02),
    (0.01, 0.06),
    (0.05, 0.4),
)
#: So often a process dies once more while it starts.
AGAIN = 0.25
STARTS_IN = 1.5


def seed() -> int:
    """MDM_KILL_SEED, or another number at each run, the same in all workers; it is printed."""
    given = os.environ.get("MDM_KILL_SEED")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or os.urandom(8).hex()
    return int(given) if given else zlib.crc32(run.encode()) % 10**6


class Killer:
    """`kills` deaths spread over the first `acts` acts of a play."""

    def __init__(self, service: Service, chance: random.Random, *, acts: int, kills: int) -> None:
        self.service = service
        self.chance = chance
        self.count = 0
        self.acts = 0
        self.died: list[str] = []
        self.broken: list[BaseException] = []
        bounds = [1 + acts * n // kills for n in range(kills)] + [acts] if kills else []
        self.plan = {
            chance.randrange(low, max(high, low + 1)): chance.choice(AIMS)
            for low, high in itertools.pairwise(bounds)
        }
        self.delays = {act: chance.uniform(*aim) if aim else None for act, aim in self.plan.items()}
        self.again = {act: chance.uniform(0, STARTS_IN) for act in self.plan}
        self.twice = {act for act in self.plan if chance.random() < AGAIN}
        self._running: list[threading.Thread] = []
        self._one = threading.Lock()

    def act(self) -> None:
        """Somebody is about to do something."""
        self.acts += 1
        if self.acts not in self.plan:
            return
        delay = self.delays[self.acts]
        if delay is None:
            self.service.kill()
        death = threading.Thread(target=self._death, args=(self.acts, delay), daemon=True)
        death.start()
        self._running.append(death)

    def _death(self, act: int, delay: float | None) -> None:
        try:
            time.sleep(delay or 0.0)
            with self._one:
                self._kill(f"act {act}, {'before it' if delay is None else f'{delay:.3f} s'}")
                if act in self.twice:
                    time.sleep(self.again[act])
                    self._kill(f"act {act}, {self.again[act]:.3f} s into the start")
                self.service.waits()
        except BaseException as error:
            self.broken.append(error)

    def _kill(self, when: str) -> None:
        self.service.kill()
        self.count += 1
        self.died.append(when)
        self.service.launch()

    def ends(self) -> None:
        """Waits until the last death is over and the service stands again."""
        for one in self._running:
            one.join(90)
        assert not self.broken, self.broken
        assert not any(one.is_alive() for one in self._running)
