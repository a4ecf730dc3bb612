"""`/dientap`: the real procedure as a drill; who may begin one, and whom he asks to report."""

from collections.abc import Sequence

from handlers.look import Desk
from handlers.navigation import duty_officer
from handlers.say import Choice, Say, choice, opens
from procedure.errors import NotYours
from procedure.parties import is_press
from procedure.text import fold
from procedure.words import Role, UnitKind

_LEADING = frozenset({Role.ADMIN, Role.HEAD})
MOST = 6


def may_begin(desk: Desk) -> None:
    """Administrators, the propaganda department's people, and heads of units. Raises NotYours."""
    home = desk.organisation.units[desk.me.unit]
    roles = {held.role for held in desk.organisation.held_by(desk.person)}
    if home.kind is not UnitKind.PROPAGANDA_DEPARTMENT and not roles & _LEADING:
        raise NotYours("only_drill_leaders", who=duty_officer(desk))


def asked(desk: Desk, name: str) -> Say:
    """Who of this name is to send the first line; nobody is asked before a button is tapped."""
    may_begin(desk)
    wanted = " ".join(fold(name).split())
    found = [one for one in desk.organisation.people.values() if wanted in fold(one.name)]
    able = [one.id for one in found if not is_press(one.id, desk.organisation)]
    if not able:
        return Say(template="answers#drill_nobody", facts={"wanted": name[:40]})
    buttons = [choice("drill_invite", {"drill": one}, person=one) for one in able[:MOST]]
    return Say(template="answers#drill_whom", choices=buttons)


def invitation(by: int) -> Sequence[Choice]:
    """The button under the request to report."""
    do = opens("report_incident", None, drill=True, invited_by=by)
    return [choice("report_drill", do)]
