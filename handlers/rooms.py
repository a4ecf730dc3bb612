"""What the bot says in an incident's room: one sentence for each entry that concerns all.

Lateness is never among them, a direction stands there as its tasks, a draft not at all
(conduct §13); what asks for content says so, and a reply to it goes on record (conduct §16).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.say import Choice, acts, choice, shows
from procedure import actions as a
from procedure import entries as e
from procedure import entries_figures as f
from procedure import entries_guidance as g
from procedure import entries_meeting as t
from procedure import entries_merge as m
from procedure import entries_rooms as r
from procedure import entries_speaking as s
from procedure.codec import Prose, dump
from procedure.entries import Entry, Fact
from procedure.incident import Incident

Facts = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a room: a block of `rooms.j2`, its facts, and what may be tapped there.

    `wants` is the duty that a reply to it serves; such a reply goes on record. `open_to_all` may
    be read by anybody in the room; every other line stays out while a stranger is in, or is said
    in the words of the block `guarded`.
    """

    block: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    wants: str | None = None
    open_to_all: bool = False
    guarded: str | None = None


def lines(incident: Incident, entries: Sequence[Entry]) -> list[tuple[Entry, Line]]:
    """The lines for entries written in one turn; `incident` is the fold behind them."""
    kinds = {type(entry.fact) for entry in entries}
    found: list[tuple[Entry, Line]] = []
    for entry in entries:
        kind = type(entry.fact)
        if kind in _WITH_CONCLUSION and s.ConclusionConfirmed in kinds:
            continue
        make = _LINES.get(kind)
        line = make(incident, entry) if make else None
        if line:
            found.append((entry, line))
    return found


#: The conclusion says them already.
_WITH_CONCLUSION = (s.SpokespersonAssigned, s.FocalPointAssigned, s.TaskSet)


def _facts(entry: Entry) -> Facts:
    data = {key: value for key, value in dump(entry.fact).items() if key not in ("person",)}
    return {**data, "actor": entry.actor, "at": entry.at.isoformat()}


Maker = Callable[[Incident, Entry], Line | None]


def _plain(block: str, guarded: str | None = None) -> Maker:
    return lambda incident, entry: Line(block=block, facts=_facts(entry), guarded=guarded)


def _authority(incident: Incident, entry: Entry) -> Line:
    fact = entry.fact
    assert isinstance(fact, e.AuthorityDecided)
    return Line(block="beyond" if fact.beyond else "kept_within", facts=_facts(entry))


def _wants(block: str, duty: str) -> Maker:
    def make(incident: Incident, entry: Entry) -> Line:
        facts = _facts(entry)
        return Line(block=block, facts=facts, wants=duty.format(**facts))

    return make


def _ordered(incident: Incident, entry: Entry) -> Line:
    fact = entry.fact
    assert isinstance(fact, e.VerificationOrdered)
    facts = {**_facts(entry), "owner": fact.person}
    received = _receipt(incident, f"O1:order:{fact.order}:{{person}}")
    return Line(block="ordered", facts=facts, choices=[received], wants=f"O5:{fact.order}")


def _task(incident: Incident, entry: Entry) -> Line:
    fact = entry.fact
    assert isinstance(fact, s.TaskSet)
    done = choice("task_done", acts(a.FinishTask(task=fact.task, note=Prose("")), incident.stream))
    received = _receipt(incident, f"O1:task:{fact.task}:{{person}}")
    return Line(block="task", facts=_facts(entry), choices=[received, done])


def _receipt(incident: Incident, duty: str) -> Choice:
    """ "{person}" stands for whoever taps it."""
    return choice("received", acts(a.AcknowledgeDuty(duty=duty), incident.stream))


def _meeting(block: str) -> Maker:
    def make(incident: Incident, entry: Entry) -> Line:
        meeting = incident.meeting
        buttons = [
            choice(
                f"attend_{answer}",
                acts(a.AnswerInvitation(meeting=meeting.id, answer=answer), incident.stream),
            )
            for answer in ("yes", "no")
            if meeting
        ]
        return Line(block=block, facts=_facts(entry), choices=buttons)

    return make


