"""The running service: web, turns, delivery and the clock in one process; it ends within 2 s."""

import asyncio
import contextlib
import gc
import io
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from errno import EACCES, EADDRINUSE
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Protocol, TextIO, cast

import structlog
import uvicorn

from bot import files
from bot.alone import Alone, Lease
from bot.clock import start_clock, tick
from bot.cores import Core
from bot.deliver import deliver_all
from bot.hidden import Hider, secrets_of
from bot.settings import SettingFaults, Settings
from bot.turn import AT_A_TIME, Batch, turn_all
from bot.web.app import make_app, make_web
from bot.web.hub import Hub
from bot.web.state import Web
from bot.world import make_world
from storage import inbox
from storage.database import News, is_file

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Telegram

log = structlog.get_logger()
#: Streams end at once by our own event; this is for a request that is still being answered.
GRACE_SECONDS = 1
#: Longer than a proxy keeps an idle connection (Caddy: 120 s, nginx: 60 s), else it would now and
#: then pass a request to one that is just being closed.
KEEP_ALIVE = 130
#: Of these only warnings; what tells every address in full would tell Telegram's token.
_QUIET = ("uvicorn", "apscheduler", "sqlalchemy", "httpx", "httpcore", "aiohttp", "telegram")
_BATCH = 20
_LOOK_ANYWAY = 30.0
#: A page waits so long for a line at the most, seconds: each commit is no round of its own.
_BREATH = 0.03
#: After so much quiet it is asked when something will be due by itself, seconds: sooner than that
#: nothing is (an album is gathered for longer).
_STILL = 0.25
#: After a fault, seconds.
_PAUSE = 1.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Beside(Protocol):
    """Work that is done while the service runs: a drill."""

    #: The service ends: the work is to end too.
    stopping: threading.Event
    #: Whether the service goes on when the work is done.
    stays: bool

    def __call__(self) -> None:
        """Does the work, in a thread of its own, once the page can be opened."""
        ...


def run(settings: Settings, beside: Beside | None = None) -> None:
    """Serves until SIGINT or SIGTERM, or until the work `beside` is done. Migrated before.

    Prints one line with the address when it is ready. Raises SettingFaults when the port is
    taken or a rehearsal is asked for where it may not be.
    """
    set_up_logging(settings.log_level, secrets_of(settings))
    world = make_world(settings)
    try:
        if world.is_sample():
            world.restore_clock()
        web = make_web(world, tick=tick)
        _telegram(web)  # A wrong setting is named before anything is listened to.
        listener = _listen(settings)
        with contextlib.closing(listener):
            files.sweep(settings)
            server = Server(web, beside)
            with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
                runner.run(_serve(web, server, listener))
    finally:
        world.db.close()
    log.info("stopped")


def set_up_logging(level: str, secrets: Iterable[str] = (), log_file: TextIO | None = None) -> None:
    """JSON lines, for our own events and for the libraries'; never message bodies. They go to
    stderr, where no `log_file` is given.

    `secrets` are taken out of every line, whoever wrote it: errors of libraries quote them.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    to = cast(TextIO, _Forgiving(log_file or sys.stderr))
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    hider = Hider(secrets)
    # Our own lines go straight there: by the library's loggers each takes several times as long.
    structlog.configure(
        processors=[*shared, as_json, hider],
        logger_factory=structlog.WriteLoggerFactory(to),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                as_json,
                hider,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Forgiving(io.TextIOBase):
    """Where the log goes: that a line finds no place there ends nothing of what it tells of."""

    def __init__(self, to: TextIO) -> None:
        self._to = to

    def write(self, line: str) -> int:
        """The line, if it can be written."""
        with contextlib.suppress(OSError, ValueError):
            self._to.write(line)
        return len(line)

    def flush(self) -> None:
        """All that was written, if it can be."""
        with contextlib.suppress(OSError, ValueError):
            self._to.flush()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else type(error).__name__
        log.error("cannot_listen", host=settings.host, port=settings.port, why=why)
        taken = isinstance(error, OSError) and error.errno in (EADDRINUSE, EACCES)
        raise SettingFaults({"BOT_PORT": "port_taken"} if taken else {"BOT_HOST": "host"}) from None


class Server(uvicorn.Server):
    """Uvicorn that ends our streams first and does not raise the signal again at the end."""

    def __init__(self, web: Web, beside: Beside | None = None) -> None:
        config = uvicorn.Config(
            make_app(web),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=KEEP_ALIVE,
            ws="none",
        )
        super().__init__(config)
        self.web = web
        self.beside = beside
        self.work: asyncio.Task[None] | None = None
        #: What else is told at once that the service ends.
        self.ends: list[Callable[[], None]] = [beside.stopping.set] if beside else []

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The signals belong to us while we serve; none is raised again afterwards."""
        loop = asyncio.get_running_loop()
        for one in _SIGNALS:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in _SIGNALS:
                loop.remove_signal_handler(one)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal ends calmly, a second one at once."""
        log.info("stopping", signal=signal.Signals(sig).name)
        self.force_exit = self.should_exit
        self.should_exit = True
        self.web.hub.stop()
        for end in self.ends:
            end()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Says where the page is, once it can be opened."""
        await super().startup(sockets)
        if self.started:
            # What is here now stays for good: to look through it again and again for what could be
            # let go would hold up everybody for a tenth of a second.
            gc.freeze()
            address = self.web.world.settings.address
            print(self.web.sentence("ready", address=address), flush=True)
            if self.beside:
                self.work = asyncio.create_task(self._work(self.beside))

    async def _work(self, beside: Beside) -> None:
        try:
            await asyncio.to_thread(beside)
        finally:
            if not beside.stays:
                self.should_exit = True
                self.web.hub.stop()


