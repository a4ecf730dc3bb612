"""A wire between the bot and Telegram that can be cut, or go dead without a word."""

import contextlib
import itertools
import selectors
import socket
import threading
from datetime import UTC, datetime

from tests.ports import free_port

_BYTES = 65536


class Wire:
    """Listens on a port of its own and hands every connection on to one of `ports`, in turn.

    `refuses`: nobody listens and every connection is broken. `deaf`: connections stand and are
    taken, but nothing comes back; what the bot says still arrives, as when an answer is lost.
    `dead`: nothing is handed on in either direction.
    """

    def __init__(self, *ports: int) -> None:
        self._to = itertools.cycle(ports)
        self._one = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener: socket.socket | None = None
        self._ended = threading.Event()
        #: Which directions go through: to Telegram, and back.
        self.there = self.back = True
        # It stands again at the same place after an outage.
        self.port = free_port()
        self.heals()

    @property
    def url(self) -> str:
        """Where the bot finds Telegram."""
        return f"http://127.0.0.1:{self.port}"

    def refuses(self) -> None:
        """The connection is refused, and those that stood are reset."""
        self._unlisten()
        self._cut()

    def deaf(self) -> None:
        """Half open: what is answered from now on is lost."""
        self.there, self.back = True, False

    def dead(self) -> None:
        """Half open: nothing is lost and nothing arrives."""
        self.there = self.back = False

    def heals(self) -> datetime:
        """Everything goes through again; what stood half open is reset. Returns when."""
        self._cut()
        self.there = self.back = True
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
            threading.Thread(target=self._listen, args=(self._listener,), daemon=True).start()
        return datetime.now(UTC)

    def close(self) -> None:
        """Nobody listens any more."""
        self._ended.set()
        self.refuses()

    def _unlisten(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _cut(self) -> None:
        with self._one:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                taken, _ = listener.accept()
            except ConnectionAbortedError:
                continue
            except OSError:
                return  # Nobody is to listen any more.
            try:
                onward = socket.create_connection(("127.0.0.1", next(self._to)), 5)
            except OSError:
                taken.close()
                continue
            with self._one:
                self._pairs.append((taken, onward))
            threading.Thread(target=self._carries, args=(taken, onward), daemon=True).start()

    def _carries(self, taken: socket.socket, onward: socket.socket) -> None:
        """One connection until either end closes it."""
        with taken, onward, selectors.DefaultSelector() as looks:
            looks.register(taken, selectors.EVENT_READ, onward)
            looks.register(onward, selectors.EVENT_READ, taken)
            while not self._ended.is_set():
                for key, _ in looks.select(0.5):
                    source, to = key.fileobj, key.data
                    goes = self.there if source is taken else self.back
                    try:
                        assert isinstance(source, socket.socket)
                        found = source.recv(_BYTES)
                        if not found:
                            return
                        if goes:
                            to.sendall(found)
                    except OSError:
                        return
