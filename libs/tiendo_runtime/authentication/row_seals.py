"""Seals on rows that say who somebody is: who can write in the database alone makes nobody an office, and signs nobody in."""

import hmac
from collections.abc import Mapping
from typing import Any, Final

from tiendo_runtime.authentication.store import FindSecret
from tiendo_runtime.errors import KeySecretNotMade

_SAID: Final = ("digest", "key_id", "issuer", "subject", "name", "roles", "units", "officer_id")


class RowSeals:
    """Seals rows, and tells those that stand as they were sealed."""

    def __init__(self, find_secret: FindSecret) -> None:
        self._find_secret = find_secret

    async def sealed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with its seal. Raises KeySecretNotMade."""
        secret = await self._find_secret()
        if secret is None:
            raise KeySecretNotMade
        return {**row, "seal": secret.seal_of_person(_said(row))}

    async def holds(self, row: Mapping[Any, Any]) -> bool:
        """Whether the row says who somebody is as it did when it was sealed."""
        secret = await self._find_secret()
        return secret is not None and hmac.compare_digest(str(row["seal"]), secret.seal_of_person(_said(row)))


def _said(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What is sealed, as JSON: who somebody is, and by which cookie or link."""
    said = {name: row.get(name) for name in _SAID}
    return {**said, "digest": row["digest"].hex()}
