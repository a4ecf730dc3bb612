"""What a person can ask for about the organisation (conduct §15)."""

from dataclasses import dataclass

from procedure.words import Role


@dataclass(frozen=True, kw_only=True)
class StaffAction:
    """About who is who, and who acts for whom."""


@dataclass(frozen=True, kw_only=True)
class PersonAction(StaffAction):
    """About somebody who is registered."""

    person: int


@dataclass(frozen=True, kw_only=True)
class RoleAction(PersonAction):
    """About a role of his in a unit."""

    role: Role
    unit: int


class GiveRole(RoleAction):
    """He shall hold it from now on."""


class EndRole(RoleAction):
    """He shall hold it no more."""


class ConfirmRole(RoleAction):
    """A second administrator agrees to what was proposed."""


class RejectRole(RoleAction):
    """He does not agree."""


class InvitePerson(PersonAction):
    """A new one-time link for him."""


class EndAccess(PersonAction):
    """Every door of his is shut: his phone is lost."""


#: What a button may carry.
ROLE_ACTIONS: dict[str, type[RoleAction]] = {
    kind.__name__: kind for kind in RoleAction.__subclasses__()
}
