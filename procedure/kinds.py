"""Every kind of fact by its name, for reading a journal back."""

from procedure.entries import Fact
from procedure.entries_arrangements import RosterSet
from procedure.entries_figures import FigureReported
from procedure.entries_guidance import NewsroomsGuided
from procedure.entries_late import TaskOffered
from procedure.entries_meeting import MeetingMoved
from procedure.entries_merge import IncidentMerged
from procedure.entries_organisation import RoleGiven
from procedure.entries_rooms import RoomBound
from procedure.entries_speaking import SpokespersonAssigned

#: All modules of facts are imported above, so that the table is whole.
KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in Fact.__subclasses__()}

assert {FigureReported.__name__, RoleGiven.__name__, SpokespersonAssigned.__name__} <= set(KINDS)
assert {RoleGiven.__name__, SpokespersonAssigned.__name__, TaskOffered.__name__} <= set(KINDS)
assert {RoleGiven.__name__, SpokespersonAssigned.__name__, IncidentMerged.__name__} <= set(KINDS)
assert {MeetingMoved.__name__, RosterSet.__name__} <= set(KINDS)
assert {RoomBound.__name__} <= set(KINDS)
assert {MeetingMoved.__name__, NewsroomsGuided.__name__} <= set(KINDS)
