"""The doors of Telegram: every act goes to the strict server, every look is at its screens."""

import time
from collections.abc import Sequence

from bot.drill.player import Stuck
from bot.drill.samples import Sample
from tests.botapi.driver import BotApi
from tests.botapi.people import Shown
from tests.kills.doors_web import WebDoors
from tests.kills.killer import Killer
from tests.kills.service import Service, eventually

STOP_SIGN = "⛔"
ACCOUNT = 7_000_000
_LOOKS = 200


class TelegramDoors(WebDoors):
    """Nothing is repeated here: the server keeps an update until the bot confirms it.

    Time is wound over HTTP, as on the page.
    """

    def __init__(self, service: Service, killer: Killer, api: BotApi) -> None:
        super().__init__(service, killer)
        self.api = api

    def settles(self) -> None:
        """Until the queue of updates is empty too."""
        eventually("an answer", lambda: not self.api.pending() and self.service.calm())

    def account(self, who: str) -> int:
        """His account on Telegram."""
        return ACCOUNT + self._id(who)

    def says(self, who: str, text: str, files: Sequence[Sample], to: str) -> None:
        """A line, an album, or documents with the line under each."""
        account = self.account(who)
        self.killer.act()
        photos = [one.content for one in files if one.media_type.startswith("image/")]
        others = [one for one in files if not one.media_type.startswith("image/")]
        if len(photos) > 1:
            told = [text or None, *[None] * len(photos)]
            items = [("photo", one, words) for one, words in zip(photos, told, strict=False)]
            self.api.send_album(account, items)
        elif photos:
            self.api.send_photo(account, photos[0], caption=text or None)
        for one in others:
            self.api.send_document(account, one.content, one.name, one.media_type, text or None)
        if not files:
            self.api.send_text(account, text, reply_to=self._own(who, to) if to else None)
        self.settles()

    def edits(self, who: str, words: str, text: str) -> None:
        """His earlier message reads otherwise."""
        self.killer.act()
        self.api.edit_text(self.account(who), self._own(who, words), text)
        self.settles()

    def recalls(self, who: str, words: str) -> None:
        """The stop sign in reply to his own message."""
        self.says(who, STOP_SIGN, (), words)

    def taps(self, who: str, label: str, on: str) -> None:
        """The newest button of this label on his screen."""
        for _ in range(_LOOKS):
            for shown in self._screen(who):
                if on in _words(shown) and self._tap(who, shown, label):
                    return
            time.sleep(0.05)
        raise Stuck(who, label, [one for shown in self._screen(who) for one in _labels(shown)])

    def _tap(self, who: str, shown: Shown, label: str) -> bool:
        if label not in _labels(shown):
            return False
        self.killer.act()
        self.api.tap(self.account(who), shown.id, label)
        self.settles()
        return True

    def chooses(self, who: str, prefix: str) -> None:
        """A button of the newest message that begins so."""
        for shown in self._screen(who)[:1]:
            for label in _labels(shown):
                if label.startswith(prefix):
                    self._tap(who, shown, label)
                    return

    def told(self, who: str) -> Sequence[str]:
        """All that stands on his screen from the bot, oldest first."""
        return [_words(one) for one in reversed(self._screen(who))]

    def _screen(self, who: str) -> list[Shown]:
        """What the bot shows him, newest first."""
        found = self.api.chat(self.account(who))
        return [one for one in reversed(found) if one.from_bot and not one.deleted]

    def _own(self, who: str, words: str) -> int:
        for one in reversed(self.api.chat(self.account(who))):
            if words in _words(one) and not one.deleted:
                return one.id
        raise Stuck(who, words, [])


def _words(shown: Shown) -> str:
    return shown.text or shown.caption


def _labels(shown: Shown) -> list[str]:
    return [key.label for row in shown.keyboard for key in row]
