"""Everything that lives as long as the process: settings, database, clock, words, policies."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import wordlists
from bot.foresight import Foresight
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
from procedure.obligations import Terms
from procedure.organisation import Organisation
from procedure.policy import Policy
from procedure.secrecy import SecrecyWords, read_secrecy_words
from storage import marks, people
from storage.database import Database, Session, open_database

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """The organisation as it was last read, and for which moments (UTC) that is true."""

    version: str
    organisation: Organisation
    since: datetime = _EVER
    until: datetime = _EVER


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
    #: What the clock has worked out ahead.
    foresight: Foresight = field(default_factory=Foresight)
    _terms: dict[str, Terms] = field(default_factory=dict)
    _organisation: "Seen" = field(default_factory=lambda: Seen("?", Organisation()))
    _looked: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def organisation(self, session: Session, at: datetime | None = None) -> Organisation:
        """The organisation as it stands at a moment (UTC; default: now); read again only when it
        is another one."""
        version = people.version(session)
        now, zone = at or self.now(), self.settings.zone
        with self._lock:
            seen = self._organisation
            if seen.version != version:
                seen = Seen(version, people.organisation(session))
            if not seen.since <= now < seen.until:
                found = seen.organisation
                seen = Seen(version, found.at(now, zone), now, found.until(now, zone))
            self._organisation = seen
            return seen.organisation

    def terms(self, session: Session, version: str) -> Terms:
        """The policy and the calendar that an incident is stamped with."""
        if version not in self._terms:
            text, days = people.policy_kept(session, version)
            policy = Policy.read(text)
            calendar = calendar_from(days, self.settings.zone, policy.manners)
            self._terms[version] = Terms(policy, calendar)
        return self._terms[version]

    def all_terms(self, session: Session) -> dict[str, Terms]:
        """The numbers that are in force for any incident, by version."""
        return {one: self.terms(session, one) for one in people.policies_kept(session)}

    def time_to_look(self, what: str, often: timedelta) -> bool:
        """Whether this process last looked for something that long ago, by the world's clock,
        which may have been wound; it looks now."""
        now, last = self.now(), self._looked.get(what)
        if last is not None and abs(now - last) < often:
            return False
        self._looked[what] = now
        return True

    def restore_clock(self) -> None:
        """Puts the rehearsal clock where it stood when the service last stopped."""
        ahead = self.db.read(marks.clock_ahead)
        if ahead:
            self.present.ahead = ahead

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
