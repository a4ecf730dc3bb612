"""The first line of a report: what is understood of it, and whose it is."""

from handlers.look import Desk
from handlers.reading.intake import Understanding, understand
from procedure.words import UnitKind


def understood_line(desk: Desk, text: str) -> Understanding:
    """The parts of a line, read with the places of the writer's unit."""
    places = desk.organisation.units[desk.me.unit].places
    return understand(text, desk.words.lexicon, places)


def reporting_unit(desk: Desk) -> int:
    """The unit that reports: of two joined bodies the one that files (conduct §11)."""
    organisation = desk.organisation
    unit = organisation.units[organisation.standing(desk.me.unit)]
    if unit.kind is UnitKind.PARTY_COMMITTEE and unit.partner:
        return organisation.standing(unit.partner)
    return unit.id
