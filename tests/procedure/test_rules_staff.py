"""Who may give which role, row by row."""

import pytest

from procedure.entries import Fact
from procedure.entries_organisation import (
    AccessEnded,
    AccessInvited,
    RoleEnded,
    RoleGiven,
    RoleProposalRejected,
    RoleProposed,
)
from procedure.errors import Refused
from procedure.organisation import Holding, Organisation, Person, Proposal, Unit
from procedure.rules_staff import confirmed, manage, may_staff
from procedure.staff_actions import (
    ROLE_ACTIONS,
    ConfirmRole,
    EndAccess,
    EndRole,
    GiveRole,
    InvitePerson,
    RejectRole,
)
from procedure.words import Role, UnitKind

COMMUNE, COMMITTEE, OTHER = 1, 2, 3
ADMIN, SECOND, CLERK, HEAD, ANYBODY, GONE = range(1, 7)
UNITS = {
    COMMUNE: Unit(id=COMMUNE, name="xã", short="xã", kind=UnitKind.LOCALITY),
    COMMITTEE: Unit(id=COMMITTEE, name="TT", short="TT", kind=UnitKind.STANDING_COMMITTEE),
    OTHER: Unit(id=OTHER, name="xã khác", short="xã khác", kind=UnitKind.LOCALITY),
}
PEOPLE = {
    id: Person(
        id=id,
        name=str(id),
        short=str(id),
        address="ông",
        post="",
        phone="",
        unit=COMMUNE,
        left=id == GONE,
    )
    for id in (ADMIN, SECOND, CLERK, HEAD, ANYBODY, GONE)
}
HELD = (
    Holding(ADMIN, Role.ADMIN, COMMUNE),
    Holding(SECOND, Role.ADMIN, COMMUNE),
    Holding(CLERK, Role.OFFICE, COMMUNE),
    Holding(HEAD, Role.HEAD, COMMUNE),
)
WAITS = (Proposal(ANYBODY, Role.ADMIN, COMMUNE, by=ADMIN),)
HERE = Organisation(UNITS, PEOPLE, HELD, WAITS)

Row = tuple[str, int, int, Role, int, type[Fact] | str]
ROWS: list[Row] = [
    ("GiveRole", ADMIN, ANYBODY, Role.SPOKESPERSON, COMMUNE, RoleGiven),
    ("GiveRole", ADMIN, ANYBODY, Role.HEAD, OTHER, RoleGiven),
    ("GiveRole", ADMIN, ANYBODY, Role.HEAD, COMMUNE, "two_heads"),
    ("GiveRole", ADMIN, HEAD, Role.HEAD, COMMUNE, "role_held"),
    ("GiveRole", ADMIN, GONE, Role.STAFF, COMMUNE, "person_has_left"),
    ("GiveRole", ADMIN, HEAD, Role.ADMIN, COMMUNE, RoleProposed),
    ("GiveRole", ADMIN, ANYBODY, Role.ADMIN, COMMUNE, "role_waits"),
    ("GiveRole", ADMIN, ANYBODY, Role.SECRETARY, COMMITTEE, RoleProposed),
    ("GiveRole", CLERK, ANYBODY, Role.SPOKESPERSON, COMMUNE, RoleGiven),
    ("GiveRole", CLERK, ANYBODY, Role.HEAD, COMMUNE, "only_admin_staffs"),
    ("GiveRole", CLERK, ANYBODY, Role.ADMIN, COMMUNE, "only_admin_staffs"),
    ("GiveRole", CLERK, ANYBODY, Role.SPOKESPERSON, OTHER, "only_admin_staffs"),
    ("GiveRole", HEAD, ANYBODY, Role.SPOKESPERSON, COMMUNE, "only_admin_staffs"),
    ("EndRole", ADMIN, HEAD, Role.HEAD, COMMUNE, RoleEnded),
    ("EndRole", ADMIN, HEAD, Role.DEPUTY, COMMUNE, "role_not_held"),
    ("EndRole", CLERK, HEAD, Role.HEAD, COMMUNE, "only_admin_staffs"),
    ("EndRole", CLERK, CLERK, Role.OFFICE, COMMUNE, RoleEnded),
    ("EndRole", ADMIN, SECOND, Role.ADMIN, COMMUNE, RoleEnded),
    ("ConfirmRole", SECOND, ANYBODY, Role.ADMIN, COMMUNE, RoleGiven),
    ("ConfirmRole", ADMIN, ANYBODY, Role.ADMIN, COMMUNE, "second_admin_confirms"),
    ("ConfirmRole", CLERK, ANYBODY, Role.ADMIN, COMMUNE, "only_admin_staffs"),
    ("ConfirmRole", ANYBODY, ANYBODY, Role.ADMIN, COMMUNE, "only_admin_staffs"),
    ("ConfirmRole", SECOND, HEAD, Role.ADMIN, COMMUNE, "answer_outdated"),
    ("RejectRole", SECOND, ANYBODY, Role.ADMIN, COMMUNE, RoleProposalRejected),
    ("RejectRole", ADMIN, ANYBODY, Role.ADMIN, COMMUNE, RoleProposalRejected),
    ("RejectRole", HEAD, ANYBODY, Role.ADMIN, COMMUNE, "only_admin_staffs"),
]


