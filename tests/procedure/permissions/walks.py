"""What people do with these incidents: one real decision after another."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from procedure import actions as a
from procedure.errors import Refused
from procedure.figures import conflicts
from procedure.incident import Incident
from procedure.words import Casualties
from tests.procedure import village as v
from tests.procedure.permissions import cast as c
from tests.procedure.village import Walk


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


def directed_in_all(walk: Walk) -> None:
    walk.does(v.SECRETARY, v.direction(walk, names_everything=True))


def appointed(walk: Walk) -> None:
    walk.does(manager(walk), hand_over(walk, c.SPEAKER))


def met(walk: Walk) -> None:
    walk.does(manager(walk), meeting(walk))
    assert walk.incident.meeting is not None
    walk.does(c.INVITEE, a.SendStandIn(meeting=walk.incident.meeting.id, person=c.SENT))


def invited(walk: Walk) -> None:
    """Nobody has answered yet, or sent another."""
    walk.does(manager(walk), meeting(walk))


def begun(walk: Walk) -> None:
    walk.now += 2 * v.HOUR


def concluding(walk: Walk) -> None:
    walk.does(v.DUTY, conclusion())


def concluded(walk: Walk) -> None:
    if walk.incident.within:
        walk.does(v.HEAD, conclusion())
    else:
        walk.does(c.CHAIR, a.ConfirmConclusion())
    appointed(walk)


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


def by_paper(person: int) -> Callable[[Walk], None]:
    """A paper lets somebody speak; a newsroom asks him, and he has an approved text."""

    def change(walk: Walk) -> None:
        walk.does(c.CLAIMANT, a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS))
        walk.does(manager(walk), hand_over(walk, person))
        drafted(walk)
        approved(walk)

    return change


def said(person: int) -> Callable[[Walk], None]:
    """He has given it."""
    return lambda walk: walk.speak(by=person)


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


def said_so(walk: Walk) -> None:
    """A decision by telephone waits for its word."""
    said = a.RecordPhoneDecision(
        decider=c.DECIDER, heard_by=c.HEARER, at=walk.now, words=v.WORDS, about=None
    )
    walk.does(v.REPORTER, said)


def contested(incident: Incident) -> tuple[int, ...]:
    """The figures of which somebody must choose one."""
    return next((one.ids for one in conflicts(incident)), (1,))
