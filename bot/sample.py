"""The sample organisation: fictional units, people and one closed incident to read.

It is loaded once, into a database that is marked as a sample when it is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from bot import wordlists
from bot.holidays_vn import calendar_text, terms_version
from bot.stage import Stage
from bot.world import World, policy_text
from procedure import actions as a
from procedure.codec import Prose, load
from procedure.decision import Notice
from procedure.entries import Entry, Fact
from procedure.entries_organisation import (
    PersonRegistered,
    PolicyAdopted,
    RoleGiven,
    UnitRegistered,
)
from procedure.incident import Incident
from procedure.obligations import Terms
from procedure.organisation import Person, Unit
from procedure.policy import Policy
from procedure.words import Role
from storage import marks, people

CHANNEL = "sample"


class Past(Stage):
    """What lies behind is really performed, and nobody is told of it again: no prompt, no ring."""

    def tell(self, incident: Incident, terms: Terms, notice: Notice) -> None:
        """Nothing: those who were to hear it have long heard it."""

    def tell_room(self, incident: Incident, entries: Sequence[Entry]) -> None:
        """Nothing: its room was closed long ago."""


def load_sample(world: World) -> None:
    """Fills an empty, migrated database; the last thing it writes is the mark `sample`.

    Ends with the rehearsal clock at the first minute of the story. Raises Refused when the
    incident of the data breaks a rule, and LookupError or TypeError when the data is malformed.
    """
    data = wordlists.table("sample")
    since = datetime.fromisoformat(data["since"])
    adopt_policy(world, since, by=data["by"], reason=data["policy_reason"])
    facts = organisation_facts(data)
    world.db.write(
        lambda session: people.record(session, facts, at=since, actor=data["by"], channel=CHANNEL)
    )
    perform_past(world, wordlists.table("sample_incident")["acts"])
    world.present.set_to(datetime.fromisoformat(data["clock"]))
    world.keep_clock()
    world.db.write(lambda session: marks.mark(session, marks.SAMPLE, "yes"))


def adopt_policy(world: World, at: datetime, *, by: int, reason: str) -> str:
    """Keeps the policy text of the settings and puts it in force; returns its version.

    Raises PolicyFault when the text breaks a rule.
    """
    text = policy_text(world.settings)
    Policy.read(text)
    calendar = calendar_text()
    version = terms_version(text, calendar)
    adopted = PolicyAdopted(policy=version, reason=Prose(reason))
    world.db.write(lambda session: people.keep_policy(session, version, text, calendar, at))
    world.db.write(
        lambda session: people.record(session, [adopted], at=at, actor=by, channel=CHANNEL)
    )
    return version


def organisation_facts(data: Mapping[str, Any]) -> list[Fact]:
    """Units, people, and what each holds in his unit, as facts in the order of the file."""
    facts: list[Fact] = [UnitRegistered(unit=load(Unit, row)) for row in data["units"]]
    for row in data["people"]:
        facts.append(PersonRegistered(person=load(Person, row)))
        facts += [
            RoleGiven(person=row["id"], role=Role(role), unit=row["unit"]) for role in row["holds"]
        ]
    return facts


def perform_past(world: World, acts: list[dict[str, Any]]) -> str | None:
    """Performs acts of the data, each by its person at its time; returns their stream."""
    stream: str | None = None
    for act in acts:
        stream = _perform(world, stream, act)
    return stream


def _perform(world: World, stream: str | None, act: Mapping[str, Any]) -> str:
    at = datetime.fromisoformat(act["at"])

    def turn(session: Any) -> str:
        stage = Past(world, session, at, CHANNEL)
        action = _action(stage, stream, act)
        return stage.perform(stream, act["by"], action)

    return world.db.write(turn)


def _action(stage: Stage, stream: str | None, act: Mapping[str, Any]) -> a.Action:
    """The action of a row; the policy and a text's hash are filled in from what stands."""
    kind = a.ACTIONS[act["do"]]
    given = dict(act.get("with", {}))
    wanted = {one.name for one in fields(kind)}
    if "policy" in wanted:
        given["policy"] = people.policy_in_force(stage.session)
    if "sha256" in wanted and stream:
        pending = stage.incident(stream).pending_statement
        given["sha256"] = pending.sha256 if pending else ""
    return load(kind, given)
