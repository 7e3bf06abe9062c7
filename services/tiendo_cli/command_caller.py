"""Whoever gives a command, as one who calls: sees everything, and is named by the account."""

from dataclasses import dataclass

from tiendo_runtime.authentication import Scope, Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLineCaller:
    """The account under which a command runs."""

    account: str
    scopes: frozenset[Scope]

    @property
    def name(self) -> str:
        """The account."""
        return self.account

    @property
    def sight(self) -> Sight:
        """Everything."""
        return Sight(units=None)

    @property
    def entered_by(self) -> str:
        """The account."""
        return self.account
