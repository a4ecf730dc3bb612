"""The account of what Telegram takes: never above its limits in any window, by a moved clock."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.pace import ALLOWED, Allowed, Pacer
from bot.channels.telegram.places import NoSuchPlace, Place, place_of

AN, BINH = Place(7_000_001), Place(7_000_002)
FORUM = -100_500
OTHER = Place(-100_600)


def topic(number: int) -> Place:
    return Place(FORUM, number)


@pytest.mark.parametrize(
    ("external", "place", "group"),
    [
        ("7000001", AN, False),
        ("-100123", Place(-100123), True),
        ("-100123:77", Place(-100123, 77), True),
    ],
)
def test_a_chat_names_its_place(external: str, place: Place, group: bool) -> None:
    assert place_of(external) == place
    assert place.is_group is group


@pytest.mark.parametrize("external", ["7000001:55", "", "-", "x", "-100123:", "-100123:-7", "1.5"])
def test_an_account_that_changed_hands_is_no_place(external: str) -> None:
    with pytest.raises(NoSuchPlace):
        place_of(external)


def spent(pacer: Pacer, place: Place, times: int, now: float = 100.0) -> None:
    for _ in range(times):
        pacer.spend(place, now)


def test_a_private_chat_takes_two_at_once_then_one_a_second() -> None:
    pacer = Pacer(0.0)
    spent(pacer, AN, 2)
    assert pacer.alone(AN, 100.0) == pytest.approx(101.0)
    assert pacer.alone(BINH, 100.0) == 100.0
    assert pacer.alone(AN, 101.0) == 101.0


def test_an_album_counts_each_file_and_goes_when_the_chat_has_had_its_rest() -> None:
    pacer = Pacer(0.0)
    pacer.spend(AN, 100.0)
    assert pacer.alone(AN, 100.0, 10) == pytest.approx(101.0)
    pacer.spend(AN, 101.0, 10)
    assert pacer.alone(AN, 101.0) == pytest.approx(110.0)


def test_all_topics_of_a_forum_have_one_budget() -> None:
    pacer = Pacer(0.0)
    for n in range(20):
        assert pacer.alone(topic(n), 100.0) == 100.0
        pacer.spend(topic(n), 100.0)
    assert pacer.alone(topic(99), 100.0) == 161.0
    assert pacer.alone(OTHER, 100.0) == 100.0


def test_it_begins_half_full() -> None:
    pacer = Pacer(100.0)
    spent(pacer, AN, 1)
    assert pacer.alone(AN, 100.0) > 100.0
    spent(pacer, topic(1), 10)
    assert pacer.alone(topic(2), 100.0) == 161.0


def test_told_to_wait_it_leaves_that_chat_alone_until_after() -> None:
    pacer = Pacer(0.0)
    pacer.rest(topic(1), 100.0, 7)
    assert pacer.alone(topic(2), 100.0) > 107.0, "the whole forum was meant"
    assert pacer.alone(AN, 100.0) == 100.0
    pacer.rest(topic(1), 101.0, 1)
    assert pacer.alone(topic(2), 101.0) > 107.0, "a shorter word takes nothing back"


def test_several_chats_told_so_at_once_slow_down_all() -> None:
    pacer = Pacer(0.0)
    for n in range(3):
        assert pacer.overall(100.0) == 100.0
        pacer.rest(Place(n + 1), 100.0, 1)
    assert pacer.overall(100.0) == 101.0
    at_once = int(ALLOWED.at_once - ALLOWED.for_replies) + 1
    spent(pacer, OTHER, at_once, 101.0)
    slow = pacer.overall(101.0) - 101.0
    later = Pacer(0.0)
    spent(later, OTHER, at_once, 101.0)
    assert slow > later.overall(101.0) - 101.0 > 0.0


def test_what_came_to_nothing_is_given_back() -> None:
    pacer = Pacer(0.0)
    for place in (AN, topic(1)):
        was = pacer.when(place, 100.0, 2)
        pacer.give_back(pacer.spend(place, 100.0, 2))
        assert pacer.when(place, 100.0, 2) == was


def test_an_answer_may_go_when_a_broadcast_may_not() -> None:
    pacer = Pacer(0.0)
    spent(pacer, OTHER, int(ALLOWED.at_once - ALLOWED.for_replies))
    assert pacer.overall(100.0) > 100.0
    assert pacer.overall(100.0, reply=True) == 100.0


@pytest.mark.parametrize(
    ("messages", "edits", "last", "waiting", "at"),
    [
        (0, 0, 0.0, 0, 100.0),  # nothing has gone and nothing waits
        (0, 5, 98.0, 0, 100.0),  # five edits a minute may be followed by a sixth at once …
        (0, 6, 98.0, 0, 159.0),  # … and no seventh
        (19, 0, 98.0, 0, 100.0),  # the last of the budget, since nobody else wants it
        (20, 0, 98.0, 0, 159.0),  # nothing is left
        (0, 1, 90.0, 1, 105.0),  # while messages wait, not within 15 s of the last
        (1, 0, 90.0, 1, 105.0),
        (0, 1, 84.0, 1, 100.0),
        (0, 1, 84.0, 19, 144.0 + 1),  # what waits has its part first: 1 + 19 + 1 are too many
        (0, 0, 0.0, 20, inf),  # what waits takes all there is
        (15, 0, 84.0, 4, 100.0),
        (15, 0, 84.0, 5, 145.0),
    ],
)
def test_cards_are_edited_with_what_messages_leave(
    messages: int, edits: int, last: float, waiting: int, at: float
) -> None:
    pacer = Pacer(-1000.0)
    spent(pacer, topic(1), messages, last)
    for _ in range(edits):
        pacer.spend(topic(2), last, edit=True)
    assert pacer.when_edit(topic(3), 100.0, waiting) == pytest.approx(at)


def test_in_a_private_chat_edits_wait_until_nothing_else_does() -> None:
    pacer = Pacer(0.0)
    assert pacer.when_edit(AN, 100.0, 1) == inf
    assert pacer.when_edit(AN, 100.0, 0) == 100.0


PLACES = [AN, BINH, topic(1), topic(2), OTHER, *(Place(n) for n in range(1, 9))]
WISHES = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.integers(1, 10),
        st.booleans(),
        st.floats(0, 2) | st.just(0.0),
        st.booleans(),
    ),
    max_size=150,
)


def window(times: list[tuple[float, int]], seconds: float) -> int:
    """The most within any half-open window."""
    grain = 1e-6
    return max(
        (
            sum(count for at, count in times if start <= at < start + seconds - grain)
            for start, _ in times
        ),
        default=0,
    )


@given(WISHES)
def test_no_window_is_ever_above_a_limit(
    wishes: list[tuple[Place, int, bool, float, bool]],
) -> None:
    now, pacer = 0.0, Pacer(0.0)
    sent: list[tuple[float, int, Place, bool]] = []
    for place, count, edit, gap, reply in wishes:
        now += gap
        count = 1 if edit else count
        for _ in range(50):
            may = (
                pacer.when_edit(place, now, 0)
                if edit
                else pacer.when(place, now, count, reply=reply)
            )
            if may <= now:
                break
            now = may
        assert may <= now, "it says when, and then it may"
        pacer.spend(place, now, count, edit=edit)
        sent.append((now, count, place, edit))
    assert window([(at, count) for at, count, *_ in sent], 1.0) <= 30
    for chat in {one.chat for one in PLACES}:
        mine = [(at, count) for at, count, place, _ in sent if place.chat == chat]
        if chat < 0:
            assert window(mine, 60.0) <= 20
            edits = [(at, n) for at, n, place, edit in sent if edit and place.chat == chat]
            assert window(edits, 60.0) <= 6
        else:
            singles = [(at, 1) for at, _ in mine]
            assert window(singles, 1.0) <= 3, "what Telegram forgives"


@given(st.lists(st.floats(0, 3), min_size=2, max_size=200))
def test_the_pace_over_all_never_outruns_telegrams_own_store(gaps: list[float]) -> None:
    """30 at once and 30 a second, as the strict server counts, are never asked for more."""
    now, pacer, left, last = 0.0, Pacer(0.0), 30.0, 0.0
    for n, gap in enumerate(gaps):
        now += gap
        place = Place(n + 1)
        while (may := pacer.when(place, now)) > now:
            now = may
        pacer.spend(place, now)
        left = min(30.0, left + (now - last) * 30.0) - 1
        last = now
        assert left >= 0


def test_numbers_may_be_others() -> None:
    pacer = Pacer(0.0, Allowed(group=3, window=10.0))
    spent(pacer, OTHER, 3, 50.0)
    assert pacer.alone(OTHER, 50.0) == 60.0
