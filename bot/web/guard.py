"""The door: where a request may come from, how large it may be, and what every answer carries."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import LOOPBACK
from bot.web.state import Web

OURS = "motdaumoi"
_MOST_JSON = 64 * 1024
#: Addresses that platforms call; each compares a secret of its own.
_CALLED_BY_PLATFORMS = frozenset({"/telegram/webhook"})
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR = 365 * 24 * 3600


class Guard:
    """Pure ASGI, so that streams pass through it unbuffered."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self.app = app
        self.web = web
        address = urlsplit(web.world.settings.address)
        self.public = address.netloc.lower()
        port = web.world.settings.port
        names = sorted(LOOPBACK | {"[::1]"})
        self.local = {f"{name}:{port}" for name in names} | {self.public}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses what must not come in; lets all else through and adds the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        refused = self._refusal(scope)
        if refused is None:
            await self.app(scope, receive, sending)
        else:
            await refused(scope, receive, sending)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        for name, value in SECURITY.items():
            headers.setdefault(name, value)
        if path.startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
        if self.web.secure:
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}"

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if self.web.rehearsal and host not in self.local and scope["path"] != "/healthz":
            # A name that an attacker points at this machine would speak for every persona.
            return self._said(421, "foreign_host", address=self.web.world.settings.address)
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["path"] in _CALLED_BY_PLATFORMS:
            return None
        if not self._is_ours(headers, host):
            return self._said(403, "foreign_page")
        length = headers.get("content-length", "")
        is_form = headers.get("content-type", "").startswith("multipart/form-data")
        if is_form:
            return None if length.isdigit() or not length else self._said(400, "bad_request")
        if not length.isdigit() or int(length) > _MOST_JSON:
            return self._said(413, "bad_request")
        return None

    def _is_ours(self, headers: Headers, host: str) -> bool:
        if headers.get("x-requested-with") != OURS:
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        return urlsplit(origin).netloc.lower() in {host, self.public}

    def _said(self, status: int, key: str, **facts: str) -> JSONResponse:
        return JSONResponse({"error": self.web.sentence(key, **facts)}, status_code=status)
