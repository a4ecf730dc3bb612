"""Whatever was done in two incidents, one file of them loses nothing, and two come back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from procedure import actions as a
from procedure.codec import dump
from procedure.errors import Refused
from procedure.evolve import fold
from procedure.facts import Figure
from procedure.figures import conflicts, settler, thing_key, things
from procedure.incident import Incident
from procedure.merging import ASKED_BY_KEY, PARTS, is_about_item
from procedure.obligations import ball, owed
from procedure.parties import everyone, resolve, speaker
from procedure.words import Authority
from tests.procedure import two_files as t
from tests.procedure import village as v
from tests.procedure.moves import beside, useful
from tests.procedure.test_decide_merge import without_time
from tests.procedure.village import Walk

RUNS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
PICKS = st.lists(st.integers(0, 60), max_size=12)
#: What keeps the one file from being merged or split, and the end of it.
KEPT_OUT = (a.MergeIncidents, a.SplitIncident, a.CloseIncident)


def moved(walk: Walk, picks: list[int]) -> None:
    """Sensible and other things happen; what is refused did not."""
    for pick in picks:
        acts = [one for one in (*useful(walk), *beside(walk)) if not isinstance(one[1], KEPT_OUT)]
        actor, action = acts[pick % len(acts)]
        try:
            walk.does(actor, action)
        except Refused:
            continue


def by_texts(incident: Incident, part: str) -> list[str]:
    """What the items of a part say, apart from their numbers."""
    names = ("text", "value", "what", "items", "question", "line", "words")
    return [
        str(next(getattr(one, n) for n in names if hasattr(one, n)))
        for one in getattr(incident, part)
    ]


def said_anew(figures: tuple[Figure, ...], incident: Incident) -> bool:
    """Whether a unit among these has a newer word for the same thing in another file."""
    return any(
        thing_key(mine) == thing_key(theirs) and mine.of_unit == theirs.of_unit
        for theirs in figures
        for mine in incident.figures
        if mine.at > theirs.at
    )


def sound(walk: Walk) -> None:
    """The fold is what was reached; no two duties share a key; somebody has the ball."""
    incident = walk.incident
    assert fold(incident.stream, walk.history) == incident
    keys = [one.key for one in owed(incident, v.TERMS)]
    assert len(keys) == len(set(keys))
    for part in PARTS:
        numbers = [one.id for one in getattr(incident, part)]
        assert len(numbers) == len(set(numbers)), part
    there = {one.id for one in incident.figures}
    for choice in incident.settlements:
        assert set(choice.figures) <= there and choice.chosen in (None, *choice.figures)
    for one in conflicts(incident):
        assert len(one.values) > 1 and resolve(settler(incident), incident, walk.organisation)
    told = {held.id for thing in things(incident) for held in thing.standing + thing.set_aside}
    newest = {(thing_key(one), one.of_unit): one.id for one in incident.figures}
    assert told <= there and (incident.merged or set(newest.values()) <= told)
    holder = ball(incident, v.TERMS)
    assert (holder is None) == bool(incident.closed_at or incident.yielded)
    if holder:
        assert resolve(holder.owner, incident, walk.organisation)


@RUNS
@example(here=[14, 2, 9], there=[15], together=[], later=[])
@given(here=PICKS, there=PICKS, together=PICKS, later=PICKS)
def test_merging_and_splitting_lose_nothing(
    here: list[int], there: list[int], together: list[int], later: list[int]
) -> None:
    files = t.two()
    moved(files.kept, here)
    moved(files.other, there)
    before, other = files.kept.incident, files.other.incident
    if other.official:
        with pytest.raises(Refused, match="spoken_is_kept"):
            files.merge()
        return
    files.merge()
    one = files.kept.incident
    assert owed(files.other.incident, v.TERMS) == ()
    for part in PARTS:
        carried = by_texts(other, part)
        if part == "reports":
            carried = [str(other.line), *carried]
        assert by_texts(one, part) == by_texts(before, part) + carried
    kept_open = [one for one in conflicts(other) if not said_anew(one.figures, before)]
    had = {held.value for each in kept_open for held in each.values}
    assert had <= {held.value for each in conflicts(one) for held in each.values}
    for name in ASKED_BY_KEY:
        carried_keys = [key for key in getattr(other, name) if is_about_item(key)]
        assert len(getattr(one, name)) == len(getattr(before, name)) + len(carried_keys)
    assert speaker(one, v.ORGANISATION) == speaker(before, v.ORGANISATION)
    assert set(everyone(other, v.ORGANISATION)) <= set(everyone(one, v.ORGANISATION))
    assert one.severity.rank >= max(before.severity.rank, other.severity.rank)
    sound(files.kept)
    sound(files.other)
    moved(files.kept, together)
    open_there = {part: len(getattr(other, part)) for part in PARTS}
    files.split()
    sound(files.kept)
    sound(files.other)
    back = files.other.incident
    assert {part: len(getattr(back, part)) for part in PARTS} == open_there
    for part in PARTS:
        assert by_texts(back, part) == by_texts(other, part)
    moved(files.kept, later)
    moved(files.other, later)
    sound(files.kept)
    sound(files.other)


@RUNS
@given(here=PICKS, there=PICKS)
def test_merged_and_split_at_once_the_other_is_what_it_was(
    here: list[int], there: list[int]
) -> None:
    files = t.two()
    moved(files.kept, here)
    moved(files.other, there)
    was = files.other.incident
    if was.official:
        return
    files.merge()
    files.split()
    ahead = was.meeting is not None and was.meeting.at > files.kept.now - v.MINUTE
    off = {"meeting", "cancelled_meetings"} if ahead else set()
    now, then = (without_time(one) for one in (files.other.incident, was))
    assert [one for one in then if one not in off and now[one] != then[one]] == []
    told = [(one.id, one.ids, one.since) for one in conflicts(was)]
    assert [(one.id, one.ids, one.since) for one in conflicts(files.other.incident)] == told


UP = a.DecideAuthority(beyond=True, reason=v.REASON)
#: What the decision itself changes, and the mark of who did it when.
DECIDED = {"seq", "authority", "authority_decided_at", "went_beyond_at", "acted", "members"}


def of_itself(incident: Incident) -> dict[str, Any]:
    return {name: value for name, value in dump(incident).items() if name not in DECIDED}


@pytest.mark.duty("T17")
@RUNS
@given(picks=st.lists(st.integers(0, 60), max_size=25), detailed=st.booleans())
def test_going_beyond_at_any_time_loses_nothing(picks: list[int], detailed: bool) -> None:
    """T17: from every state within authority; then the head sends the report, and it goes on."""
    walk = v.within()
    if detailed:
        walk.does(v.REPORTER, a.LogClaim(text=v.WORDS))
        walk.does(v.WATCH, a.RecordEnquiry(outlet=v.WORDS, question=v.WORDS))
        walk.does(v.HEAD, a.OrderVerification(people=(v.EXPERT,), units=(v.AGENCY,), what=v.WORDS))
    for pick in picks:
        if walk.incident.beyond:
            break
        acts = [one for one in (*useful(walk), *beside(walk)) if one[1] != UP]
        actor, action = acts[pick % len(acts)]
        if v.refusal(walk, actor, action) is None:
            walk.does(actor, action)
    before = walk.incident
    if before.closed_at:
        walk.does(v.HEAD, a.ReopenIncident(reason=v.REASON))
        before = walk.incident
    assert before.within
    walk.does(v.HEAD, UP)
    after = walk.incident
    assert of_itself(after) == of_itself(before)
    assert after.authority is Authority.BEYOND and after.went_beyond_at == walk.now
    holder = ball(after, v.TERMS)
    assert holder and holder.key == "O2" and holder.start == walk.now
    assert resolve(holder.owner, after, v.ORGANISATION)[0] == v.HEAD
    walk.does(v.REPORTER, a.AmendReport(item="place", text=v.WORDS))
    walk.does(v.HEAD, a.SubmitReport(through=v.DEPARTMENT, to=v.COMMITTEE))
    sound(walk)
