"""The numbers that the process counts itself; all others are read from the database."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter


@dataclass
class Meters:
    """Counters of one process in a registry of their own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.turns = self._counter("turns", "Updates handled")
        self.deliveries = self._counter("deliveries", "Prompts sent")
        self.failures = self._counter("worker_failures", "Rounds of a worker that went wrong")
        self.refused = self._counter("floods", "Times that a sender of the web was closed out")

    def _counter(self, name: str, words: str) -> Counter:
        return Counter(f"motdaumoi_{name}", words, registry=self.registry)
