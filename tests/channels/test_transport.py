"""The wire under python-telegram-bot: through proxies, with files, and what a lost call raises."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from bot.channels.telegram.transport import Patience, Transport
from tests.botapi.driver import TOKEN, BotApi
from tests.channels.pictures import png

PATIENCE = Patience(2.0, 2.0, 2.0)
USER = 42


class Socks:
    """A SOCKS5 proxy that wants a name and a password and leads wherever it is told to."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.asked: list[tuple[str, str, str]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as RFC 1928 and 1929 have it."""
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x02")
        _, length = await reader.readexactly(2)
        name = await reader.readexactly(length)
        password = await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x01\x00")
        *_, kind = await reader.readexactly(4)
        assert kind == 3, "the name is to be looked up by the proxy"
        host = await reader.readexactly((await reader.readexactly(1))[0])
        await reader.readexactly(2)
        self.asked.append((name.decode(), password.decode(), host.decode()))
        writer.write(b"\x05\x00\x00\x01" + bytes(4) + struct.pack(">H", self.to))
        onward = await asyncio.open_connection("127.0.0.1", self.to)
        await asyncio.gather(_pipe(reader, onward[1]), _pipe(onward[0], writer))


class Http:
    """An HTTP proxy that is asked for the whole address."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.asked: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: the first line names what is wanted, the rest goes as it comes."""
        head = await reader.readuntil(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        method, address, version = line.split()
        self.asked.append(head.decode())
        path = b"/" + address.split(b"/", 3)[3]
        onward = await asyncio.open_connection("127.0.0.1", self.to)
        onward[1].write(b" ".join((method, path, version)) + b"\r\n" + rest)
        await asyncio.gather(_pipe(reader, onward[1]), _pipe(onward[0], writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def serving(proxy: Socks | Http) -> AsyncIterator[int]:
    """The port on which a proxy listens."""
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def speaking(transport: Transport, base_url: str) -> AsyncIterator[Bot]:
    """A bot whose calls all go over this transport."""
    asking = Transport(1, transport.patience)
    bot = Bot(TOKEN, base_url=base_url, request=transport, get_updates_request=asking)
    async with bot:
        yield bot


@pytest.fixture
def api() -> AsyncIterator[BotApi]:
    with BotApi() as served:
        served.user(USER, "Thí Dụ")
        served.start(USER)
        yield served


async def test_a_socks_proxy_looks_the_name_up_itself(api: BotApi) -> None:
    proxy = Socks(api.port)
    async with serving(proxy) as port:
        through = f"socks5h://ai:m%40t@127.0.0.1:{port}"
        transport = Transport(2, PATIENCE, through)
        async with speaking(transport, "http://api.telegram.invalid/bot") as bot:
            sent = await bot.send_message(USER, "Xin chào")
    assert sent.text == "Xin chào"
    assert set(proxy.asked) == {("ai", "m@t", "api.telegram.invalid")}


async def test_an_http_proxy_is_given_the_whole_address_and_the_password(api: BotApi) -> None:
    proxy = Http(api.port)
    async with serving(proxy) as port:
        transport = Transport(2, PATIENCE, f"http://ai:x@127.0.0.1:{port}")
        async with speaking(transport, "http://api.telegram.invalid/bot") as bot:
            await bot.send_message(USER, "Xin chào")
    assert "http://api.telegram.invalid/bot" in proxy.asked[0]
    assert "Proxy-Authorization: Basic " in proxy.asked[0]


async def test_files_and_words_arrive_together(api: BotApi) -> None:
    async with speaking(Transport(2, PATIENCE), api.base_url) as bot:
        sent = await bot.send_photo(USER, png(side=64), caption="Sạt lở ấp Tre Đông")
    assert sent.caption == "Sạt lở ấp Tre Đông"
    assert (sent.photo[-1].width, sent.photo[-1].height) == (64, 64)


async def test_an_answer_that_does_not_come_is_a_time_out(api: BotApi) -> None:
    async with speaking(Transport(2, Patience(0.1, 0.1, 0.1)), api.base_url) as bot:
        api.fault("sendMessage", "timeout_after", times=1)
        with pytest.raises(TimedOut):
            await bot.send_message(USER, "Xin chào")


async def test_a_line_that_is_cut_is_a_fault_of_the_network(api: BotApi) -> None:
    async with speaking(Transport(2, PATIENCE), api.base_url) as bot:
        api.fault("sendMessage", "drop", times=1)
        with pytest.raises(NetworkError):
            await bot.send_message(USER, "Xin chào")


async def test_a_call_that_waits_too_long_for_a_connection_is_a_time_out(api: BotApi) -> None:
    async with speaking(Transport(1, Patience(0.2, 0.2, 0.2)), api.base_url) as bot:
        api.fault("sendMessage", "timeout_after", times=3)
        calls = [bot.send_message(USER, "Xin chào") for _ in range(3)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(one) for one in outcomes] == [TimedOut] * 3
