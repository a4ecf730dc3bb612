"""Whose turn it is: answers, then the gravest, then age; in order, and nobody for ever last."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from bot.channels.telegram.lanes import Lane, Lanes, Rank, rank
from storage.outbox import Queued

START = datetime(2026, 10, 12, tzinfo=UTC)
REST = "rooms#changed"


def line(
    id: int, chat: int, template: str = REST, severity: str | None = None, first: bool = False
) -> Queued:
    at = START + timedelta(seconds=id)
    return Queued(id, chat, str(7_000_000 + chat), template, severity, first, at)


def free(lane: Lane, now: float) -> float:
    return -inf


def order(lanes: Lanes, times: int = 1000) -> list[int]:
    """The ids in the order in which they go out, one after another."""
    found: list[int] = []
    while len(found) < times:
        lane, _ = lanes.pick(0.0, free, lambda *_: -inf)
        if lane is None:
            break
        found.append(lane.rows[0].id)
        lane.pop()
        lanes.back(lane)
    return found


@pytest.mark.parametrize(
    ("template", "severity", "first", "wanted"),
    [
        ("answers#cancelled", "grave", False, Rank.REPLY),
        ("forms/brief#summary", None, False, Rank.REPLY),
        ("rings/owner#receipt", "grave", True, Rank.GRAVE),
        ("notices/incident_opened#text", "serious", True, Rank.SERIOUS),
        ("notices/incident_opened#text", "ordinary", True, Rank.ORDINARY),
        ("rings/owner#receipt", "grave", False, Rank.REST),
        ("rooms#opened", "grave", False, Rank.REST),
    ],
)
def test_what_is_how_urgent(template: str, severity: str | None, first: bool, wanted: Rank) -> None:
    assert rank(line(1, 1, template, severity, first)) is wanted


def test_answers_first_then_the_gravest_then_by_age() -> None:
    lanes = Lanes()
    lanes.add(
        [
            line(1, 1),
            line(2, 2, "notices/x#text", "ordinary", True),
            line(3, 3, "notices/x#text", "serious", True),
            line(4, 4, "rings/x#text", "grave", True),
            line(5, 5, "answers#x"),
            line(6, 6),
        ]
    )
    assert order(lanes) == [5, 4, 3, 2, 1, 6]
    assert len(lanes) == 0


def test_a_chat_stays_in_order_and_an_answer_pulls_along_what_stands_before_it() -> None:
    lanes = Lanes()
    lanes.add(
        [line(1, 1), line(2, 2), line(3, 2, "answers#x"), line(4, 3, "rings/x", "grave", True)]
    )
    assert order(lanes) == [2, 3, 4, 1]


def test_an_answer_that_comes_in_the_middle_of_a_broadcast_is_next() -> None:
    lanes = Lanes()
    lanes.add([line(n, n) for n in range(1, 101)])
    order(lanes, 10)
    lanes.add([line(200, 90, "answers#x"), line(201, 300, "answers#x")])
    assert order(lanes, 3) == [90, 200, 201]


def test_one_turn_in_eight_is_for_who_has_waited_longest() -> None:
    lanes = Lanes()
    lanes.add([line(1, 1), *(line(n, n, "answers#x") for n in range(2, 40))])
    assert order(lanes).index(1) < 8


def test_a_chat_that_rests_lets_the_others_pass_and_comes_back_in_its_time() -> None:
    lanes = Lanes()
    lanes.add([line(1, 1), line(2, 2)])
    lane, _ = lanes.pick(0.0, free, lambda *_: -inf)
    assert lane is not None and lane.rows[0].id == 1
    lanes.back(lane, until=5.0)
    assert order(lanes) == [2]
    assert lanes.pick(4.9, free, lambda *_: -inf) == (None, 5.0)
    lane, _ = lanes.pick(5.0, free, lambda *_: -inf)
    assert lane is not None and lane.rows[0].id == 1


def test_a_line_that_comes_while_its_chat_is_busy_or_rests_waits_for_its_turn() -> None:
    lanes = Lanes()
    lanes.add([line(1, 1)])
    lane, _ = lanes.pick(0.0, free, lambda *_: -inf)
    assert lane is not None
    lanes.add([line(2, 1, "answers#x")])
    assert lanes.pick(0.0, free, lambda *_: -inf)[0] is None, "one call at a time in a chat"
    lanes.back(lane, until=3.0)
    lanes.add([line(3, 1, "answers#x")])
    assert lanes.pick(2.0, free, lambda *_: -inf) == (None, 3.0), "an answer ends no rest"
    assert lanes.pick(3.0, free, lambda *_: -inf)[0] is lane
    assert [one.id for one in lane.rows] == [1, 2, 3]


def test_while_broadcasts_may_not_go_only_an_answer_does() -> None:
    lanes = Lanes()
    lanes.add([line(1, 1)])

    def only_replies(reply: bool, count: int, now: float) -> float:
        return now if reply else 9.0

    assert lanes.pick(0.0, free, only_replies) == (None, 9.0)
    lanes.add([line(2, 2, "answers#x")])
    lane, _ = lanes.pick(0.0, free, only_replies)
    assert lane is not None and lane.rows[0].id == 2


def test_topics_of_a_forum_wait_together() -> None:
    lanes = Lanes()
    for n, external in enumerate(["-100:1", "-100:2", "-1000:1", "-100"], 1):
        lanes.add([Queued(n, n, external, REST, None, False, START)])
    assert lanes.waiting("-100:9") == 3


def test_what_was_settled_while_a_look_was_under_way_does_not_come_again() -> None:
    """The look has seen it before it was noted as sent; a later look may bring it back."""
    lanes = Lanes()
    lanes.add([line(1, 1)])
    began = lanes.moment
    assert order(lanes) == [1]
    lanes.add([line(1, 1), line(2, 1)], began)
    assert order(lanes) == [2]
    lanes.add([line(1, 1)], lanes.moment)
    assert order(lanes) == [1]
