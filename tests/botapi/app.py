"""The server over HTTP: the Bot API, downloads, the control of the users, a small page."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.botapi import rules
from tests.botapi.control import control
from tests.botapi.courier import Courier
from tests.botapi.faults import Fault
from tests.botapi.files import BIGGEST_UPLOAD, Upload
from tests.botapi.methods import METHODS
from tests.botapi.organisers import Organisers
from tests.botapi.polling import Poller
from tests.botapi.refusal import PREFIX, Refused, bad
from tests.botapi.rules import Query
from tests.botapi.state import Call, State

MOST_CALLS = 20_000  # older ones are forgotten
PAGE = Path(__file__).with_name("page.html")
SAID = {"setwebhook": "Webhook was set", "deletewebhook": "Webhook was deleted"}
GATEWAY = {
    "502": "502 Bad Gateway",
    "503": "503 Service Unavailable",
    "504": "504 Gateway Time-out",
}


def gateway(said: str) -> str:
    """The page of the server before Telegram's."""
    return (
        f"<html>\r\n<head><title>{said}</title></head>\r\n<body>\r\n"
        f"<center><h1>{said}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
        "</body>\r\n</html>\r\n"
    )


class Cable:
    """Hands the connection to the endpoints, so that a fault can cut it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] == "http":
            scope["cable"] = getattr(getattr(send, "__self__", None), "transport", None)
        await self.app(scope, receive, send)


class Api:
    """The endpoints, over one state."""

    def __init__(self, state: State, retry_seconds: float = 1.0) -> None:
        self.state = state
        self.clients = Organisers(state)
        self.poller = Poller(state)
        self.courier = Courier(state, retry_seconds)
        self.closing = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    def app(self) -> ASGIApp:
        """The ASGI application."""
        routes = [
            Route("/", self.page),
            Route("/control/{verb}", self.control, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/{anything:path}", self.nothing, methods=["GET", "POST"]),
        ]
        return Cable(Starlette(routes=routes, lifespan=self.lifespan))

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Runs the courier while the server runs."""
        self.loop = asyncio.get_running_loop()
        self.poller.open()
        courier = asyncio.create_task(self.courier.run())
        yield
        self.close()
        courier.cancel()
        await asyncio.gather(courier, return_exceptions=True)

    def close(self) -> None:
        """Lets go of every request that still waits."""
        self.closing.set()
        self.poller.end(None)

    def close_soon(self) -> None:
        """The same from another thread."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.close)

    async def page(self, _: Request) -> Response:
        """The page to chat with the bot by hand."""
        return HTMLResponse(PAGE.read_text(encoding="utf-8"))

    async def nothing(self, _: Request) -> Response:
        """Any other address."""
        return refused(Refused(404, "Not Found"))

    async def control(self, request: Request) -> Response:
        """What a test in another process, or the page, lets a user do or see."""
        body = await request.body()
        status, answer = control(
            self.clients, request.path_params["verb"], json.loads(body) if body else {}
        )
        return JSONResponse(answer, status)

    async def download(self, request: Request) -> Response:
        """The bytes of a file, at the path that getFile gave."""
        try:
            rules.known_token(request.path_params["token"], self.state.token)
        except Refused as error:
            return refused(error)
        with self.state.lock:
            path = request.path_params["path"]
            stored = self.state.files.download(path, self.state.clock())
            fault = self.state.faults.take("file", None)
        if fault is not None:
            broken = await self.broken(request, fault)
            if broken is not None:
                return broken
        if stored is None or stored.data is None:
            return refused(Refused(404, "Not Found"))
        return Response(stored.data, media_type="application/octet-stream")

    async def call(self, request: Request) -> Response:
        """One call of a method of the Bot API."""
        method = request.path_params["method"]
        call = Call(method, {}, [], self.state.clock())
        try:
            rules.known_token(request.path_params["token"], self.state.token)
            query = await read(request, method)
            call.args, call.files = query.args, sorted(query.files)
            with self.state.lock:
                self.state.calls.append(call)
                del self.state.calls[:-MOST_CALLS]
                fault = self.state.faults.take(method, query.chat)
        except Refused as error:
            return self.noted(call, error.code, error.body())
        except ClientDisconnect:
            return Response()  # Killed in the middle of its request.
        if fault is None:
            return await self.answer(query, call)
        call.fault = fault.kind
        return await self.met(request, query, call, fault)

    async def met(self, request: Request, query: Query, call: Call, fault: Fault) -> Response:
        """A call that meets a fault."""
        carried = fault.kind == "timeout_after" or fault.args.get("after", False)
        if fault.kind == "slow":
            await self.sleep(float(fault.args.get("seconds", 1.0)))
            return await self.answer(query, call)
        if carried:
            await self.answer(query, call)
        call.status = None
        broken = await self.broken(request, fault)
        assert broken is not None
        if fault.kind.isdigit():
            call.status = int(fault.kind)
        return broken

    async def broken(self, request: Request, fault: Fault) -> Response | None:
        """What comes instead of an answer; None when a slow answer is all."""
        if fault.kind == "slow":
            await self.sleep(float(fault.args.get("seconds", 1.0)))
            return None
        if fault.kind in GATEWAY:
            return HTMLResponse(gateway(GATEWAY[fault.kind]), int(fault.kind))
        if fault.kind == "garbage":
            return Response('{"ok":tru', media_type="application/json")
        if fault.kind.startswith("timeout"):
            await self.silence(request)
            return Response()
        if fault.kind == "drop":
            cable = request.scope.get("cable")
            if cable is not None:
                cable.abort()
            await asyncio.sleep(0.01)
            return Response()
        return refused(faulty(fault))

    async def silence(self, request: Request) -> None:
        """Says nothing until the client has had enough, or the server ends."""

        async def hung_up() -> None:
            await request.receive()

        gone = asyncio.create_task(hung_up())
        end = asyncio.create_task(self.closing.wait())
        await asyncio.wait({gone, end}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        end.cancel()

    async def sleep(self, seconds: float) -> None:
        """Waits, but not beyond the end of the server."""
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return

    async def answer(self, query: Query, call: Call) -> Response:
        """Carries a call out."""
        name = query.method.lower()
        try:
            if name == "getupdates":
                result: Any = await self.poller.get(query)
            elif name in METHODS:
                with self.state.lock:
                    result = METHODS[name](self.state, query)
                if name == "setwebhook" and self.state.updates.webhook is not None:
                    self.poller.end(Refused(409, "Conflict: terminated by setWebhook request"))
            else:
                raise Refused(404, "Not Found")
        except Refused as error:
            return self.noted(call, error.code, error.body())
        body = {"ok": True, "result": result}
        if name in SAID:
            body["description"] = SAID[name]
        return self.noted(call, 200, body)

    def noted(self, call: Call, status: int, body: dict[str, Any]) -> Response:
        """Writes the answer down and gives it."""
        call.status, call.answer = status, body
        return JSONResponse(body, status)


def refused(error: Refused) -> Response:
    """A refusal as an answer."""
    return JSONResponse(error.body(), error.code)


def faulty(fault: Fault) -> Refused:
    """The refusal that a fault asks for."""
    code = int(fault.kind)
    if code == 429:
        seconds = int(fault.args.get("retry_after", 1))
        return Refused(429, f"Too Many Requests: retry after {seconds}", seconds)
    usual = {
        400: "Bad Request: chat not found",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        409: "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
        500: "Internal Server Error",
    }
    said = str(fault.args.get("description", usual[code]))
    if "migrate_to" in fault.args:
        said = "group chat was upgraded to a supergroup chat"
    said = said if said.startswith(PREFIX[code]) else f"{PREFIX[code]}: {said}"
    return Refused(code, said, migrate_to=fault.args.get("migrate_to"))


async def read(request: Request, method: str) -> Query:
    """The parameters of a request: query string, urlencoded form, JSON or multipart."""
    query = Query(method, dict(request.query_params))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "GET" or not kind:
        return query
    if int(request.headers.get("content-length", 0)) > BIGGEST_UPLOAD + 2**20:
        async for _ in request.stream():
            pass
        raise Refused(413, "Request Entity Too Large")
    if kind == "application/json":
        return told(query, await request.body())
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_part_size=2**21) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    data = await value.read()
                    if len(data) > BIGGEST_UPLOAD:
                        raise Refused(413, "Request Entity Too Large")
                    upload = Upload(value.filename or "file", value.content_type or "", data)
                    query.files[name] = upload
                else:
                    query.args[name] = value
    return query


def told(query: Query, body: bytes) -> Query:
    """The parameters of a JSON body; whatever is no text is kept as JSON."""
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad("can't parse JSON object")
    for name, value in values.items():
        if value is not None:
            query.args[name] = value if isinstance(value, str) else json.dumps(value)
    return query