def _telegram(web: Web, may: Callable[[], bool] = lambda: True) -> "Telegram | None":
    """The messenger that is set; a rehearsal speaks to nobody but this machine.

    Nothing is sent unless it `may`. Raises SettingFaults.
    """
    settings = web.world.settings
    if settings.telegram_token is None:
        return None
    if web.world.is_sample() and not settings.telegram_loopback:
        raise SettingFaults({"BOT_TELEGRAM_API_URL": "rehearsal_channel"})
    # Its library takes long to load and much memory: only where the messenger is set.
    from bot.channels.telegram.channel import Telegram

    telegram = Telegram(web.world, may=may, turns=lambda first: _turns(web, first) >= AT_A_TIME)
    web.channels["telegram"] = telegram.health
    if not telegram.polls:
        web.webhook = telegram.called
    return telegram


async def _serve(web: Web, server: Server, listener: socket.socket) -> None:
    turns = Worker(
        web.hub,
        "turns",
        lambda: _turns(web),
        News.UPDATES,
        wait=lambda: _wait(web),
        most=AT_A_TIME,
    )
    deliveries = Worker(web.hub, "deliveries", lambda: _deliveries(web), News.REST, breath=_BREATH)
    workers = (turns, deliveries)
    wakers = [worker.waker() for worker in workers]
    tasks = [asyncio.create_task(worker.run(web)) for worker in workers]
    alone = Alone(web.world, Lease(web.world.db), start_clock, partial(_telegram, web))
    wakers.append(alone.heard)
    tasks.append(asyncio.create_task(alone.run()))
    server.ends.append(alone.stop)
    if web.rehearsal and not is_file(web.world.db.address):
        # Whoever winds the clock winds it for all replicas.
        web.world.db.after_commit.append(lambda _: web.world.restore_clock())
    web.world.db.after_commit += wakers
    web.world.db.listen()
    core = asyncio.create_task(Core().keep()) if web.world.settings.one_core else None
    log.info("started", address=web.world.settings.address, rehearsal=web.rehearsal)
    try:
        await server.serve(sockets=[listener])
        if server.work:
            await server.work
    finally:
        if core:
            core.cancel()
        web.hub.stop()
        for worker in workers:
            worker.woken.set()
        alone.stop()
        await asyncio.gather(*tasks)


def _turns(web: Web, first: Batch | None = None) -> int:
    done = turn_all(web.world, AT_A_TIME, first)
    web.meters.turns.inc(done)
    return done


def _wait(web: Web) -> float:
    """Seconds until the next look: an album is whole a moment after its last part."""
    ready = web.world.db.read(inbox.next_ready)
    if ready is None:
        return _LOOK_ANYWAY
    return max(0.05, (ready - web.world.now()).total_seconds())


def _deliveries(web: Web) -> int:
    done = deliver_all(web.world, _BATCH)
    web.meters.deliveries.inc(done)
    return done


def from_any_thread(wake: Callable[[News], None]) -> Callable[[News], None]:
    """The same on the loop that runs now, called from any thread; nothing once it has ended."""
    loop = asyncio.get_running_loop()

    def call(news: News) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(wake, news)

    return call


class Worker:
    """Does its round in a thread after every commit, until there is nothing left to do.

    `news` are the commits that it is for; `wait` says for how many seconds it may sleep when there
    are none. Between two rounds it takes a `breath`, so that one round answers many commits. A
    round that did fewer than `most` has left nothing.
    """

    def __init__(
        self,
        hub: Hub,
        name: str,
        round: Callable[[], int],
        news: News,
        *,
        wait: Callable[[], float] = lambda: _LOOK_ANYWAY,
        breath: float = 0.0,
        most: int = _BATCH,
    ) -> None:
        self.hub = hub
        self.name = name
        self.round = round
        self.news = news
        self.most = most
        self.wait = wait
        self.breath = breath
        self.woken = asyncio.Event()
        self.woken.set()

    def waker(self) -> Callable[[News], None]:
        """What wakes it by what it is for, from any thread."""

        def wake(news: News) -> None:
            if news & self.news:
                self.woken.set()

        return from_any_thread(wake)

    async def run(self, web: Web) -> None:
        """Until the service stops; what goes wrong is logged and tried again."""
        while not self.hub.stopping:
            self.woken.clear()
            try:
                await self._round()
            except Exception:
                log.exception("worker_failed", worker=self.name)
                web.meters.failures.inc()
                await asyncio.sleep(_PAUSE)

    async def _round(self) -> None:
        """A round, and the rest after it; how long that may be is asked once it is quiet."""
        if await asyncio.to_thread(self.round) >= self.most:
            return
        if await self._heard(_STILL) or await self._heard(await asyncio.to_thread(self.wait)):
            await asyncio.sleep(self.breath)

    async def _heard(self, seconds: float) -> bool:
        """Whether there was news within this time."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), seconds)
        return self.woken.is_set()
