"""The one place that reads the time: the world's clock, and in rehearsal how far it is wound."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Present:
    """`present()` is now, aware, UTC. In rehearsal it may stand apart from the machine's clock."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or (lambda: datetime.now(UTC))
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return self._source() + self.ahead

    def wind(self, forward: timedelta) -> None:
        """Moves the rehearsal clock; never back. Raises ValueError on a negative span."""
        if forward < timedelta(0):
            raise ValueError("the rehearsal clock is never wound back")
        self.ahead += forward

    def set_to(self, moment: datetime) -> None:
        """Puts the rehearsal clock to a moment."""
        self.ahead = moment - self._source()
