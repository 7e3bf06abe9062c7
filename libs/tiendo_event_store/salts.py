"""The salts of new events: drawn for a whole batch at once, for asking the system for each costs more than all else that a salt does."""

import os
from collections.abc import Iterator
from typing import Final

SALT_BYTES: Final = 16


def salts(count: int) -> Iterator[bytes]:
    """`count` salts of 16 random bytes each."""
    drawn = os.urandom(SALT_BYTES * count)
    return (drawn[start : start + SALT_BYTES] for start in range(0, len(drawn), SALT_BYTES))
