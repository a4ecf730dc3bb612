"""`BotApi`: the server in a thread of this process, driven by Python calls."""

import asyncio
import socket
import threading
import time
from types import TracebackType

import uvicorn

from tests.botapi.app import Api
from tests.botapi.desk import Desk
from tests.botapi.limits import Limits
from tests.botapi.organisers import Organisers
from tests.botapi.state import Clock, State

TOKEN = "123456:TEST"
#: Seconds that an idle connection stands, longer than any client counts on, as at Telegram.
KEEPS_ALIVE = 75
#: Steps of the loop in which a connection comes about, or ends.
_LAST_STEPS = 5


class Quick(uvicorn.Server):
    """Ends at once: uvicorn looks ten times a second, which a test for each rule would feel."""

    def __init__(self, config: uvicorn.Config, api: Api) -> None:
        super().__init__(config)
        self.api = api

    async def main_loop(self) -> None:
        """Serves until the API closes."""
        await self.on_tick(0)
        await self.api.closing.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the connections, lets what still runs finish for a second, then ends the rest."""
        await self._hears_no_more()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        tasks = set(self.server_state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=1)
            for task in late:
                task.cancel()
        await self._lets_go()
        await self.lifespan.shutdown()

    async def _hears_no_more(self) -> None:
        """Who has just called is still let in: a server that is closed in between drops his
        connection half made, and the next test is told that it was never closed."""
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listening in server.sockets:
                loop.remove_reader(listening.fileno())
        for _ in range(_LAST_STEPS):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()

    async def _lets_go(self) -> None:
        """No connection outlives the loop."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for _ in range(_LAST_STEPS):
            await asyncio.sleep(0)


class BotApi(Organisers, Desk):
    """A running server, with all that users do and tests see as methods, safe in any thread.

    `clock`: returns an aware datetime; `limits=Limits()` switches the flood limits on;
    `retry_seconds`: the first pause before a webhook is tried again; `privacy`: whether a bot that
    is no administrator hears in groups only what is meant for it. Use it as a context manager or
    call `close`. Raises OSError when the port is taken.
    """

    def __init__(
        self,
        token: str = TOKEN,
        clock: Clock | None = None,
        limits: Limits | None = None,
        port: int = 0,
        retry_seconds: float = 1.0,
        privacy: bool = True,
    ) -> None:
        super().__init__(State(token, clock, limits, privacy))
        self.token = token
        self._asked = port
        self._retry_seconds = retry_seconds
        self._api: Api | None = None
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._run, name="botapi", daemon=True)
        self._up = threading.Event()
        self._thread.start()
        self._wait()

    @property
    def url(self) -> str:
        """The address of the server, without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """For `telegram.Bot(base_url=…)`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For `telegram.Bot(base_file_url=…)`."""
        return f"{self.url}/file/bot"

    def _run(self) -> None:
        api = self._api = Api(self.state, self._retry_seconds)
        config = uvicorn.Config(
            api.app(),
            host="127.0.0.1",
            port=self._asked,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            ws="none",
            loop="asyncio",
            timeout_keep_alive=KEEPS_ALIVE,
        )
        self._server = Quick(config, api)
        try:
            self._server.run()
        except SystemExit:
            return
        finally:
            self._up.set()

    def _wait(self) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until and self._thread.is_alive():
            server = self._server
            if server is not None and server.started:
                self.port = int(server.servers[0].sockets[0].getsockname()[1])
                return
            time.sleep(0.005)
        raise OSError(f"the Bot API server could not listen on port {self._asked}")

    def close(self) -> None:
        """Ends the server: nothing waits, nothing listens any more."""
        if self._api is not None:
            self._api.close_soon()
        self._thread.join(10)

    def __enter__(self) -> "BotApi":
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the server."""
        self.close()
