"""How many examples the fuzzers try: few in `make test`, as many as MDM_FUZZ says by hand."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

#: Examples of each fuzzer; 0: the few of the ordinary test run.
WANTED = int(os.environ.get("MDM_FUZZ", "0"))


def examples(few: int) -> Callable[[Any], Any]:
    """`few` examples, the same at each run; with MDM_FUZZ that many, ever new."""
    return settings(
        max_examples=WANTED or few,
        derandomize=not WANTED,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
