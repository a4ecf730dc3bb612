"""The incidents in which everything is tried: every step, bare and with something of everything.

All are walked by real decisions. Beyond the unit's authority the whole procedure, within it the
unit's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from procedure import actions as a
from procedure.incident import Incident
from tests.procedure import two_files
from tests.procedure import village as v
from tests.procedure.permissions import cast as c
from tests.procedure.permissions.walks import (
    a_night,
    agreed,
    appointed,
    approved,
    begun,
    beyond,
    busy,
    by_paper,
    closed,
    complete,
    concluded,
    concluding,
    copy,
    directed,
    directed_in_all,
    drafted,
    drafted_by_approver,
    given,
    grave,
    guided,
    holding,
    in_room,
    invited,
    met,
    opened,
    ready,
    received,
    released,
    reported,
    said,
    said_so,
    sent_up,
    spoken,
)
from tests.procedure.village import Walk

Change = Callable[[Walk], object]
#: Another incident of the same commune, to which a record may belong.
ELSEWHERE = "incident-3"


@dataclass(frozen=True)
class Stage:
    """An incident at one moment, and the other ones that an action may be about."""

    name: str
    walk: Walk
    others: dict[str, Incident]
    #: The kinds of action that this moment is there for; none: all.
    only: frozenset[str] = frozenset()


STEP_ONE: tuple[tuple[str, Change], ...] = (("reported", grave), ("not yet sent up", beyond))
BEYOND: tuple[tuple[str, Change], ...] = (
    ("sent up", sent_up),
    ("received", received),
    ("directed", directed),
    ("meeting called", met),
    ("meeting begun", begun),
    ("conclusion drafted", concluding),
)
WITHIN: tuple[tuple[str, Change], ...] = (("meeting called", met), ("meeting begun", begun))
TO_THE_END: tuple[tuple[str, Change], ...] = (
    ("concluded", concluded),
    ("text drafted", drafted),
    ("text approved", approved),
    ("spoken", spoken),
    ("result reported", reported),
    ("ready to close", ready),
    ("closed", closed),
)
#: At these also with something of everything.
BUSY = frozenset(
    {"reported", "not yet sent up", "received", "kept", "concluded", "spoken", "result reported"}
)


def _told(walk: Walk, story: tuple[tuple[str, Change], ...], prefix: str) -> Iterator[Stage]:
    for name, change in story:
        change(walk)
        yield _stage(f"{prefix}{name}", walk)
        yield from _beside(walk, name, prefix)


def _beside(walk: Walk, name: str, prefix: str) -> Iterator[Stage]:
    """What else may be at this moment."""
    if name in BUSY:
        yield _after(walk, f"{prefix}{name}, busy", busy)
        yield _after(walk, f"{prefix}{name}, busy, the next morning", busy, a_night)
    if name in ("not yet sent up", "received", "kept"):
        yield from _held_back(walk, f"{prefix}{name}")
    if name in ("directed", "kept"):
        yield replace(
            _after(walk, f"{prefix}invited", invited), only=frozenset({"AnswerInvitation"})
        )
    if name == "concluded":
        yield from _by_paper(walk, prefix)
        yield _after(walk, f"{prefix}text of the approver", drafted_by_approver)
    if name in ("text approved", "spoken"):
        yield _after(walk, f"{prefix}{name}, roomed", in_room)
    if name == "ready to close":
        yield _after(walk, f"{prefix}closed, roomed and guided", in_room, guided, said_so, closed)
    if name == "spoken":
        yield _after(walk, f"{prefix}another text drafted", drafted)
    if name == "ready to close" and prefix:
        yield from _after_all(walk)
    if name == "sent up":
        yield _after(walk, "concluded by direction", directed_in_all, concluding)
        ends = (directed_in_all, concluding, appointed, drafted, approved, spoken)
        yield _after(walk, "spoken by direction", *ends)
    if name == "received":
        ahead = (met, begun, concluding, concluded)
        yield _after(walk, "concluded while the direction is awaited", *ahead)
    if name in ("received", "concluded", "spoken") and not prefix:
        yield _one_file(walk)


def _by_paper(walk: Walk, prefix: str) -> Iterator[Stage]:
    """Who speaks by a paper while it is good; and by one that runs out before, or after, he has."""
    only = frozenset({"SpeakStatement", "AnswerEnquiry", "ReportResult"})
    for person in (c.BY_PAPER, c.PAPER_OVER):
        late = (a_night, a_night) if person == c.PAPER_OVER else ()
        for name, more in (("", ()), (", said", (said(person),))):
            changes = (by_paper(person), *more, *late)
            stage = _after(walk, f"{prefix}{c.called(person)}{name}", *changes)
            yield replace(stage, only=only)


def _held_back(walk: Walk, name: str) -> Iterator[Stage]:
    """The holding text before a spokesperson is named, until the unit's own has given it."""
    yield _after(walk, f"{name}, holding text", holding)
    if not walk.incident.within:
        yield _after(walk, f"{name}, holding text agreed", holding, agreed)
    yield _after(walk, f"{name}, holding text approved", holding, agreed, released)
    yield _after(walk, f"{name}, holding text given", holding, agreed, released, given)
    if walk.incident.submitted_at or walk.incident.within:
        told = (holding, agreed, released, given, guided)
        yield _after(walk, f"{name}, holding text guided", *told)
        step_two = () if walk.incident.within else (directed, met, begun, concluding)
        waiting = _still_held_back(walk, name)
        yield waiting
        if not walk.incident.within:
            yield replace(
                _after(waiting.walk, f"{waiting.name}, agreed", agreed), only=waiting.only
            )
        yield _after(walk, f"{name}, holding text guided, concluded", *told, *step_two, concluded)


