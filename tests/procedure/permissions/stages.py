"""The incidents in which everything is tried: every step, bare and with something of everything.

All are walked by real decisions. Beyond the unit's authority the whole procedure, within it the
unit's own.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from procedure import actions as a
from procedure.errors import Refused
from procedure.figures import conflicts
from procedure.incident import Incident
from procedure.words import Casualties
from tests.procedure import two_files
from tests.procedure import village as v
from tests.procedure.permissions import cast as c
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


def copy(walk: Walk) -> Walk:
    """The same moment, from which another story may go on."""
    return replace(walk, history=list(walk.history))


def opened() -> Walk:
    """Reported by somebody of the commune."""
    walk = Walk(organisation=c.ORGANISATION)
    walk.does(v.REPORTER, v.opening())
    return walk


def manager(walk: Walk) -> int:
    """Who runs it: the duty officer, within the unit's authority its head."""
    return v.HEAD if walk.incident.within else v.DUTY


def approver(walk: Walk) -> int:
    """Who approves a text that he has not written."""
    return v.HEAD if walk.incident.within else v.LEADER


def conclusion() -> a.DraftConclusion:
    """It names the first spokesperson and the focal point."""
    return v.conclusion(focal_point=c.FOCAL, spokesperson=c.FORMER)


def meeting(walk: Walk) -> a.CallMeeting:
    """In an hour."""
    return v.meeting(walk, chair=c.CHAIR, invitees=(c.INVITEE,), units=(c.BUREAU,))


def hand_over(walk: Walk, person: int) -> a.AssignSpokesperson:
    """Of the speech, as it stands on the screen."""
    now = walk.incident.spokesperson
    why = {"by_authority": v.REASON, "reason": v.REASON, "stand_in": c.STAND_IN}
    return a.AssignSpokesperson(person=person, expected=now.person if now else None, **why)


def complete(walk: Walk) -> None:
    """What the written report needs."""
    walk.does(v.REPORTER, a.AmendReport(item="happened", moment=v.opening().detected))
    for item in ("place", "known", "unknown", "why_beyond", "ask"):
        walk.does(v.REPORTER, a.AmendReport(item=item, text=v.WORDS))


def beyond(walk: Walk) -> None:
    complete(walk)
    walk.does(v.HEAD, a.DecideAuthority(beyond=True, reason=v.REASON))


def sent_up(walk: Walk) -> None:
    walk.does(v.HEAD, a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE))


def received(walk: Walk) -> None:
    walk.does(v.DUTY, a.ReceiveReport())


def directed(walk: Walk) -> None:
    walk.does(v.SECRETARY, v.direction(walk))


def met(walk: Walk) -> None:
    walk.does(manager(walk), meeting(walk))
    walk.does(c.INVITEE, a.SendStandIn(meeting=1, person=c.SENT))


def begun(walk: Walk) -> None:
    walk.now += 2 * v.HOUR


def concluding(walk: Walk) -> None:
    walk.does(v.DUTY, conclusion())


def concluded(walk: Walk) -> None:
    if walk.incident.within:
        walk.does(v.HEAD, conclusion())
    else:
        walk.does(c.CHAIR, a.ConfirmConclusion())
    walk.does(manager(walk), hand_over(walk, c.SPEAKER))


def drafted(walk: Walk) -> None:
    walk.draft(by=c.AUTHOR)


def drafted_by_approver(walk: Walk) -> None:
    walk.draft(by=approver(walk))


def holding(walk: Walk) -> None:
    walk.draft(by=c.AUTHOR, holding=True)


def agreed(walk: Walk) -> None:
    walk.does(v.HEAD, a.AgreeStatement(statement=walk.incident.statements[-1].version))


def released(walk: Walk) -> None:
    """Within the unit's authority its head's word is enough."""
    if not walk.incident.within:
        walk.approve(by=v.DUTY)


def given(walk: Walk) -> None:
    walk.speak(by=c.at(v.COMMUNE, c.Role.SPOKESPERSON))


def approved(walk: Walk) -> None:
    walk.approve(by=approver(walk))


def spoken(walk: Walk) -> None:
    walk.speak(by=c.SPEAKER)


def reported(walk: Walk) -> None:
    walk.does(c.SPEAKER, v.result())


def ready(walk: Walk) -> None:
    """Nothing is open any more."""
    walk.does(manager(walk), a.DeclineProposal(proposal=1, reason=v.REASON))
    for one in walk.incident.directions:
        walk.does(one.member, a.ConfirmDirection(direction=one.id))


def closed(walk: Walk) -> None:
    walk.does(approver(walk), a.CloseIncident(opinion=v.WORDS))


def a_night(walk: Walk) -> None:
    """Own time has passed."""
    walk.now += v.DAY


