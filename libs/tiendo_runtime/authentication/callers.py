"""Who calls, whatever they showed for it: what they may do, what they may see, and how they are named in what is kept."""

from dataclasses import dataclass
from typing import Protocol

from tiendo_runtime.authentication.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a caller may see: `units` whose subtrees, None for all; `officer_id`: and the cases that this officer held."""

    units: frozenset[str] | None
    officer_id: str | None = None


class Caller(Protocol):
    """A key, or a person who is signed in."""

    @property
    def name(self) -> str:
        """Whose key it is, or who the person is, for people to read."""

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the caller may do."""

    @property
    def sight(self) -> Sight:
        """What the caller may see."""

    @property
    def entered_by(self) -> str:
        """What names the caller in facts and in the access log, which is no secret: of a key its id."""
