"""`/phong`: a group becomes the room of an incident, or the forum of all that come (conduct §13).

Asked in a group, answered in private, by an administrator of the bot who runs the group too.
"""

from typing import Protocol

from handlers.look import Desk
from handlers.say import Say, acts, choice
from procedure import actions as a
from procedure.codec import Prose
from procedure.errors import NotYours, Refused, WrongStep
from procedure.organisation import Organisation

#: Who runs a group, as its messenger says.
RUNS = ("creator", "administrator")
MOST = 9


class Bound(Protocol):
    """A place of a room, as the memory keeps it."""

    id: int | None
    stream: str | None
    room: int
    kind: str


def asked(desk: Desk, place: Bound | None) -> Say:
    """What the administrator is asked. Raises Refused when it is not his to decide."""
    _may(desk)
    if place is not None and place.stream is not None:
        return _unbind(desk, place)
    if place is not None:
        return Say(
            template="binding#forum_known",
            choices=[choice("end_forum", {"end_forum": place.id}), _leave()],
            facts=_facts(desk),
        )
    if desk.args["forum"]:
        about = {key: desk.args[key] for key in ("channel", "group", "title", "rights")}
        buttons = [choice("bind_forum", {"bind_forum": about}), _leave()]
        return Say(template="binding#forum", choices=buttons, facts=_facts(desk))
    return _which(desk)


def _which(desk: Desk) -> Say:
    bind = a.BindRoom(
        channel=desk.args["channel"], place=desk.args["group"], title=Prose(desk.args["title"])
    )
    found = list(desk.look.open_incidents())[:MOST]
    if not found:
        raise WrongStep("no_incident_to_bind")
    buttons = [
        choice("incident", acts(bind, one.stream), code=one.code, title=str(one.title)[:60])
        for one in found
    ]
    return Say(template="binding#which", facts=_facts(desk), choices=buttons, about="binding")


def _unbind(desk: Desk, place: Bound) -> Say:
    end = acts(a.EndRoom(room=place.room), str(place.stream))
    return Say(
        template="binding#bound_already",
        facts=_facts(desk),
        stream=place.stream,
        choices=[choice("unbind", end), _leave()],
        about="binding",
    )


def _leave() -> dict[str, object]:
    return choice("leave_so", {"leave_alone": True})


def _facts(desk: Desk) -> dict[str, object]:
    return {"title": desk.args["title"], "rights": list(desk.args["rights"])}


def only_admins(organisation: Organisation, person: int) -> None:
    """Raises NotYours, naming one who can, for everybody but the administrators."""
    if person not in organisation.admins:
        raise NotYours("only_admin_binds", who=next(iter(organisation.admins), None))


def _may(desk: Desk) -> None:
    only_admins(desk.organisation, desk.person)
    if not desk.args["status"]:
        raise Refused("group_not_asked")
    if desk.args["status"] not in RUNS:
        raise Refused("runs_no_group", title=desk.args["title"])
