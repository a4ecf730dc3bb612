"""Everything that lives as long as the process: settings, database, clock, words, policies."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot import wordlists
from bot.holidays_vn import calendar_from
from bot.present import Present
from bot.render import Renderer
from bot.settings import Settings
from handlers.look import Words
from handlers.reading.figure import read_figure_words
from handlers.reading.intents import read_intent_words
from handlers.reading.lexicon import read_lexicon
from handlers.reading.moment import read_moment_words
from handlers.reading.topics import read_topics
from procedure.entries_organisation import ORGANISATION
from procedure.obligations import Terms
from procedure.organisation import Organisation
from procedure.policy import Policy
from procedure.secrecy import SecrecyWords, read_secrecy_words
from storage import journal, marks, people
from storage.database import Database, Session, open_database


@dataclass
class World:
    """One running service, or one command line call."""

    settings: Settings
    db: Database
    present: Present
    renderer: Renderer
    words: Words
    secrecy: SecrecyWords
    #: In tests an error of ours fails the test instead of becoming a calm sentence.
    strict: bool = False
    #: The 41 sentences of the regulation that lay a duty on somebody, by number.
    clauses: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    _terms: dict[str, Terms] = field(default_factory=dict)
    _organisation: tuple[str, Organisation] = ("?", Organisation())
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def organisation(self, session: Session) -> Organisation:
        """The organisation of the moment; read again only when its journal is another one."""
        head = journal.head(session, ORGANISATION)
        with self._lock:
            if self._organisation[0] != head:
                self._organisation = (head, people.organisation(session))
            return self._organisation[1]

    def terms(self, session: Session, version: str) -> Terms:
        """The policy and the calendar that an incident is stamped with."""
        if version not in self._terms:
            text, days = people.policy_kept(session, version)
            policy = Policy.read(text)
            calendar = calendar_from(days, self.settings.zone, policy.manners)
            self._terms[version] = Terms(policy, calendar)
        return self._terms[version]

    def restore_clock(self) -> None:
        """Puts the rehearsal clock where it stood when the service last stopped."""
        ahead = self.db.read(lambda session: marks.marked(session, marks.CLOCK_AHEAD))
        if ahead is not None:
            self.present.ahead = timedelta(seconds=float(ahead))

    def keep_clock(self) -> None:
        """Remembers how far the rehearsal clock is wound."""
        ahead = str(self.present.ahead.total_seconds())
        self.db.write(lambda session: marks.mark(session, marks.CLOCK_AHEAD, ahead))

    @property
    def channels(self) -> frozenset[str]:
        """The channels on which people can be told something: the web, and what is set."""
        return frozenset({"web", "telegram"} if self.settings.telegram_token else {"web"})

    def is_sample(self) -> bool:
        """Whether this database was marked as a sample when it was made."""
        return self.db.read(lambda session: marks.marked(session, marks.SAMPLE)) == "yes"

    def now(self) -> datetime:
        """Now, UTC."""
        return self.present()


def make_world(settings: Settings, present: Present | None = None) -> World:
    """Wires one service; opens the database file, which must have been migrated."""
    database = open_database(settings.database)
    intents = read_intent_words(wordlists.table("intents"))
    words = Words(
        moments=read_moment_words(wordlists.table("moments")),
        intents=intents,
        lexicon=read_lexicon(wordlists.table("lexicon")),
        remedy=wordlists.table("terms")["remedy"],
        figures=read_figure_words(wordlists.table("figures")),
        topics=read_topics(wordlists.table("topics")),
        addresses=wordlists.table("terms")["addresses"],
    )
    return World(
        settings=settings,
        db=database,
        present=present or Present(),
        renderer=Renderer(settings.zone),
        words=words,
        secrecy=read_secrecy_words(wordlists.table("secrecy")),
        clauses={row["number"]: row for row in wordlists.table("regulation")["duties"]},
    )


def policy_text(settings: Settings) -> str:
    """The text of the policy that new incidents take."""
    if settings.policy:
        return settings.policy.read_text(encoding="utf-8")
    return wordlists.text("policy")
