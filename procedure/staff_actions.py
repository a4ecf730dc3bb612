"""What a person can ask for about the organisation; `rules_staff`, `rules_units` answer."""

from dataclasses import dataclass
from datetime import date

from procedure.organisation import Unit
from procedure.words import Role, UnitKind


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


@dataclass(frozen=True, kw_only=True)
class GiveRole(RoleAction):
    """He shall hold it from now on, up to and with a last local day if there is one."""

    until: date | None = None


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


@dataclass(frozen=True, kw_only=True)
class RegisterPerson(StaffAction):
    """Somebody new; `address` is how the press is told of him (ông, bà, anh, chị)."""

    name: str
    address: str
    post: str
    phone: str
    unit: int


@dataclass(frozen=True, kw_only=True)
class ChangePerson(PersonAction):
    """A new post, telephone or unit; None leaves what he has."""

    post: str | None = None
    phone: str | None = None
    unit: int | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterUnit(StaffAction):
    """A new body; `reports_to` is its superior, if it has one."""

    name: str
    short: str
    kind: UnitKind
    reports_to: int | None


@dataclass(frozen=True, kw_only=True)
class UnitAction(StaffAction):
    """About a unit as it was `seen`; refused when it has become another one since."""

    seen: Unit


@dataclass(frozen=True, kw_only=True)
class RenameUnit(UnitAction):
    """It has another name from today; the old one stays readable."""

    name: str
    short: str


@dataclass(frozen=True, kw_only=True)
class MoveUnit(UnitAction):
    """It stands under another superior."""

    reports_to: int


@dataclass(frozen=True, kw_only=True)
class MergeUnit(UnitAction):
    """It lives on in another unit, with its people and what it owes."""

    into: int


class CloseUnit(UnitAction):
    """It is no more, and nobody comes after it."""


#: What a button may carry.
ROLE_ACTIONS: dict[str, type[RoleAction]] = {
    kind.__name__: kind for kind in RoleAction.__subclasses__()
}
