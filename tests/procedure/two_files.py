"""Two incidents side by side, merged into one file and split off again."""

from collections.abc import Callable
from dataclasses import dataclass

from procedure import actions as a
from procedure.decision import Decision
from procedure.incident import Incident
from tests.procedure import village as v
from tests.procedure.village import Walk

KEPT, OTHER = "incident-1", "incident-2"
#: The agency's own people and head report the second incident.
BY_AGENCY = {"code": "VV-2026-002", "unit": v.AGENCY}


def second(stage: Callable[[Walk], None] | None = None, **fields: object) -> Walk:
    """An incident of the agency, sent up and received."""
    walk = Walk(incident=Incident(stream=OTHER))
    walk.does(v.OUTSIDER, v.opening(**BY_AGENCY | fields))
    walk.does(v.OUTSIDER, a.AmendReport(item="place", text=v.WORDS))
    if stage:
        stage(walk)
    return walk


def sent_up(walk: Walk) -> None:
    """The agency's head sends it up, the department receives it."""
    walk.does(v.EXPERT, a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE))
    walk.does(v.DUTY, a.ReceiveReport())


@dataclass
class Files:
    """The incident that is kept and the other one."""

    kept: Walk
    other: Walk

    def merge(self, actor: int = v.DUTY) -> Decision:
        """The department merges; both journals get their facts. Raises Refused."""
        stream = self.other.incident.stream
        return self.both(actor, a.MergeIncidents(other=stream, absorbed=self.other.incident))

    def split(self, actor: int = v.DUTY) -> Decision:
        """The department splits them again. Raises Refused."""
        stream = self.other.incident.stream
        return self.both(actor, a.SplitIncident(other=stream, absorbed=self.other.incident))

    def both(self, actor: int, action: a.Action) -> Decision:
        """One decision about both."""
        self.kept.now = max(self.kept.now, self.other.now)
        decision = self.kept.does(actor, action)
        self.other.now = self.kept.now
        for one in decision.beside:
            assert one.stream == self.other.incident.stream
            self.other.write(actor, decision.authority, one.facts)
        return decision


def busy(walk: Walk) -> None:
    """One of everything that is carried, sent up and received."""
    later = v.START + 20 * v.DAY
    sent_up(walk)
    walk.does(v.EXPERT, v.figure("35"))
    said_so = a.RecordPhoneDecision(
        decider=v.EXPERT, heard_by=v.OUTSIDER, at=walk.now, words=v.WORDS, about=None
    )
    walk.does(v.DUTY, said_so)
    walk.does(v.OUTSIDER, a.LogClaim(text=v.WORDS))
    walk.does(v.OUTSIDER, a.RecordEnquiry(outlet=v.WORDS, question=v.REASON))
    walk.does(v.EXPERT, a.OrderVerification(people=(v.OUTSIDER,), units=(v.AGENCY,), what=v.WORDS))
    walk.does(v.DUTY, a.RequestSupplement(items=v.WORDS, due=later))
    walk.does(v.DUTY, a.SetTask(what=v.WORDS, owner=v.EXPERT, due=later))
    walk.does(v.REPORTER, a.AddReport(line=v.WORDS))


def two(kept: Callable[[], Walk] = v.received) -> Files:
    """The commune's incident at some stage, and the agency's with one of everything."""
    return Files(kept(), second(busy))


def one_file(kept: Callable[[], Walk] = v.received) -> Files:
    """The same, merged."""
    files = two(kept)
    files.merge()
    return files
