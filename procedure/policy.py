"""The deadlines and ping patterns in force: data that a province may edit.

The text (TOML) is read once; its version is stamped on an incident when it opens, so a
later edit moves no running deadline. A text that breaks a rule is refused with every
fault at once. No number here is law unless its row says so and a clerk has confirmed it
with a date; all others are house defaults.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from procedure.policy_rows import (
    Allowance,
    Climb,
    DutyRow,
    Fault,
    Manners,
    Pattern,
    PolicyFault,
    Retention,
)
from procedure.policy_rules import broken_rules
from procedure.policy_text import Tables
from procedure.words import Severity

__all__ = [
    "Allowance",
    "Climb",
    "DutyRow",
    "Fault",
    "Manners",
    "Pattern",
    "Policy",
    "PolicyFault",
    "Retention",
]


@dataclass(frozen=True)
class Policy:
    """One version of the deadlines and ladders."""

    #: first 12 hex digits of the SHA-256 of the text
    version: str
    duties: Mapping[str, DutyRow]
    patterns: Mapping[str, Pattern]
    manners: Manners
    retention: Retention = field(default_factory=Retention)

    @staticmethod
    def read(text: str) -> "Policy":
        """The policy in a TOML text. Raises PolicyFault naming all faults at once."""
        try:
            raw = tomllib.loads(text)
            version = hashlib.sha256(text.encode()).hexdigest()[:12]
        except (ValueError, RecursionError) as error:  # ValueError: no TOML, no date, no letter
            raise PolicyFault([Fault("toml", "policy.not_toml", {"reason": str(error)})]) from None
        tables = Tables.read(raw)
        faults = [*tables.faults, *broken_rules(tables)]
        if faults or tables.manners is None:
            raise PolicyFault(faults)
        return Policy(version, tables.duties, tables.patterns, tables.manners, tables.retention)

    def allowance(self, duty: str, severity: Severity) -> Allowance:
        """The time allowed for a duty. Raises KeyError for a duty that is not there."""
        return self.duties[duty].allowances[severity]

    def pattern(self, name: str) -> Pattern:
        """A pattern as written. Raises KeyError for a name that is not there."""
        return self.patterns[name]

    def pattern_for(self, duty: str, severity: Severity) -> Pattern | None:
        """The pattern of a duty at a severity; None when it has no ladder.

        A pattern whose tail goes by severity gets the gaps, window and cap of that
        severity. Raises KeyError for a duty that is not there.
        """
        name = self.duties[duty].pattern
        if name == "none":
            return None
        by_level = self.patterns[severity.value]
        if name == "level":
            return by_level
        pattern = self.patterns[name]
        if not pattern.tail_by_severity:
            return pattern
        return replace(
            pattern,
            repeat=by_level.repeat,
            window=by_level.window,
            tail_cap=by_level.tail_cap,
            tail_in_office=by_level.tail_in_office,
        )

    def extension_limit(self, duty: str, severity: Severity) -> timedelta:
        """The most that an owner may add to his own term: a share of the allowance.

        A legal term gives nothing: it cannot be extended, only annotated.
        """
        if self.duties[duty].basis == "legal":
            return timedelta(0)
        allowance = self.allowance(duty, severity)
        return allowance.least * self.manners.extension_share / 100
