"""What a caller may do."""

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """What is allowed; none includes another."""

    INGEST = "ingest"
    READ = "read"
    EXPLAIN = "explain"
    DECIDE = "decide"
    PUBLISH = "publish"
    ADMIN = "admin"


BOUND_TO_UNITS: Final = frozenset({Scope.READ, Scope.EXPLAIN, Scope.DECIDE, Scope.PUBLISH})
"""Scopes that are about cases of units, which a caller has for some units or, asked for, for all."""
