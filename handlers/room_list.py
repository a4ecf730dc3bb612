"""`/phong` in private: which groups are rooms now, and how another one becomes a room."""

from collections.abc import Sequence

from handlers.look import Desk
from handlers.say import Say


def rooms(desk: Desk) -> Sequence[Say]:
    """For administrators all rooms by code and group; for anybody else those he sees."""
    admin = desk.person in desk.organisation.admins
    found = [
        {"code": one.code, "title": str(room.title)}
        for one in desk.look.open_incidents()
        if admin or desk.may_see(one)
        for room in one.rooms
        if room.ended_at is None
    ]
    return [Say(template="views/rooms#list", facts={"rooms": found, "admin": admin})]
