"""`check --watch`: a second watcher, apart from the service, for cron or a systemd timer.

It asks `/healthz` of every service it is given. When one is silent or says that it is down, it
tells the administrators by Telegram itself: once when that begins, once when it has ended.
"""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bot.channels.telegram.client import Client, TelegramError
from bot.cli_check import Finding
from bot.cli_words import say
from bot.present import Present
from bot.settings import Settings
from storage import accounts, copies, people
from storage.database import Session, open_database

TIMEOUT_SECONDS = 10.0
#: One lost packet at night wakes nobody.
_ASKED = 2
STATE = "watch.json"
_TELEGRAM = "telegram"


@dataclass(frozen=True)
class Outage:
    """Since when a service is silent or down, why, and whether anybody has been told."""

    since: datetime
    why: str
    told: bool


def watch(settings: Settings, addresses: Sequence[str]) -> Iterator[Finding]:
    """Asks each service and says how it is, one line each; tells the operators of a change."""
    now = Present()()
    memory = _Memory(settings.watch_state or settings.data_dir / STATE)
    for given in addresses:
        why, late = _asked(_whole(given))
        before = memory.outages.get(given)
        if why is None:
            yield True, say("watch_well", url=given, late=late)
            if before is not None:
                yield from _well_again(settings, memory, given, before)
            continue
        outage = before or Outage(now, why, told=False)
        yield False, say("watch_down", url=given, why=why, at=_clock(settings, outage.since))
        if not outage.told:
            words = say("watch_tell_down", url=given, why=why, at=_clock(settings, outage.since))
            told, line = _tell(settings, words)
            outage = Outage(outage.since, why, told=told)
            yield told, line
        memory.outages[given] = outage
    try:
        memory.keep()
    except OSError as error:
        yield False, say("watch_forgets", path=memory.path, why=error.strerror or error)


def _well_again(
    settings: Settings, memory: "_Memory", given: str, before: Outage
) -> Iterator[Finding]:
    """Who was told that it began is told that it has ended; again, until Telegram takes it."""
    told = True
    if before.told:
        told, line = _tell(
            settings, say("watch_tell_well", url=given, at=_clock(settings, before.since))
        )
        yield told, line
    if told:
        del memory.outages[given]


def _whole(address: str) -> str:
    return address if urlsplit(address).path.strip("/") else f"{address.rstrip('/')}/healthz"


def _asked(address: str) -> tuple[str | None, Sequence[str]]:
    """What is wrong with a service (None: it is well), and what is late there."""
    why: str | None = None
    for _ in range(_ASKED):
        why, late = _answer(address)
        if why is None:
            return None, late
    return why, ()


def _answer(address: str) -> tuple[str | None, Sequence[str]]:
    try:
        answer = httpx.get(address, timeout=TIMEOUT_SECONDS)
        told = answer.json()
        down = [name for name in ("database", "tick") if told.get(name) != "ok"]
        if answer.status_code == httpx.codes.OK and not down:
            return None, [str(one) for one in told.get("late", ())]
    except (httpx.HTTPError, httpx.InvalidURL):
        return say("watch_silent"), ()
    except (ValueError, AttributeError, TypeError):
        return say("watch_strange", status=answer.status_code), ()
    return say("watch_unwell", status=answer.status_code, down=down), ()


def _clock(settings: Settings, at: datetime) -> str:
    return f"{at.astimezone(settings.zone):%H:%M %d/%m/%Y}"


class _Memory:
    """What is known from the last time, in a small file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outages: dict[str, Outage] = {}
        try:
            kept: Mapping[str, Mapping[str, str | bool]] = json.loads(path.read_text("utf-8"))
            for address, one in kept.items():
                since = datetime.fromisoformat(str(one["since"]))
                self.outages[address] = Outage(since, str(one["why"]), told=bool(one["told"]))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            self.outages = {}  # A state that cannot be read costs one message more, no less.

    def keep(self) -> None:
        """Writes it down whole. Raises OSError."""
        if not self.outages and not self.path.exists():
            return
        kept = {
            address: {"since": one.since.isoformat(), "why": one.why, "told": one.told}
            for address, one in self.outages.items()
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        spare = self.path.with_name(f"{self.path.name}.new")
        spare.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        os.replace(spare, self.path)


def _tell(settings: Settings, words: str) -> tuple[bool, str]:
    """Whether anybody was reached, and the line that says so."""
    if settings.telegram_token is None:
        return False, say("watch_no_token")
    chats = _administrators(settings) or _chats_of(settings)
    if not chats:
        return False, say("watch_nobody")
    reached, why = asyncio.run(_send(settings, chats, words))
    if reached:
        return True, say("watch_told", count=reached)
    return False, say("watch_not_told", why=why)


def _administrators(settings: Settings) -> list[int]:
    """The private chats of the administrators; empty where the database cannot be read."""
    try:
        if not copies.stands(settings.database):
            return []
        database = open_database(settings.database)
        try:
            today = Present()().astimezone(settings.zone).date()
            return database.read(lambda session: _chats_of_admins(session, today))
        finally:
            database.close()
    except Exception:  # Whatever is wrong with it may be the very outage.
        return []


def _chats_of_admins(session: Session, today: date) -> list[int]:
    found = (
        account
        for person in people.organisation(session).on(today).admins
        for account in accounts.of_person(session, person)
    )
    return [int(one.external) for one in found if one.channel == _TELEGRAM]


def _chats_of(settings: Settings) -> list[int]:
    return [int(one) for one in (settings.watch_chats or "").split(",") if one.strip()]


async def _send(settings: Settings, chats: Sequence[int], words: str) -> tuple[int, str]:
    """How many chats took the words, and why the last one did not."""
    client, reached, why = Client(settings), 0, ""
    try:
        await client.start()
        for chat in chats:
            try:
                await client.bot.send_message(chat, words)
                reached += 1
            except TelegramError as error:
                why = str(error)
    except TelegramError as error:
        why = str(error)
    finally:
        await client.stop()
    return reached, why
