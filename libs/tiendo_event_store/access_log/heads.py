"""The head of the access log as a fact of the log: whoever rewrites the access log contradicts what stands there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.house_facts import house_event
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.proofs.log_facts import data_of
from tiendo_event_store.stored import house_candidate

HEAD_NOTED: Final = "vn.tiendo.access.head-noted.v1"
SUBJECT: Final = "access-log"
EVERY: Final = timedelta(days=1)

_NOTED: Final = f"""
SELECT text, ingested_at FROM tiendo.events
 WHERE subject = '{SUBJECT}' AND shard IS NULL AND log_id IS NULL AND type = '{HEAD_NOTED}' ORDER BY position
"""
_HEAD: Final = "SELECT number, hash, clock_timestamp() AS now FROM tiendo.access_log ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessHead:
    """The last entry at an instant, and its hash."""

    number: int
    hash: bytes
    noted_at: datetime


async def noted_heads(driver: asyncpg.Connection) -> list[AccessHead]:
    """The heads that the log knows, in the order in which they were noted."""
    heads = []
    for row in await driver.fetch(_NOTED):
        data = data_of(row["text"])
        try:
            head = AccessHead(number=int(data["number"]), hash=bytes.fromhex(data["hash"]), noted_at=row["ingested_at"])
        except (KeyError, ValueError, TypeError):
            continue  # changed in the database, as the verification of the log says
        heads.append(head)
    return heads


async def is_head_due(engine: AsyncEngine) -> bool:
    """Whether there are entries behind the last head that was noted, and that is a day ago. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            heads, last = await noted_heads(driver), await driver.fetchrow(_HEAD)
    if last is None:
        return False
    return not heads or (heads[-1].number < last["number"] and last["now"] - heads[-1].noted_at >= EVERY)


async def note_head(engine: AsyncEngine, *, entered_by: str) -> int | None:
    """The number of the last entry, which is noted in the log now; None where there is none. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            last = await driver.fetchrow(_HEAD)
    if last is None:
        return None
    data = {"number": last["number"], "hash": bytes(last["hash"]).hex(), "entered_by": entered_by}
    fact = house_event(HEAD_NOTED, SUBJECT, data, at=last["now"].astimezone(UTC))
    async with Appender(engine) as appender:
        await appender.append([house_candidate(fact)])
    return int(last["number"])
