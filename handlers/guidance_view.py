"""What is read of guidance: the one story, who got which version, receipts, the room's people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.guidance import STORY
from handlers.look import Desk
from handlers.say import Choice, Say, choice, opens, shows
from procedure.decision import require
from procedure.errors import Refused
from procedure.facts_guidance import Guidance
from procedure.guidance import directive_received, released
from procedure.incident import Incident
from procedure.parties import Party, Post
from procedure.rules_guidance import guides

Row = dict[str, Any]


def story(desk: Desk) -> Sequence[Say]:
    """The key messages, the same bytes for every reader (row 7)."""
    now = desk.case.key_messages
    if now is None:
        raise Refused("nothing_there_yet")
    stream = desk.case.stream
    facts = {"revision": now.revision}
    return [Say(template=STORY, facts=facts, stream=stream, about=f"story:{stream}")]


def guidance(desk: Desk) -> Sequence[Say]:
    """The record of delivery: each newsroom, which version, sent, seen, received (row 6)."""
    _department_only(desk)
    if not desk.case.guidance:
        raise Refused("nothing_there_yet")
    stream = desk.case.stream
    sent = [_sent(desk, one) for one in reversed(desk.case.guidance)]
    buttons: list[Choice] = []
    if _may(desk):
        buttons.append(choice("guide_newsrooms", opens("guide_newsrooms", stream)))
    return [
        Say(
            template="views/guidance#guidance",
            facts={"sent": sent},
            choices=buttons,
            stream=stream,
            about=f"guidance:{stream}",
        )
    ]


def _sent(desk: Desk, one: Guidance) -> Row:
    texts = _times(desk, "notices/guidance#text", "guidance", one.id)
    words = _times(desk, "notices/guidance_replaced#text", "guidance", one.id)
    rows = [
        _row(who, texts.get(who), one.received.get(str(who)), replaced=False) for who in one.people
    ]
    rows += [_row(who, words.get(who), None, replaced=True) for who in one.old]
    return {
        "version": one.version,
        "at": one.at.isoformat(),
        "by": one.by,
        "rows": rows,
    }


def receipts(desk: Desk) -> Sequence[Say]:
    """Who was sent a directive, has seen and has received it; for its sender (row 23)."""
    number = desk.args.get("directive")
    found = [one for one in desk.case.directives if number is None or one.id == int(number)]
    if not found:
        raise Refused("nothing_there_yet")
    one = found[-1]
    if desk.person != one.by:
        _department_only(desk)
    times = _times(desk, "notices/directive#text", "directive", one.id)
    rows = [
        _row(who, times.get(who), directive_received(desk.case, one.id, who)) for who in one.people
    ]
    received = sum(row["received"] is not None for row in rows)
    stream = desk.case.stream
    facts = {"text": str(one.text), "by": one.by, "at": one.at.isoformat(), "rows": rows}
    return [
        Say(
            template="views/guidance#receipts",
            facts={**facts, "directive": one.id, "received": received},
            choices=list(_earlier(desk, one.id)),
            stream=stream,
            about=f"receipts:{stream}:{one.id}",
        )
    ]


def _earlier(desk: Desk, shown: int) -> Iterator[Choice]:
    """The directives before and after the one that is shown, the newest first; at most three."""
    for one in [one for one in reversed(desk.case.directives) if one.id != shown][:3]:
        do = shows("receipts", desk.case.stream, directive=one.id) | {"keep": True}
        yield choice("receipts_of", do, at=one.at.isoformat(), number=one.id)


def members(desk: Desk) -> Sequence[Say]:
    """[Thành phần]: who belongs to the room; the department adds and takes out (row 22)."""
    stream = desk.case.stream
    buttons: list[Choice] = []
    if _may(desk):
        buttons = [
            choice("add_member", opens("add_member", stream)),
            choice("remove_member", opens("remove_member", stream)),
        ]
    return [
        Say(
            template="views/guidance#members",
            choices=buttons,
            stream=stream,
            about=f"members:{stream}",
        )
    ]


def released_texts(desk: Desk) -> Sequence[Say]:
    """`/phatngon` of a newsroom: the texts that it was sent and that stand (conduct §13)."""
    found = [
        Say(
            template="views/guidance#released",
            facts={"statement": text.version},
            choices=[choice("copy_verbatim", {"copy": str(text.text)})],
            stream=one.stream,
            about=f"released:{one.stream}",
        )
        for one in desk.look.open_incidents()
        if (text := released(one))
        and not text.void
        and desk.person in _guided_with(one, text.version)
    ]
    return found or [Say(template="views/guidance#none_released")]


def _guided_with(incident: Incident, version: int) -> frozenset[int]:
    sent = (one for one in incident.guidance if one.version == version)
    return frozenset(who for one in sent for who in one.people)


def view_choices(desk: Desk) -> list[Choice]:
    """The views of guidance that this person may open now, for [Việc khác]."""
    incident, stream = desk.case, desk.case.stream
    names = ["members"]
    names += ["story"] if incident.key_messages else []
    if desk.asked().is_department():
        names += ["guidance"] if incident.guidance else []
        names += ["receipts"] if incident.directives else []
    return [choice(f"see_{name}", shows(name, stream) | {"keep": True}) for name in names]


def _may(desk: Desk) -> bool:
    try:
        guides(desk.asked())
    except Refused:
        return False
    return True


def _department_only(desk: Desk) -> None:
    asked = desk.asked()
    allowed = asked.is_department() or (desk.case.within and asked.is_head())
    require(allowed, "only_duty_officer", asked.who(Party(Post.DUTY_OFFICER)))


def _times(
    desk: Desk, template: str, name: str, number: int
) -> Mapping[int, tuple[datetime | None, datetime | None]]:
    told = desk.look.told(desk.case.stream, template)
    return {
        one.person: (one.sent_at, one.shown_at) for one in told if one.facts.get(name) == number
    }


def _row(
    who: int,
    times: tuple[datetime | None, datetime | None] | None,
    received: datetime | None,
    *,
    replaced: bool = False,
) -> Row:
    """One line; a receipt says that it was seen, wherever it was given (conduct §4)."""
    sent, shown = times or (None, None)
    seen = shown or received
    return {
        "person": who,
        "sent": sent.isoformat() if sent else None,
        "seen": seen.isoformat() if seen else None,
        "received": received.isoformat() if received else None,
        "replaced": replaced,
    }
