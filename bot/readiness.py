"""What the organisation lacks now, put together once for the console and the board."""

from dataclasses import dataclass

from bot import staff
from bot.world import World
from procedure.confirming import quarter_of
from procedure.gaps import Gap, complete, gaps, standing_units
from procedure.organisation import Organisation, Unit
from procedure.trying import crew
from procedure.words import UnitKind
from storage import trials
from storage.database import Session


@dataclass(frozen=True)
class Readiness:
    """How ready the organisation is for an incident, before one shows it."""

    organisation: Organisation
    gaps: list[Gap]
    #: Localities that have everybody they need, and all localities.
    done: int
    whole: int
    #: Of those rung first in an incident, how many have answered a trial, and all of them.
    proven: int
    crew: int
    #: The quarter for which the heads confirm who speaks: its number and its year.
    quarter: int
    year: int

    @property
    def wanting(self) -> list[Unit]:
        """The localities that lack somebody."""
        units = [self.organisation.units[one.unit] for one in self.gaps if one.roles]
        return [one for one in units if one.kind is UnitKind.LOCALITY]


def readiness(world: World, session: Session) -> Readiness:
    """The organisation as it is now."""
    organisation = world.organisation(session)
    quarter = quarter_of(world.now().astimezone(world.settings.zone).date())
    found = gaps(organisation, staff.channels(world, session), quarter)
    done, whole = complete(organisation, found)
    rung = {
        one
        for unit in standing_units(organisation)
        if unit.kind is not UnitKind.PRESS
        for one in crew(organisation, unit.id)
    }
    year, _, number = quarter.partition("-Q")
    return Readiness(
        organisation,
        found,
        done,
        whole,
        len(rung & trials.proven(session)),
        len(rung),
        int(number),
        int(year),
    )
