"""A province with many incidents: a few go through the real door, the others are their copies.

A hundred communes have a head, a deputy, somebody on duty and a clerk, and each opens incidents
of its own. A copy differs in its stream and its code alone, so that what the rules make of it is
what they make of the first one. Of copies the projection is written and, where asked for, the
journal (its bodies are those of the first one, its chain does not verify).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session

from bot.foresight import Foresight
from bot.stage import Stage
from procedure import actions as a
from procedure.codec import Prose
from procedure.entries_organisation import Fact, PersonRegistered, RoleGiven, UnitRegistered
from procedure.facts import Moment
from procedure.words import Authority, Casualties, Role, Severity
from storage import people
from storage.tables import EntryRow, IncidentRow, MessageRow
from tests.town import Town

COMMUNES = 100
#: The sample's commune of which the others are made, and what is held in each.
LIKE = 14
HELD = ((Role.HEAD, Role.SPOKESPERSON), (Role.DEPUTY,), (Role.ON_DUTY,), (Role.STAFF,))
UNITS, PEOPLE = 1000, 10_000
HEAD, CLERK = 0, len(HELD) - 1
#: So many rows are written in one transaction.
BATCH = 20_000


def person(commune: int, post: int) -> int:
    """Who holds a post (a place in HELD) in a commune, counted from 0."""
    return PEOPLE + commune * len(HELD) + post


def as_in_service(town: Town) -> None:
    """A service does not work out a second time what it has foreseen, to be sure of it."""
    town.world.strict, town.world.foresight = False, Foresight()


def settle_in(town: Town) -> None:
    """The communes with their people."""
    organisation = town.world.db.read(town.world.organisation)
    unit, model = (
        organisation.units[LIKE],
        organisation.people[organisation.holders(Role.HEAD, LIKE)[0]],
    )
    facts: list[Fact] = []
    for n in range(COMMUNES):
        facts.append(UnitRegistered(unit=replace(unit, id=UNITS + n, short=f"xã số {n}")))
        for post, roles in enumerate(HELD):
            id = person(n, post)
            here = replace(model, id=id, name=f"Người {id}", short=f"N{id}", unit=UNITS + n)
            facts.append(PersonRegistered(person=replace(here, phone=f"09{id:08}")))
            facts += [RoleGiven(person=id, role=role, unit=UNITS + n) for role in roles]
    town.world.db.write(
        lambda session: people.record(session, facts, at=town.clock, actor=30, channel="bench")
    )


def open_everywhere(
    town: Town, severity: Severity = Severity.SERIOUS, communes: int = COMMUNES
) -> list[str]:
    """One incident in every commune, opened now by its clerk; their streams."""

    def work(session: Session) -> list[str]:
        stage = Stage(town.world, session, town.clock, "web")
        policy = people.policy_in_force(session) or ""
        return [
            stage.perform(None, person(n, CLERK), _opening(town, n, policy, severity))
            for n in range(communes)
        ]

    return town.world.db.write(work)


def _opening(town: Town, commune: int, policy: str, severity: Severity) -> a.OpenIncident:
    return a.OpenIncident(
        code="",
        drill=False,
        unit=UNITS + commune,
        department=2,
        committee=1,
        policy=policy,
        title=Prose(f"Sạt lở bờ kênh xã số {commune}"),
        line=Prose("sat lo bo kenh, mat cai lo, 7 nha"),
        incident_kind="landslide",
        casualties=Casualties.NONE_KNOWN,
        detected=Moment(at=town.clock),
        suggested_authority=Authority.BEYOND,
        severity=severity,
    )


def rows_of(town: Town, streams: Sequence[str]) -> list[dict[str, Any]]:
    """The projection rows of incidents, as they lie in the database."""
    table = IncidentRow.__table__  # type: ignore[attr-defined]
    query = select(table).where(table.c.stream.in_(streams)).order_by(table.c.id)
    found = town.world.db.read(lambda session: session.connection().execute(query).mappings().all())
    return [dict(row) for row in found]


def copy(town: Town, models: Sequence[dict[str, Any]], ids: Iterable[int], name: str) -> None:
    """One copy for every id, of the models in turn; `name` is in its stream and its code."""
    made = (_copied(models[id % len(models)], id, name) for id in ids)
    _in_batches(town, insert(IncidentRow.__table__), made)  # type: ignore[attr-defined]


def _copied(model: dict[str, Any], id: int, name: str) -> dict[str, Any]:
    """A copy has a microsecond of its own in all its moments: no two are worked out at once."""
    stream, code = f"incident-{name}{id}", f"{name}-{id}"
    state = model["state"].replace(f'"stream":"{model["stream"]}"', f'"stream":"{stream}"')
    state = state.replace(f'"code":"{model["code"]}"', f'"code":"{code}"')
    apart = timedelta(microseconds=id % 1_000_000)
    state = state.replace(".000000+00:00", f".{apart.microseconds:06}+00:00")
    moments = {one: model[one] + apart for one in ("opened_at", "next_ring_at") if model[one]}
    return model | {"id": id, "stream": stream, "code": code, "state": state, **moments}


def copy_journal(
    town: Town, models: Sequence[dict[str, Any]], ids: Sequence[int], name: str, length: int = 0
) -> None:
    """The entries of the models once more, for copies made with the same ids and name.

    With a `length` they are told over and over until a journal is so long.
    """
    table = EntryRow.__table__  # type: ignore[attr-defined]
    streams = [model["stream"] for model in models]

    query = select(table).where(table.c.stream.in_(streams)).order_by(table.c.seq)
    entries = defaultdict(list)
    for row in town.world.db.read(
        lambda session: session.connection().execute(query).mappings().all()
    ):
        entries[row["stream"]].append(dict(row))
    told = (
        one | {"stream": f"incident-{name}{id}", "seq": seq}
        for id in ids
        for seq, one in _lengthened(entries[models[id % len(models)]["stream"]], length)
    )
    _in_batches(town, insert(table), told)


def _lengthened(
    entries: Sequence[dict[str, Any]], length: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    return enumerate(islice(cycle(entries), length or len(entries)), 1)


def _in_batches(town: Town, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    going = iter(rows)
    while batch := list(islice(going, BATCH)):
        town.world.db.write(
            lambda session, batch=batch: session.connection().execute(statement, batch)  # type: ignore[misc]
        )


def heard(town: Town) -> None:
    """Whatever was told so far was sent and has been looked at."""
    told = update(MessageRow).values(state="sent", passed_on=True)
    town.world.db.write(lambda session: session.connection().execute(told))