def in_room(walk: Walk) -> None:
    """A group is its room, a stranger came, something is on record."""
    walk.does(v.ADMIN, a.BindRoom(channel="telegram", place="-100", title=v.WORDS))
    walk.does(v.CLOCK, a.NoteGuest(guest=1, room=1))
    walk.does(c.RECORDER, a.KeepRecord(text=v.WORDS, said_at=walk.now))


def guided(walk: Walk) -> None:
    """A newsroom has the text, the messages are set."""
    if not walk.incident.within:
        said = walk.incident.spoken[-1].version
        walk.does(v.DUTY, a.GuideNewsrooms(statement=said, people=(v.JOURNALIST,)))


def busy(walk: Walk) -> None:
    """Something of everything that may happen on such a day, as far as this step lets it."""
    for actor, action in _on_such_a_day(walk):
        with suppress(Refused):
            walk.does(actor, action)
    if walk.incident.spoken:
        guided(walk)


def _on_such_a_day(walk: Walk) -> Iterator[tuple[int, a.Action]]:
    late, by = walk.now + 30 * v.DAY, manager(walk)
    yield c.CLAIMANT, a.LogClaim(text=v.WORDS)
    yield c.CLAIMANT, a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS)
    order = a.OrderVerification(people=(c.VERIFIER,), units=(c.BUREAU,), what=v.WORDS)
    yield v.HEAD, order
    for _ in range(2):
        yield by, a.SetTask(what=v.WORDS, owner=c.OWNER, due=late)
    yield by, a.RequestSupplement(items=v.WORDS, due=late)
    yield v.REPORTER, v.figure("35")
    yield c.VERIFIER, v.figure("38")
    yield c.WITNESS, a.AddReport(line=v.WORDS)
    yield by, a.AddRoomMember(person=c.ADDED)
    yield by, a.AddRoomMember(person=c.ADDRESSEE)
    yield by, a.SendDirective(text=v.WORDS, people=(c.ADDRESSEE,))
    yield from _asks(walk)
    said = a.RecordPhoneDecision(
        decider=c.DECIDER, heard_by=c.HEARER, at=walk.now, words=v.WORDS, about=None
    )
    yield v.REPORTER, said
    yield v.ADMIN, a.BindRoom(channel="telegram", place="-100", title=v.WORDS)
    yield v.CLOCK, a.NoteGuest(guest=1, room=1)
    yield c.RECORDER, a.KeepRecord(text=v.WORDS, said_at=walk.now)


def _asks(walk: Walk) -> Iterator[tuple[int, a.Action]]:
    """The owner of the second task has done all that an owner may, and waits for answers."""
    key = f"task:{max((one.id for one in walk.incident.tasks), default=2)}"
    yield c.OWNER, a.ExtendDuty(duty=key, minutes=5)
    yield c.OWNER, a.AskMoreTime(duty=key, minutes=30)
    yield c.OWNER, a.AskHelp(duty=key, need="people", text=v.WORDS)
    yield c.OWNER, a.SayNotMine(duty=key, whose=c.ASKED, text=v.WORDS)
    yield c.OWNER, a.OfferTask(duty=key, to=c.ASKED)


def grave(walk: Walk) -> None:
    """Nobody is missing any more, and the level may be lowered or raised."""
    walk.does(v.REPORTER, a.ReportCasualties(casualties=Casualties.INJURED))


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
    if name == "concluded":
        yield _after(walk, f"{prefix}text of the approver", drafted_by_approver)
    if name in ("text approved", "spoken"):
        yield _after(walk, f"{prefix}{name}, roomed", in_room)
    if name == "ready to close":
        yield _after(walk, f"{prefix}closed, roomed and guided", in_room, guided, said_so, closed)
    if name == "ready to close" and prefix:
        yield _after(walk, "went beyond it after all", beyond)
    if name in ("received", "concluded", "spoken") and not prefix:
        yield _one_file(walk)


def _held_back(walk: Walk, name: str) -> Iterator[Stage]:
    """The holding text before a spokesperson is named, until the unit's own has given it."""
    yield _after(walk, f"{name}, holding text", holding)
    if not walk.incident.within:
        yield _after(walk, f"{name}, holding text agreed", holding, agreed)
    yield _after(walk, f"{name}, holding text approved", holding, agreed, released)
    yield _after(walk, f"{name}, holding text given", holding, agreed, released, given)


def said_so(walk: Walk) -> None:
    """A decision by telephone waits for its word."""
    said = a.RecordPhoneDecision(
        decider=c.DECIDER, heard_by=c.HEARER, at=walk.now, words=v.WORDS, about=None
    )
    walk.does(v.REPORTER, said)


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


def contested(incident: Incident) -> tuple[int, ...]:
    """The figures of which somebody must choose one."""
    return next((one.ids for one in conflicts(incident)), (1,))
