"""The scripts of the drills on Telegram: their doors, over HTTP to the strict server."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.drill.player import Stuck
from bot.drill.samples import Sample
from bot.drill.script import Script
from storage import postings
from tests.drills import STOP_SIGN, TownDoors
from tests.telegram_town import TelegramTown


class TelegramDoors(TownDoors):
    """A town on Telegram as the player sees it."""

    town: TelegramTown

    def says(self, who: str, text: str, files: Sequence[Sample], to: str) -> None:
        """A message of this person, with its files as his telephone sends them."""
        account, api = self.town.account(who), self.town.api
        photos = [one.content for one in files if one.media_type.startswith("image/")]
        others = [one for one in files if not one.media_type.startswith("image/")]
        if photos:
            self.town.sends_photos(who, photos, text)
        elif others:
            for one in others:
                api.send_document(account, one.content, one.name, one.media_type, text or None)
        else:
            api.send_text(account, text, reply_to=self.external(who, to) if to else None)
        self.town.settles()

    def edits(self, who: str, words: str, text: str) -> None:
        """His earlier message reads otherwise now."""
        self.town.api.edit_text(self.town.account(who), self.external(who, words), text)
        self.town.settles()

    def recalls(self, who: str, words: str) -> None:
        """The stop sign in reply to his own message."""
        self.says(who, STOP_SIGN, (), words)

    def external(self, who: str, words: str) -> int:
        """The number on Telegram of the newest message with these words."""
        line = self._message(who, words)
        found = self.town.world.db.read(lambda session: postings.parts(session, line))
        return int(found[-1].external)


def telegram_town_for(folder: Path, played: Script) -> TelegramTown:
    """The sample province on Telegram a minute before the story, everybody linked."""
    return TelegramTown(folder, played.start - timedelta(minutes=1))


__all__ = ["Stuck", "TelegramDoors", "telegram_town_for"]
