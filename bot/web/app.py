"""Puts the web together: the pages, the addresses, the guard, and how faults are told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.web import (
    asking,
    board,
    chat,
    download,
    health,
    links,
    readiness,
    rehearsal,
    rooms,
    session,
    stream,
    webhook,
)
from bot.web.guard import Guard
from bot.web.hub import Hub
from bot.web.state import Problem, Web, rehearses
from bot.world import World
from storage.away import DatabaseAway

log = structlog.get_logger()
STATIC = Path(__file__).resolve().parent / "static"
#: Always asked again, answered 304 by its ETag: a deploy is seen at once.
_ASK_AGAIN = {"Cache-Control": "no-cache"}
#: A page asks again after so long while nothing can be kept.
_AWAY_SECONDS = 5


class _App(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        """The guard stands outermost: the answer to an unforeseen fault passes it too."""
        return Guard(super().build_middleware_stack(), self.state.web)


class _Static(StaticFiles):
    def file_response(self, *args: Any, **named: Any) -> Response:
        """A static file that a browser asks for again."""
        response = super().file_response(*args, **named)
        response.headers.update(_ASK_AGAIN)
        return response


def make_web(world: World, *, tick: Callable[[World], Any]) -> Web:
    """The shared state of one web application. Raises SettingFaults on a wrong BOT_REHEARSAL."""
    web = Web(
        world=world,
        hub=Hub(world),
        rehearsal=rehearses(world),
        started_at=world.now(),
        tick=tick,
    )
    web.meters.registry.register(health.DatabaseNumbers(web))
    return web


def make_app(web: Web) -> FastAPI:
    """The ASGI application."""
    app = _App(
        title="motdaumoi",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
    )
    app.state.web = web
    # The first and the plainest: somebody waits for each of these.
    app.add_route("/telegram/webhook", webhook.telegram, ["POST"], include_in_schema=False)
    for part in (
        session,
        links,
        chat,
        rooms,
        stream,
        board,
        readiness,
        rehearsal,
        asking,
        health,
        download,
    ):
        app.include_router(part.router)
    _add_pages(app)
    _add_faults(app, web)
    app.mount("/static", _Static(directory=STATIC), name="static")
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    web: Web = app.state.web
    web.world.db.after_commit.append(web.hub.notify)
    looking = asyncio.create_task(web.hub.run())
    try:
        yield
    finally:
        web.hub.stop()
        web.world.db.after_commit.remove(web.hub.notify)
        await looking


def _add_pages(app: FastAPI) -> None:
    def page(name: str) -> Callable[[], FileResponse]:
        def shown() -> FileResponse:
            return FileResponse(STATIC / name, media_type="text/html", headers=_ASK_AGAIN)

        return shown

    for path, name in (("/", "chat.html"), ("/board", "board.html"), ("/vao/{code}", "link.html")):
        app.add_api_route(path, page(name), include_in_schema=False, response_class=FileResponse)


def _add_faults(app: FastAPI, web: Web) -> None:
    def told(status: int, key: str, **facts: Any) -> JSONResponse:
        headers = {"Retry-After": str(facts["retry_after"])} if "retry_after" in facts else None
        words = {"error": web.sentence(key, **facts)}
        return JSONResponse(words, status_code=status, headers=headers)

    @app.exception_handler(Problem)
    def problem(request: Request, fault: Problem) -> JSONResponse:
        return told(fault.status, fault.key, **fault.facts)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, fault: RequestValidationError) -> JSONResponse:
        return told(HTTPStatus.BAD_REQUEST, "bad_request")

    @app.exception_handler(HTTPException)
    def refused(request: Request, fault: HTTPException) -> JSONResponse:
        missing = fault.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
        return told(fault.status_code, "not_found" if missing else "bad_request")

    @app.exception_handler(DatabaseAway)
    def away(request: Request, fault: DatabaseAway) -> JSONResponse:
        log.warning("database_away", path=request.url.path)
        words = {"error": web.sentence("server_trouble")}
        headers = {"Retry-After": str(_AWAY_SECONDS)}
        return JSONResponse(words, HTTPStatus.SERVICE_UNAVAILABLE, headers)

    @app.exception_handler(Exception)
    def trouble(request: Request, fault: Exception) -> JSONResponse:
        return told(HTTPStatus.INTERNAL_SERVER_ERROR, "server_trouble")
