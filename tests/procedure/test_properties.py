"""No sequence of actions breaks the procedure, whoever does what (design.md §4)."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from procedure.words import Step
from tests.procedure.machine import Procedure

RUNS = settings(
    max_examples=120,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ENOUGH = 0.05


def test_no_sequence_of_actions_skips_a_gate_or_closes_with_anything_open(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Procedure.runs.clear()
    run_state_machine_as_test(Procedure, settings=RUNS)  # type: ignore[no-untyped-call]
    runs = Procedure.runs
    followed = sum(Step.FOLLOW_UP in run["steps"] for run in runs) / len(runs)
    closed = sum({Step.FOLLOW_UP, Step.CLOSED} <= run["steps"] for run in runs) / len(runs)
    tried, done = (sum(run[what] for run in runs) for what in ("tried", "done"))
    with capsys.disabled():
        print(
            f"\n{len(runs)} runs, {tried} actions tried, {done} accepted;"
            f" {followed:.0%} of the runs reached Step 4, {closed:.0%} closed"
        )
    assert closed >= ENOUGH
