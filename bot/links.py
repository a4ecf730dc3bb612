"""One-time links as they are handed on, and a page of them to be printed (conduct §15)."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cli_words import say_whole
from bot.world import World
from procedure.organisation import Organisation, Person
from storage import access, marks
from storage.database import Session


@dataclass(frozen=True)
class Invited:
    """Somebody with his fresh links: to the page, and to Telegram where there is a bot."""

    person: Person
    page: str
    telegram: str


def make(world: World, session: Session, people: Iterable[Person], now: datetime) -> list[Invited]:
    """A fresh code for each, good for seven days from `now` (UTC) and for one use."""
    bot = marks.marked(session, marks.TELEGRAM_BOT)
    made = []
    for person in people:
        code = access.invite(session, person.id, now)
        telegram = f"https://t.me/{bot}?start={code}" if bot else ""
        made.append(Invited(person, f"{world.settings.address}/vao/{code}", telegram))
    return made


def picture(one: Invited) -> bytes:
    """What his phone can scan instead of the link, as a .png."""
    import segno

    made = io.BytesIO()
    segno.make(one.telegram or one.page).save(made, kind="png", scale=8, border=4)
    return made.getvalue()


def sheet(world: World, organisation: Organisation, several: Sequence[Invited]) -> str:
    """A page to be printed: a sheet for each unit, each person with what his phone can scan."""
    import segno

    by_unit: dict[int, list[Invited]] = {}
    for one in several:
        by_unit.setdefault(one.person.unit, []).append(one)
    units = [
        {
            "unit": organisation.units[unit],
            "people": [
                {"one": one, "code": segno.make(one.telegram or one.page).svg_inline(scale=3)}
                for one in ones
            ],
        }
        for unit, ones in sorted(by_unit.items())
    ]
    until = (world.now() + access.INVITE_LASTS).astimezone(world.settings.zone)
    return say_whole("invite_sheet", units=units, until=f"{until:%d/%m/%Y}")
