"""The six sample incidents of the page, each played from its script to its end (domain §5.2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.drill.reading import codes, script
from procedure.incident import Incident
from tests.drills import Telling, town_for
from tests.town import ZONE

#: Which rows of the duty table a script proves, beside the routing of its report (T2).
PROVES = {"VV-01": ("T2", "T15", "T38", "T41")}


def scripts() -> list[object]:
    """Every script that is there, with its duty rows."""
    return [
        pytest.param(code, marks=pytest.mark.duty(*PROVES.get(code, ("T2",)))) for code in codes()
    ]


class Played:
    """A script that has been played to its end, and what was seen on the way."""

    def __init__(self, code: str, folder: Path) -> None:
        self.script = script(code, ZONE)
        self.town = town_for(folder, self.script)
        self.telling = Telling(self.town, self.script)
        self.faults: list[str] = []
        self.speakers: list[int] = []
        for played, heard in self.telling.steps():
            missing, left = self.telling.unmet(played, heard)
            lead = f"step {played.number} ({played.at:%d/%m %H:%M} {played.who})"
            self.faults += [f"{lead}: not heard: {one}" for one in missing]
            self.faults += [
                f"{lead}: {self.telling.name(row)} {row.template}: {row.text}" for row in left
            ]

    @property
    def incident(self) -> Incident:
        """The incident as it stands at the end."""
        return self.town.incident(self.telling.player.code)


@pytest.fixture(scope="module", params=scripts())
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    made = Played(request.param, tmp_path_factory.mktemp("drill"))
    yield made
    made.town.close()


def test_nobody_hears_anything_but_what_the_script_says(played: Played) -> None:
    assert not played.faults, "\n".join(played.faults)
