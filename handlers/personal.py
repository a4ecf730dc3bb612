"""`/dulieu`: what is held on whoever asks, in three pages: he himself, his doors, how long."""

from collections.abc import Callable, Sequence
from typing import Any

from handlers.look import Desk
from handlers.say import Say, choice, shows
from procedure.incident import Incident
from procedure.parties import everyone, room_members

#: So many codes stand on a page, the newest; the rest is counted.
MOST = 20


def personal(desk: Desk) -> Sequence[Say]:
    """One page; each but the last has a button to the next."""
    page = min(max(int(desk.args.get("page", 1)), 1), len(_PAGES))
    block, facts = _PAGES[page - 1]
    onward = shows("personal", None, page=page + 1) | {"keep": True}
    buttons = [choice("next_page", onward)] if page < len(_PAGES) else []
    return [Say(template=block, facts={**facts(desk), "whom": desk.person}, choices=buttons)]


def pages(desk: Desk) -> list[Say]:
    """All pages, for a surface that shows them at once."""
    return [
        Say(template=block, facts={**facts(desk), "whom": desk.person}) for block, facts in _PAGES
    ]


def _himself(desk: Desk) -> dict[str, Any]:
    given = [
        {
            "role": one.role.value,
            "unit": one.unit,
            "since": one.since,
            "by": one.by,
            "first_day": one.first and one.first.isoformat(),
            "last_day": one.last and one.last.isoformat(),
        }
        for one in desk.look.held_on(desk.person).roles
    ]
    return {"given": given}


def _doors(desk: Desk) -> dict[str, Any]:
    held = desk.look.held_on(desk.person)
    files = [desk.look.incident(one) for one in reversed(held.streams)]
    codes = [one.code for one in files if _has_part(desk, one)]
    return {
        "linked": [{"channel": channel, "since": since} for channel, since in held.channels],
        "sessions": list(held.sessions),
        "codes": codes[:MOST],
        "more": max(0, len(codes) - MOST),
    }


def _has_part(desk: Desk, incident: Incident) -> bool:
    here = (
        *everyone(incident, desk.organisation),
        *room_members(incident, desk.organisation),
    )
    return desk.person in here and desk.may_see(incident)


def _how_long(desk: Desk) -> dict[str, Any]:
    kept = desk.look.retention()
    others = [one for one in desk.organisation.admins if one != desk.person]
    return {
        "inbox_days": kept.inbox.days,
        "sessions_days": kept.sessions.days,
        "keeper": others[0] if others else None,
    }


_PAGES: Sequence[tuple[str, Callable[[Desk], dict[str, Any]]]] = (
    ("views/personal#himself", _himself),
    ("views/personal#doors", _doors),
    ("views/personal#how_long", _how_long),
)
