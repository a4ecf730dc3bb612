"""`/phancong`: name or hand over the spokesperson and the focal point (conduct §6, §11)."""

from collections.abc import Callable, Mapping, Sequence

from handlers import permits
from handlers.conclusion import keepers, speakers
from handlers.fields import people, person, text
from handlers.form import Field, Form, Values
from handlers.look import Desk
from procedure import actions as a
from procedure.facts import Assignment
from procedure.rules_speak import moved


def _others_to_speak(desk: Desk, values: Values) -> Sequence[int]:
    now = desk.case.spokesperson.person if desk.case.spokesperson else None
    return [one for one in speakers(desk, values) if one != now]


def _others_to_keep(desk: Desk, values: Values) -> Sequence[int]:
    now = desk.case.focal_point.person if desk.case.focal_point else None
    return [one for one in keepers(desk, values) if one != now]


def _held(desk: Desk, post: str) -> Assignment | None:
    return desk.case.spokesperson if post == "spokesperson" else desk.case.focal_point


def _expected(desk: Desk, post: str) -> int | None:
    """Who held the post when the form was begun; another hand-over since then wins."""
    seen = desk.args.get("expected")
    if seen is not None:
        return int(seen) or None
    held = _held(desk, post)
    return held.person if held else None


def _seen(post: str) -> Callable[[Desk], Mapping[str, int]]:
    """Keeps with the form whom he saw in the post when he began."""
    return lambda desk: {"expected": _expected(desk, post) or 0}


def _unmoved(post: str) -> permits.Permit:
    """Nobody else has changed it since: a form that has lost says so at its next question."""

    def permit(desk: Desk) -> None:
        held = _held(desk, post)
        if _expected(desk, post) != (held.person if held else None):
            raise moved(post, held)

    return permit


def _speak(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [
        a.AssignSpokesperson(
            person=values.get("person") or int(desk.args["person"]),
            expected=_expected(desk, "spokesperson"),
            by_authority=values["by_authority"],
            reason=values["reason"],
        )
    ]


def _keep(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [
        a.AssignFocalPoint(
            person=values.get("person") or int(desk.args["person"]),
            expected=_expected(desk, "focal_point"),
            by_authority=values["by_authority"],
            reason=values["reason"],
        )
    ]


def _not_named(desk: Desk, values: Values) -> bool:
    return "person" not in desk.args


SPOKESPERSON_FORM = Form(
    name="assign_spokesperson",
    fields=(
        Field(
            name="person",
            read=person(_others_to_speak),
            options=people(_others_to_speak),
            ask_if=_not_named,
        ),
        Field(name="by_authority", read=text(least=3)),
        Field(name="reason", read=text(least=5)),
    ),
    finish=_speak,
    permit=permits.all_of(
        permits.still_open,
        permits.sent_up,
        permits.manager,
        permits.concluded,
        _unmoved("spokesperson"),
    ),
    pin=_seen("spokesperson"),
    send_label="hand_over",
)

FOCAL_POINT_FORM = Form(
    name="assign_focal_point",
    fields=(
        Field(
            name="person",
            read=person(_others_to_keep),
            options=people(_others_to_keep),
            ask_if=_not_named,
        ),
        Field(name="by_authority", read=text(least=3)),
        Field(name="reason", read=text(least=5)),
    ),
    finish=_keep,
    permit=permits.all_of(
        permits.still_open,
        permits.sent_up,
        permits.manager,
        permits.concluded,
        _unmoved("focal_point"),
    ),
    pin=_seen("focal_point"),
    send_label="hand_over",
)
