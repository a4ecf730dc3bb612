"""Reads what a page sends: words first, screened before any byte of a file is taken in."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from bot.files import MOST_BYTES, MOST_FILES, clean_name
from bot.web.state import Problem

MOST_WORDS = 10_000
_MOST_BODY = MOST_FILES * (MOST_BYTES + 4096) + 1024 * 1024
#: What is still read and thrown away after a refusal, so that the browser hears the answer.
_MOST_DRAINED = 64 * 1024 * 1024


class _TooLarge(MultiPartException):
    """A part is larger than a file may be."""


class _Secret(MultiPartException):
    """The words or a file's name carry a stamp: nothing more is taken in."""


@dataclass(frozen=True)
class Upload:
    """One message of a page. `secret`: it was cut off at its stamp, and `files` is empty."""

    client_id: str
    text: str
    reply_to: int | None
    #: What is said in a room is to go on record.
    record: bool
    files: tuple[UploadFile, ...]
    names: tuple[str, ...]
    secret: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is screened for stamps of secrecy."""
        return (self.text, *self.names)


class _Parser(MultiPartParser):
    """Measures each part as it comes and asks `stops` before the first byte of a file."""

    def __init__(
        self,
        request: Request,
        body: AsyncGenerator[bytes, None],
        stops: Callable[[list[str]], bool],
    ) -> None:
        super().__init__(request.headers, body, max_files=MOST_FILES, max_fields=8)
        self._size = 0
        self._stops = stops
        self.names: list[str] = []

    def on_part_begin(self) -> None:
        self._size = 0
        super().on_part_begin()

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        file = self._current_part.file
        if file is not None:
            self.names.append(file.filename or "")
            if self._stops([self.words("text"), *self.names]):
                raise _Secret("stopped")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > MOST_BYTES:
            raise _TooLarge("too large")
        super().on_part_data(data, start, end)

    def words(self, name: str) -> str:
        """A field that has come in already."""
        return next(
            (value for key, value in self.items if key == name and isinstance(value, str)), ""
        )


async def read_upload(request: Request, stops: Callable[[list[str]], bool]) -> Upload:
    """The message of a multipart request.

    `stops` says of the words and names so far whether they carry a stamp. Raises Problem: 400
    when it cannot be read, 413 when a file is too large or there are too many.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Problem(400, "bad_request")
    if int(request.headers.get("content-length") or 0) > _MOST_BODY:
        raise Problem(413, "file_too_large", name="")
    async with aclosing(_limited(request)) as body:
        parser = _Parser(request, body, stops)
        try:
            await parser.parse()
        except _Secret:
            await _drain(body)
            return _made(parser, secret=True)
        except _TooLarge:
            await _drain(body)
            raise Problem(413, "file_too_large", name=clean_name(parser.names[-1])) from None
        except MultiPartException as error:
            await _drain(body)
            if "Too many files" in str(error):
                raise Problem(413, "too_many_files", most=MOST_FILES) from None
            raise Problem(400, "bad_request") from None
    return _made(parser, secret=False)


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > _MOST_BODY:
            raise _TooLarge("too large")
        yield chunk


async def _drain(body: AsyncGenerator[bytes, None]) -> None:
    left = _MOST_DRAINED
    async for chunk in body:
        left -= len(chunk)
        if left < 0:
            return


def _made(parser: _Parser, *, secret: bool) -> Upload:
    reply_to = parser.words("reply_to")
    if reply_to and not (reply_to.isascii() and reply_to.isdigit() and len(reply_to) < 16):
        raise Problem(400, "bad_request")
    if len(parser.words("text")) > MOST_WORDS:
        raise Problem(413, "too_long", most=MOST_WORDS)
    sent = [
        value for key, value in parser.items if key == "files" and isinstance(value, UploadFile)
    ]
    return Upload(
        client_id=parser.words("client_id"),
        text=parser.words("text"),
        reply_to=int(reply_to) if reply_to else None,
        record=parser.words("record") == "true",
        files=() if secret else tuple(sent),
        names=tuple(parser.names),
        secret=secret,
    )