def _assigned(block: str) -> Maker:
    def make(incident: Incident, entry: Entry) -> Line:
        fact: Any = entry.fact
        return Line(block=block, facts={**_facts(entry), "who": fact.person})

    return make


def _settled(incident: Incident, entry: Entry) -> Line | None:
    """Measured again is no figure yet."""
    fact = entry.fact
    assert isinstance(fact, f.FigureSettled)
    return Line(block="figure", facts=_facts(entry)) if fact.chosen else None


def _split(incident: Incident, entry: Entry) -> Line:
    fact = entry.fact
    assert isinstance(fact, m.IncidentSplit)
    code = next(one.code for one in incident.merged if one.stream == fact.other)
    return Line(block="split", facts={**_facts(entry), "code": code})


def _spoken(incident: Incident, entry: Entry) -> Line:
    fact = entry.fact
    assert isinstance(fact, s.StatementSpoken)
    see = choice("read_statement", shows("statement", incident.stream, statement=fact.statement))
    return Line(block="spoken", facts=_facts(entry), choices=[see], open_to_all=True)


def _story(incident: Incident, entry: Entry) -> Line:
    """The messages themselves are read in private, where the newest are always shown."""
    see = choice("see_story", shows("story", incident.stream))
    return Line(block="story", facts={"revision": _facts(entry)["revision"]}, choices=[see])


def _directive(incident: Incident, entry: Entry) -> Line:
    """Word for word it goes to those it names alone (conduct §13)."""
    fact = entry.fact
    assert isinstance(fact, g.DirectiveSent)
    return Line(block="directive", facts={"actor": entry.actor, "count": len(fact.people)})


def _record(incident: Incident, entry: Entry) -> Line:
    """Its words stay out of the line, so that withdrawing them leaves none behind."""
    facts = {key: value for key, value in _facts(entry).items() if key not in ("text", "files")}
    return Line(
        block="record",
        facts=facts,
        choices=[choice("see_record", shows("record", incident.stream))],
    )


_LINES: Mapping[type[Fact], Maker] = {
    e.IncidentOpened: _plain("opened"),
    e.ReportSubmitted: _plain("submitted"),
    e.AuthorityDecided: _authority,
    e.ReportReceived: _plain("received"),
    e.SeverityChanged: _plain("severity"),
    e.CasualtiesReported: _plain("casualties"),
    e.ClaimLogged: _plain("claim"),
    e.ClaimChecked: _plain("claim_checked"),
    e.SupplementRequested: _wants("supplement", "supplement:{supplement}"),
    e.SupplementProvided: _plain("supplied"),
    e.VerificationOrdered: _ordered,
    e.VerificationReported: _plain("verified"),
    e.BriefSubmitted: _plain("brief"),
    e.DirectionGiven: _plain("direction"),
    e.DirectionWaived: _plain("direction_waived"),
    e.MeetingCalled: _meeting("meeting"),
    t.MeetingMoved: _meeting("meeting_moved"),
    t.MeetingCancelled: _plain("meeting_cancelled"),
    e.MeetingWaived: _plain("meeting_waived"),
    s.ConclusionConfirmed: _plain("conclusion"),
    s.SpokespersonAssigned: _assigned("speaker"),
    s.FocalPointAssigned: _assigned("keeper"),
    s.StatementSpoken: _spoken,
    s.EnquiryRecorded: _plain("enquiry"),
    s.EnquiryAnswered: _plain("enquiry_answered"),
    f.FigureSettled: _settled,
    s.TaskSet: _task,
    s.TaskDone: _plain("task_done"),
    s.ResultReported: _plain("result"),
    s.IncidentClosed: _plain("closed", "closed_guarded"),
    s.IncidentReopened: _plain("reopened", "reopened_guarded"),
    m.IncidentMerged: _plain("merged"),
    m.IncidentSplit: _split,
    g.KeyMessagesSet: _story,
    g.DirectiveSent: _directive,
    g.RoomMemberAdded: _assigned("member_added"),
    g.RoomMemberRemoved: _assigned("member_removed"),
    r.RecordKept: _record,
    r.RecordWithdrawn: _plain("record_withdrawn"),
    r.RecordMoved: _plain("record_moved"),
}
