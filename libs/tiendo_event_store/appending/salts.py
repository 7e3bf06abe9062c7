"""The salts of new events: drawn for a whole batch at once, for asking the system for each costs more than all else that a salt does."""

import os
from typing import Final

SALT_BYTES: Final = 16


def salts(count: int) -> bytes:
    """`count` salts of 16 random bytes each, one behind the other."""
    return os.urandom(SALT_BYTES * count)
