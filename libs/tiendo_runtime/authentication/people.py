"""People who are signed in: roles and units, and what follows from them (CONTRACT, "Who may see what")."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tiendo_runtime.authentication.callers import Sight
from tiendo_runtime.authentication.scopes import Scope

PERSON_PREFIX: Final = "person:"
"""How those begin who had signed in, told from the ids of keys, in what is kept of them."""

ALL_UNITS: Final = "*"
"""What stands among the units of somebody who sees everything."""


class Role(StrEnum):
    """What somebody is; others that an issuer names are ignored."""

    OFFICER = "officer"
    UNIT_MANAGER = "unit-manager"
    PUBLISHER = "publisher"
    OFFICE = "office"
    AUDITOR = "auditor"
    OPERATOR = "operator"


_SCOPES: Final = {
    Role.OFFICER: frozenset({Scope.EXPLAIN}),
    Role.UNIT_MANAGER: frozenset({Scope.DECIDE}),
    Role.PUBLISHER: frozenset({Scope.PUBLISH}),
    Role.OFFICE: frozenset({Scope.DECIDE, Scope.PUBLISH}),
    Role.AUDITOR: frozenset[Scope](),
    Role.OPERATOR: frozenset[Scope](),
}
"""What a role allows besides reading."""

_NOTHING: Final = Sight(units=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInPerson:
    """Somebody who is signed in, as the issuer or the one who made their link says.

    `subject` is who it is, `issuer` who says so (None: a link that was made here); `units` are None for all. `reads_only`: by a token of theirs.
    """

    subject: str
    name: str
    roles: frozenset[Role]
    units: frozenset[str] | None
    officer_id: str | None = None
    issuer: str | None = None
    reads_only: bool = False

    @property
    def sees_something(self) -> bool:
        """Whether there is a role and a unit, and for an officer the id under which cases name them."""
        named = Role.OFFICER not in self.roles or self.officer_id is not None
        return bool(self.roles) and named and (self.units is None or bool(self.units))

    @property
    def scopes(self) -> frozenset[Scope]:
        """Reading, and what the roles allow besides."""
        if self.reads_only or not self.sees_something:
            return frozenset({Scope.READ})
        return frozenset({Scope.READ}).union(*(_SCOPES[role] for role in self.roles))

    @property
    def sight(self) -> Sight:
        """The units of every role but an officer's, who sees their own cases alone."""
        if not self.sees_something:
            return _NOTHING
        beyond_officer = self.roles - {Role.OFFICER}
        return Sight(
            units=self.units if beyond_officer else frozenset(),
            officer_id=self.officer_id if Role.OFFICER in self.roles else None,
        )

    @property
    def entered_by(self) -> str:
        """Who it is, told from the ids of keys."""
        return f"{PERSON_PREFIX}{self.subject}"


def known_roles(names: Iterable[object]) -> frozenset[Role]:
    """The roles among the names; what is no role is ignored."""
    return frozenset(Role(name) for name in names if isinstance(name, str) and name in set(Role))


def named_units(names: Iterable[object]) -> frozenset[str] | None:
    """The units among the names, None for all of them."""
    units = frozenset(name for name in names if isinstance(name, str) and name)
    return None if ALL_UNITS in units else units
