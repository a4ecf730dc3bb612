"""Papers, absences and rosters as the journal of the organisation makes them."""

from dataclasses import replace
from datetime import datetime

from procedure import entries_arrangements as e
from procedure.arrangements import Absence, Delegation, Roster
from procedure.entries import Fact
from procedure.organisation import Organisation


class Arrangements:
    """What stands of them; `changed` are the papers, absences and units whose row is new."""

    def __init__(self, before: Organisation) -> None:
        self.delegations = {one.id: one for one in before.delegations}
        self.absences = {one.id: one for one in before.absences}
        self.rosters = dict(before.rosters)

    def take(self, fact: Fact, actor: int, at: datetime) -> Delegation | Absence | Roster | None:
        """One more fact that `actor` has written at a moment (UTC); returns what is new."""
        if isinstance(fact, e.DelegationEntered):
            return self._paper(fact.delegation)
        if isinstance(fact, e.DelegationConfirmed):
            return self._paper(replace(self.delegations[fact.delegation], confirmed_by=actor))
        if isinstance(fact, e.DelegationEnded):
            return self._paper(replace(self.delegations[fact.delegation], ended_at=at))
        if isinstance(fact, e.AbsenceEntered):
            return self._absence(fact.absence)
        if isinstance(fact, e.AbsenceAccepted):
            return self._absence(replace(self.absences[fact.absence], accepted_at=at))
        if isinstance(fact, e.AbsenceDeclined | e.AbsenceEnded):
            return self._absence(replace(self.absences[fact.absence], ended_at=at))
        if isinstance(fact, e.RosterSet):
            return self._roster(Roster(unit=fact.unit, turns=fact.turns))
        if isinstance(fact, e.ShiftTaken):
            known = self.rosters.get(fact.unit, Roster(unit=fact.unit))
            still = tuple(one for one in known.taken if one.until > at)
            return self._roster(replace(known, taken=(*still, fact.taken)))
        return None

    def _paper(self, one: Delegation) -> Delegation:
        self.delegations[one.id] = one
        return one

    def _absence(self, one: Absence) -> Absence:
        self.absences[one.id] = one
        return one

    def _roster(self, one: Roster) -> Roster:
        self.rosters[one.unit] = one
        return one
