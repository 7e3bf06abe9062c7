"""Whoever gives a command, as who sends what is explained and decided."""

from typing import TYPE_CHECKING

from tiendo_cli.context import entered_by

if TYPE_CHECKING:
    from tiendo_runtime.authentication import Key


def command_sender() -> "Key":
    """Bound to nothing, like the database that they work on; the name is the account under which the command runs."""
    from tiendo_runtime.authentication import Key, Scope

    scopes = frozenset({Scope.READ, Scope.EXPLAIN, Scope.DECIDE})
    return Key(key_id=entered_by(), name=entered_by(), scopes=scopes)
