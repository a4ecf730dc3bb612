"""What sentences about papers, absences and rosters are told of."""

from typing import Any

AT = "2026-10-12T10:00:00+00:00"
FACTS: dict[str, Any] = {
    "absent": 1,
    "stand_in": 10,
    "accepted": True,
    "told_by": 3,
    "instead_of": 1,
    "document": "12/GUQ-UBND",
    "dated": "12/10/2026",
    "waits": True,
    "head": 3,
    "without": [1],
    "away": [{"person": 1, "stand_in": 3, "until": AT}],
    "shifts": [{"since": AT, "until": AT, "weekday": 0, "person": one} for one in (10, None)],
}
