"""Logins that failed, by the key id that they named: ten a minute are answered as what they are, further ones are put off."""

import re
import time
from collections import OrderedDict, deque
from typing import Final

FAILED_MAX: Final = 10
WINDOW_SECONDS: Final = 60.0

_NAMED: Final = re.compile(r"tiendo_([0-9a-f]{10})_")
_REMEMBERED_MAX: Final = 10_000


def key_id_of(secret: str) -> str | None:
    """The key id that a secret names, None where it names none (as those made before did)."""
    named = _NAMED.match(secret)
    return None if named is None else f"key-{named[1]}"


class FailedLogins:
    """Counts within this process. A right secret is never put off: whoever knows a key's id could else lock its owner out."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, deque[float]] = OrderedDict()

    def note(self, secret: str) -> float | None:
        """Note a login that failed; None, or how many seconds the caller is to wait because ten of the key id failed within a minute.

        A secret that names no key id counts for none.
        """
        name = key_id_of(secret)
        if name is None:
            return None
        now = time.monotonic()
        failed = self._at.setdefault(name, deque(maxlen=FAILED_MAX))
        self._at.move_to_end(name)
        if len(self._at) > _REMEMBERED_MAX:
            self._at.popitem(last=False)
        if len(failed) == FAILED_MAX and (left := failed[0] + WINDOW_SECONDS - now) > 0:
            return left
        failed.append(now)
        return None
