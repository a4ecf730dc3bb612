"""How a place of a room shall stand on Telegram, beside how it stands; pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.channels.telegram.places import Place, place_of
from procedure.words import Severity
from storage import places

#: What the six colours that Telegram allows for a topic's icon say here.
COLOURS = {
    Severity.ORDINARY: 7322096,
    Severity.SERIOUS: 16766590,
    Severity.GRAVE: 16478047,
}
#: The sign of a topic, among those that Telegram offers; unlike the colour it can be changed.
SIGNS = {Severity.ORDINARY: "📝", Severity.SERIOUS: "❗", Severity.GRAVE: "🔥"}
LONGEST_NAME = 128


def called(name: str, severity: Severity) -> str:
    """Name and sign of a topic in one word, to see when either has changed."""
    return f"{severity.value} {name}"


@dataclass(frozen=True)
class Wanted:
    """How a place shall stand: its topic's name, whether it is shut, and its card."""

    id: int
    external: str
    kind: str
    name: str
    named: str
    severity: Severity
    shut: bool
    is_shut: bool
    card: str | None
    text: str
    shown: str
    until: datetime | None
    pinned: bool

    @property
    def called(self) -> str:
        """Name and sign of the topic, as it is kept what it was given last."""
        return called(self.name, self.severity)

    @property
    def is_as_wanted(self) -> bool:
        """Whether nothing is to be done there."""
        topic = self.kind != places.TOPIC or (
            self.called == self.named and self.shut == self.is_shut
        )
        return topic and self.card is not None and self.pinned and self.text == self.shown

    @property
    def calls(self) -> int:
        """How many calls it takes to put it right."""
        card = 2 if self.card is None else (self.text != self.shown) + (not self.pinned)
        renamed = self.kind == places.TOPIC and self.called != self.named
        turned = self.kind == places.TOPIC and self.shut != self.is_shut
        return card + renamed + turned

    @property
    def place(self) -> Place:
        """Where it is at Telegram."""
        return place_of(self.external)

    @property
    def group(self) -> int:
        """The group's id at Telegram."""
        return self.place.chat

    @property
    def topic(self) -> int | None:
        """The topic's id there, None in a plain group."""
        return self.place.topic
