"""The desk of the operator: faults, the queue of updates, the log of calls."""

from typing import Any

from tests.botapi.faults import Fault
from tests.botapi.state import Call, State


class Desk:
    """What a test arranges and sees of the server itself."""

    def __init__(self, state: State) -> None:
        self.state = state

    def fault(
        self,
        method: str,
        kind: str | int,
        times: int = 1,
        chat: int | None = None,
        nth: int = 1,
        **args: Any,
    ) -> None:
        """The next `times` calls of a method ("*": any but getUpdates; "file": a download), or as
        many from the `nth` on, meet a fault: see faults.Fault for the kinds and arguments."""
        with self.state.lock:
            self.state.faults.add(Fault(method, str(kind), times, chat, args, nth))

    def clear_faults(self) -> None:
        """No call meets a fault any more."""
        with self.state.lock:
            self.state.faults.waiting.clear()

    def calls(self, method: str | None = None) -> list[Call]:
        """Every call, or those of one method (of any case), the oldest first."""
        with self.state.lock:
            found = list(self.state.calls)
        return [one for one in found if method is None or one.method.lower() == method.lower()]

    def pending(self) -> list[dict[str, Any]]:
        """The updates that the bot has not confirmed, in the order of delivery."""
        with self.state.lock:
            return [one.full() for one in self.state.updates.pending]

    @property
    def confirmed_offset(self) -> int:
        """One more than the highest confirmed update; 0 at first."""
        with self.state.lock:
            return self.state.updates.confirmed_offset

    @property
    def actions(self) -> list[tuple[int, str]]:
        """The chat actions ("typing" …) so far: chat and action."""
        with self.state.lock:
            return list(self.state.actions)

    def repeat(self, count: int = 1) -> int:
        """Delivers the last `count` confirmed updates once more; how many there were."""
        with self.state.lock:
            return self.state.updates.repeat(count)

    def shuffle(self) -> None:
        """Turns the order of the pending updates round."""
        with self.state.lock:
            self.state.updates.shuffle()

    def users(self) -> list[dict[str, Any]]:
        """Everybody, with whether he has started and blocked the bot."""
        with self.state.lock:
            return [
                one.name() | {"started": one.started, "blocked": one.blocked}
                for one in self.state.people.values()
            ]