def _still_held_back(walk: Walk, name: str) -> Stage:
    """The conclusion names the unit's own spokesperson, whose holding text still waits."""
    there = copy(walk)
    holding(there)
    own = v.conclusion(focal_point=c.FOCAL, spokesperson=c.at(v.COMMUNE, c.Role.SPOKESPERSON))
    if not there.incident.within:
        for change in (directed, met, begun):
            change(there)
    there.does(v.HEAD if there.incident.within else c.CHAIR, own)
    only = frozenset({"AgreeStatement", "ApproveStatement", "ReturnStatement"})
    return replace(_stage(f"{name}, holding text, concluded", there), only=only)


def _after_all(walk: Walk) -> Iterator[Stage]:
    """It went beyond its unit's authority when all was said: Step 2 is made up for."""
    name, there = "beyond it after all", copy(walk)
    beyond(there)
    # Its meeting was called by the unit's head, who keeps the record of it.
    yield replace(_stage(name, there), only=frozenset({"SubmitReport", "DecideAuthority"}))
    for more in (sent_up, received, directed, met, begun, concluding):
        more(there)
        yield _stage(f"{name}, {more.__name__}", there)


def _after(walk: Walk, name: str, *changes: Change) -> Stage:
    there = copy(walk)
    for change in changes:
        change(there)
    return _stage(name, there)


def _stage(name: str, walk: Walk) -> Stage:
    return Stage(name, copy(walk), OTHERS)


def _one_file(walk: Walk) -> Stage:
    """Another incident lies in this file."""
    files = two_files.Files(copy(walk), two_files.second(two_files.busy))
    files.merge()
    others = OTHERS | {two_files.OTHER: files.other.incident}
    # What came with it belongs to people of the other unit; only the way apart is new here.
    only = frozenset({"SplitIncident"})
    return Stage("another incident in this file", copy(files.kept), others, only)


def elsewhere() -> Incident:
    """Another open incident of the same commune."""
    walk = Walk(organisation=c.ORGANISATION, incident=Incident(stream=ELSEWHERE))
    walk.does(v.REPORTER, v.opening(code="VV-2026-003"))
    return walk.incident


OTHERS = {
    two_files.OTHER: two_files.second(two_files.busy).incident,
    ELSEWHERE: elsewhere(),
}


def stages() -> list[Stage]:
    """Every incident in which everything is tried."""
    walk = opened()
    found = [Stage("nothing reported", Walk(organisation=c.ORGANISATION), OTHERS)]
    found += _told(walk, STEP_ONE, "")
    within = opened()
    complete(within)
    keep = a.DecideAuthority(beyond=False, reason=v.REASON)
    found += _told(within, (("kept", lambda there: there.does(v.HEAD, keep)),), "within: ")
    found += _told(within, WITHIN, "within: ")
    found += _told(walk, BEYOND, "")
    found += _told(walk, TO_THE_END, "")
    found += _told(within, TO_THE_END, "within: ")
    return found
