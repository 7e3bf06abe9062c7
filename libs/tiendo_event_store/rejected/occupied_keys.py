"""Events of cases that were refused because something explained or decided stands under their key.

Nothing binds what is explained to a source, so that one can be filed under the source and id which a system uses later (CONTRACT, keys).
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import asyncpg
from msgspec import Struct

from tiendo_contracts.events.envelope import ENTERED_BY
from tiendo_contracts.events.event_types import EXPLANATION_TYPES
from tiendo_contracts.kept_refusals import conflicting_position

LOOKED_AT_MAX: Final = 10_000
"""So many refusals are looked at, the newest first."""

_CONFLICTS: Final = """
SELECT id, raw, problem, origin IS NOT NULL AS is_record FROM tiendo.rejections
 WHERE raw IS NOT NULL AND resubmitted_at IS NULL AND problem LIKE '%"conflict"%' ORDER BY id DESC LIMIT $1
"""
_EXPLAINED: Final = "SELECT position, text FROM tiendo.events WHERE position = ANY($1) AND type = ANY($2::text[])"


class OccupiedKey(Struct, frozen=True, kw_only=True):
    """The refusal of an event whose key is held by what stands at `position`, which `entered_by` entered (None: not told)."""

    rejection_id: int
    position: int
    entered_by: str | None


async def occupied_keys(driver: asyncpg.Connection) -> list[OccupiedKey]:
    """Of the refusals that are still kept and were not sent again, the newest first."""
    refused = {
        row["id"]: position
        for row in await driver.fetch(_CONFLICTS, LOOKED_AT_MAX)
        if (row["is_record"] or not _explains(row["raw"]))
        and (position := conflicting_position(json.loads(row["problem"]))) is not None
    }
    rows = await driver.fetch(_EXPLAINED, list(set(refused.values())), list(EXPLANATION_TYPES))
    holding: Mapping[int, Mapping[str, Any]] = {row["position"]: json.loads(row["text"]) for row in rows}
    return [
        OccupiedKey(rejection_id=rejection_id, position=position, entered_by=holding[position].get(ENTERED_BY))
        for rejection_id, position in refused.items()
        if position in holding
    ]


def _explains(raw: bytes) -> bool:
    """Whether what was refused explains or decides too: two such under one key displace nothing that happened to a case."""
    try:
        event = json.loads(raw)
    except ValueError:
        return False
    return isinstance(event, dict) and event.get("type") in EXPLANATION_TYPES
