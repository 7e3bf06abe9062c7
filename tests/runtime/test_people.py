"""What somebody signed in may do and see, by role, unit and officer id."""

import pytest

from tiendo_runtime.authentication import Scope, Sight
from tiendo_runtime.authentication.people import Role, SignedInPerson, known_roles, named_units

UNITS = frozenset({"H34.STNMT"})
NOTHING = Sight(units=frozenset())


def person(*roles: Role, units: frozenset[str] | None = UNITS, officer_id: str | None = None) -> SignedInPerson:
    return SignedInPerson(
        subject="s", name="Nguyễn Thị Ánh", roles=frozenset(roles), units=units, officer_id=officer_id
    )


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.OFFICER, {Scope.EXPLAIN}),
        (Role.UNIT_MANAGER, {Scope.DECIDE}),
        (Role.OFFICE, {Scope.DECIDE, Scope.PUBLISH}),
        (Role.PUBLISHER, {Scope.PUBLISH}),
        (Role.AUDITOR, set()),
        (Role.OPERATOR, set()),
    ],
)
def test_what_one_may_do_follows_from_the_role(role: Role, more: set[Scope]) -> None:
    assert person(role, officer_id="CC-0001").scopes == {Scope.READ, *more}


def test_an_officer_sees_their_own_cases_and_no_unit() -> None:
    assert person(Role.OFFICER, officer_id="CC-0001").sight == Sight(units=frozenset(), officer_id="CC-0001")


def test_who_is_more_than_an_officer_sees_the_units_too() -> None:
    both = person(Role.OFFICER, Role.UNIT_MANAGER, officer_id="CC-0001")
    assert both.sight == Sight(units=UNITS, officer_id="CC-0001")
    assert person(Role.UNIT_MANAGER, officer_id="CC-0001").sight == Sight(units=UNITS)


@pytest.mark.parametrize(
    "nobody",
    [
        person(),
        person(Role.OFFICE, units=frozenset()),
        person(Role.OFFICER),
        person(Role.OFFICER, Role.UNIT_MANAGER),
        person(Role.OFFICER, officer_id="CC-0001", units=frozenset()),
    ],
)
def test_without_role_unit_or_officer_id_one_sees_and_may_do_nothing(nobody: SignedInPerson) -> None:
    assert nobody.sight == NOTHING
    assert nobody.scopes == {Scope.READ}


def test_unknown_roles_are_ignored_and_a_star_is_every_unit() -> None:
    assert known_roles(["office", "offline_access", 7, None]) == {Role.OFFICE}
    assert named_units(["H34.STNMT", "*"]) is None
    assert named_units(["H34.STNMT", "", 3]) == UNITS
