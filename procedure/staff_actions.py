"""What a person can ask for about the organisation; `rules_staff` answers (conduct §15)."""

from dataclasses import dataclass

from procedure.words import Role


@dataclass(frozen=True, kw_only=True)
class StaffAction:
    """About a role in a unit."""

    person: int
    role: Role
    unit: int


class GiveRole(StaffAction):
    """He shall hold it from now on."""


class EndRole(StaffAction):
    """He shall hold it no more."""


class ConfirmRole(StaffAction):
    """A second administrator agrees to what was proposed."""


class RejectRole(StaffAction):
    """He does not agree."""


STAFF_ACTIONS: dict[str, type[StaffAction]] = {
    kind.__name__: kind for kind in StaffAction.__subclasses__()
}
