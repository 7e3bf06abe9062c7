"""Who somebody is by an issuer's claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from tiendo_runtime.authentication.people import SignedInPerson, known_roles, named_units

_NAMES: Final = ("name", "preferred_username", "sub")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNames:
    """Where tokens tell what, each as a path of members (`realm_access.roles`)."""

    roles: str = "roles"
    units: str = "units"
    officer: str = "officer_id"

    def person(self, issuer: str, *tokens: Mapping[str, Any], reads_only: bool = False) -> SignedInPerson:
        """Who it is, by the first of the tokens that tells each; a claim of another shape tells nothing."""
        named = next(value for name in _NAMES for claims in tokens if _names(value := claims.get(name)))
        officer_id = _told(tokens, self.officer)
        return SignedInPerson(
            subject=tokens[0]["sub"],
            name=named,
            roles=known_roles(_listed(_told(tokens, self.roles))),
            units=named_units(_listed(_told(tokens, self.units))),
            officer_id=officer_id if _names(officer_id) else None,
            issuer=issuer,
            reads_only=reads_only,
        )


def _names(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value != "" and value.isprintable()


def _told(tokens: tuple[Mapping[str, Any], ...], path: str) -> object:
    return next((value for claims in tokens if (value := _member(claims, path)) is not None), None)


def _member(claims: Mapping[str, Any], path: str) -> object:
    """The claim of that whole name, as of a URL, else the member that the path leads to."""
    if path in claims:
        return claims[path]
    value: object = claims
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
