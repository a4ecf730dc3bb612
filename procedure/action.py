"""The base of what can be asked for; the kinds are in `actions` and its neighbours."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Action:
    """Base of all actions."""
