"""How python-telegram-bot's calls go over the wire: aiohttp, in place of its own httpx.

It takes a fraction of the processor time, and does not get slower the more calls run at the same
time (docs/benchmarks.md).
"""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

import aiohttp
import certifi
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_NOT_SAID = BaseRequest.DEFAULT_NONE
_SOCKS_PORT = 1080


@dataclass(frozen=True)
class Told:
    """What a call tells, without files: in place of the library's RequestData, which would put
    each value into JSON by itself and then all of them once more."""

    values: Mapping[str, str | int]


@dataclass(frozen=True)
class Patience:
    """How long a call may take, seconds: to a connection, to a sign of life, to an upload."""

    connect: float
    read: float
    write: float


class Transport(BaseRequest):
    """At most `connections` calls at the same time, through `proxy` if there is one.

    Every call raises TimedOut or NetworkError when nothing came of it, as far as we can know.
    """

    def __init__(self, connections: int, patience: Patience, proxy: str | None = None) -> None:
        self._connections = connections
        self.patience = patience
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take, where a call names none."""
        return self.patience.read

    async def initialize(self) -> None:
        """Gets ready; needs a running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                # Asked for again at every call else, though nothing is set there.
                trust_env=self._proxy is None and bool(getproxies()),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Closes the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def tell(self, url: str, values: Mapping[str, str | int]) -> Any:
        """One call without files; its result. Raises TelegramError, as `post` does."""
        return await self.post(url, cast(RequestData, Told(values)))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = _NOT_SAID,
        write_timeout: ODVInput[float] = _NOT_SAID,
        connect_timeout: ODVInput[float] = _NOT_SAID,
        pool_timeout: ODVInput[float] = _NOT_SAID,
    ) -> tuple[int, bytes]:
        """One call; the status and the bytes of the answer. Raises TimedOut, NetworkError."""
        if self._session is None:
            raise RuntimeError("not initialized")
        read = _seconds(read_timeout, self.patience.read)
        connect = _seconds(connect_timeout, self.patience.connect)
        write = _seconds(write_timeout, self.patience.write)
        # A connection is waited for as long as for an answer: all may be in use.
        waits = aiohttp.ClientTimeout(
            total=connect + write + 2 * read,
            connect=connect + read,
            sock_connect=connect,
            sock_read=read,
        )
        data = _body(request_data) if request_data else None
        proxy = self._proxy if self._proxy and not _is_socks(self._proxy) else None
        try:
            async with self._session.request(
                method, url, data=data, timeout=waits, proxy=proxy
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}: {error}") from error

    def _connector(self) -> aiohttp.BaseConnector:
        trusted = ssl.create_default_context()
        trusted.load_verify_locations(certifi.where())
        settled: dict[str, Any] = {"limit": self._connections, "ssl": trusted}
        if not self._proxy or not _is_socks(self._proxy):
            return aiohttp.TCPConnector(**settled)
        from aiohttp_socks import ProxyConnector

        to = urlsplit(self._proxy)
        return ProxyConnector(
            host=to.hostname or "",
            port=to.port or _SOCKS_PORT,
            username=unquote(to.username or ""),
            password=unquote(to.password or ""),
            rdns=True,  # Where Telegram is blocked, its name often is too.
            **settled,
        )


def _is_socks(proxy: str) -> bool:
    return urlsplit(proxy).scheme.startswith("socks")


def _seconds(asked: ODVInput[float], otherwise: float) -> float:
    return otherwise if isinstance(asked, DefaultValue) or asked is None else asked


def _body(data: RequestData | Told) -> aiohttp.Payload | aiohttp.FormData:
    if isinstance(data, Told):
        return _as_json(data.values)
    files = data.multipart_data
    if not files:
        return _as_json(data.json_parameters)
    # Names of files go as they are written: percent signs would stand in the reader's chat.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in files.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form


def _as_json(values: Mapping[str, str | int]) -> aiohttp.Payload:
    # As a form every letter of ours would take six, and long to make.
    words = json.dumps(values, ensure_ascii=False).encode()
    return aiohttp.BytesPayload(words, content_type="application/json")