@pytest.mark.parametrize(("what", "actor", "person", "role", "unit", "becomes"), ROWS)
def test_a_role_is_given_or_refused_with_its_reason(
    what: str, actor: int, person: int, role: Role, unit: int, becomes: type[Fact] | str
) -> None:
    action = ROLE_ACTIONS[what](person=person, role=role, unit=unit)
    if isinstance(becomes, str):
        with pytest.raises(Refused) as refused:
            manage(HERE, action, actor)
        assert refused.value.key == becomes
    else:
        (fact,) = manage(HERE, action, actor)
        assert fact == becomes(person=person, role=role, unit=unit)  # type: ignore[call-arg]


def test_the_last_administrator_stays() -> None:
    alone = Organisation(UNITS, PEOPLE, HELD[:1])
    with pytest.raises(Refused, match="last_admin"):
        manage(alone, EndRole(person=ADMIN, role=Role.ADMIN, unit=COMMUNE), ADMIN)


def test_every_kind_of_action_has_its_rule_and_every_role_by_anybody_else_is_refused() -> None:
    for kind in (GiveRole, EndRole, ConfirmRole, RejectRole):
        for role in Role:
            with pytest.raises(Refused):
                manage(HERE, kind(person=HEAD, role=role, unit=COMMUNE), ANYBODY)
    assert set(ROLE_ACTIONS.values()) == {GiveRole, EndRole, ConfirmRole, RejectRole}
    assert [one for one in PEOPLE if may_staff(HERE, one)] == [ADMIN, SECOND, CLERK]


@pytest.mark.parametrize(("actor", "may"), [(ADMIN, True), (CLERK, True), (HEAD, False)])
def test_doors_are_opened_and_shut_by_the_same_hands(actor: int, may: bool) -> None:
    for action, becomes in (
        (InvitePerson(person=ANYBODY), AccessInvited(person=ANYBODY)),
        (EndAccess(person=ANYBODY), AccessEnded(person=ANYBODY)),
    ):
        if may:
            assert manage(HERE, action, actor) == [becomes]
        else:
            with pytest.raises(Refused, match="only_admin_staffs"):
                manage(HERE, action, actor)


def test_nobody_who_has_left_is_invited_and_his_doors_can_still_be_shut() -> None:
    with pytest.raises(Refused, match="person_has_left"):
        manage(HERE, InvitePerson(person=GONE), ADMIN)
    assert manage(HERE, EndAccess(person=GONE), ADMIN) == [AccessEnded(person=GONE)]


def test_what_was_proposed_is_asked_again_when_it_is_confirmed() -> None:
    """Two heads proposed for one committee never become two; nor does one who has left."""
    both = (
        Proposal(HEAD, Role.HEAD, COMMITTEE, by=ADMIN),
        Proposal(ANYBODY, Role.HEAD, COMMITTEE, by=ADMIN),
        Proposal(GONE, Role.SECRETARY, COMMITTEE, by=ADMIN),
    )
    held = (*HELD, Holding(HEAD, Role.HEAD, COMMITTEE))
    now = Organisation(UNITS, PEOPLE, held, both)
    for one, key in zip(both[1:], ("two_heads", "person_has_left"), strict=True):
        action = ConfirmRole(person=one.person, role=one.role, unit=one.unit)
        with pytest.raises(Refused, match=key):
            manage(now, action, SECOND)
        with pytest.raises(Refused, match=key):
            confirmed(now, one)


@pytest.mark.parametrize("whom", [HEAD, ADMIN])
def test_a_clerk_makes_no_link_for_the_head_or_an_administrator(whom: int) -> None:
    for action in (InvitePerson(person=whom), EndAccess(person=whom)):
        with pytest.raises(Refused, match="only_admin_staffs"):
            manage(HERE, action, CLERK)
        assert manage(HERE, action, SECOND)
