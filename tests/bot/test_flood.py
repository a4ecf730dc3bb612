"""The measure of a sender: people never meet it, a flood does, and memory stays bounded."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from bot.flood import GUESSES, PERSON, STRANGER, Gate, Measure

START = 1_800_000_000.0


def test_two_albums_and_a_form_by_taps_in_one_minute_pass() -> None:
    gate = Gate(PERSON)
    sent = [START] * 20 + [START + second for second in range(60)]
    assert all(gate.ask(1, at).taken for at in sent)


def test_a_quick_typist_never_meets_it() -> None:
    gate = Gate(PERSON)
    assert all(gate.ask(1, START + second).taken for second in range(3600))


def test_a_flood_is_closed_and_only_its_first_is_told() -> None:
    gate = Gate(PERSON)
    answers = [gate.ask(1, START + n / 100) for n in range(3000)]
    taken = [one for one in answers if one.taken]
    assert len(taken) == PERSON.burst
    assert sum(one.first for one in answers) == 1
    assert answers.index(next(one for one in answers if one.first)) == PERSON.burst


def test_after_the_rest_he_may_go_on() -> None:
    gate = Gate(PERSON)
    closed = next(one for one in (gate.ask(1, START) for _ in range(100)) if one.first)
    assert closed.until == START + PERSON.rest
    assert not gate.ask(1, closed.until - 0.1).taken
    assert all(gate.ask(1, closed.until).taken for _ in range(30))


def test_a_flood_without_end_gets_a_sentence_a_minute_and_one_message_a_second() -> None:
    gate = Gate(PERSON)
    answers = [gate.ask(1, START + n / 10) for n in range(10 * 1800)]
    assert sum(one.first for one in answers) <= 30
    assert sum(one.taken for one in answers) <= PERSON.burst + 1800


def test_one_sender_closes_nobody_else_s_door() -> None:
    gate = Gate(STRANGER)
    for _ in range(1000):
        gate.ask("loud", START)
    assert gate.ask("quiet", START).taken


def test_an_album_that_has_begun_is_taken_whole() -> None:
    gate = Gate(Measure(3, 1.0))
    answers = [gate.ask(1, START, "album") for _ in range(10)]
    assert all(one.taken for one in answers)
    assert not gate.ask(1, START, "the next album").taken


def test_what_waited_while_we_were_away_counts_by_when_it_was_sent() -> None:
    gate = Gate(PERSON)
    assert all(gate.ask(1, START + 60 * n).taken for n in range(200))


def test_a_clock_that_is_set_back_closes_no_door() -> None:
    gate = Gate(PERSON)
    for _ in range(100):
        gate.ask(1, START)
    assert gate.ask(1, START - 3600).taken
    assert gate.resting(1, START - 3600) is None


def test_looking_whether_a_door_rests_counts_nothing() -> None:
    gate = Gate(GUESSES)
    assert gate.resting("a", START) is None and len(gate) == 0
    for _ in range(GUESSES.burst + 1):
        gate.ask("a", START)
    assert gate.resting("a", START + 1) == START + GUESSES.rest
    assert gate.resting("a", START + GUESSES.rest) is None


def test_the_memory_is_bounded_and_forgets_the_longest_silent() -> None:
    gate = Gate(STRANGER, most=100)
    for _ in range(1000):
        gate.ask("loud", START)
    for n in range(99):
        gate.ask(n, START)
    assert not gate.ask("loud", START).taken
    for n in range(1000, 2000):
        gate.ask(n, START)
    assert len(gate) == 100


def test_threads_together_take_no_more_than_the_measure() -> None:
    gate, taken = Gate(PERSON), []

    def floods() -> None:
        taken.extend(gate.ask(1, START).taken for _ in range(500))

    threads = [threading.Thread(target=floods) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(taken) == PERSON.burst


@given(st.lists(st.floats(0, 10_000), max_size=300))
def test_in_no_order_of_moments_is_more_taken_than_burst_and_time_allow(
    moments: list[float],
) -> None:
    gate = Gate(PERSON)
    moments.sort()
    taken = sum(gate.ask(1, one).taken for one in moments)
    span = moments[-1] - moments[0] if moments else 0.0
    assert taken <= PERSON.burst + span / PERSON.every + 1
