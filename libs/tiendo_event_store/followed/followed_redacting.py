"""Events of other logs, redacted here because their own logs have redacted them: by a fact of this log, so that it can be verified."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_contracts.texts.canonical_json import digest
from tiendo_event_store.driver import driver_of
from tiendo_event_store.errors import RedactionRefused
from tiendo_event_store.proofs.redacting import Redacting, redacting
from tiendo_event_store.stored import columns_of, house_candidate

_ROW: Final = """
SELECT position, type, text, digest, salt, commitment, redacted FROM tiendo.events WHERE log_id = $1 AND origin_position = $2
"""
REDACT: Final = "SELECT tiendo.redact_followed($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
_LOG_ID: Final = "SELECT log_id FROM tiendo.log_identity"
_REASON: Final = "redacted in the log that took it"


class FollowedRedaction(Struct, frozen=True, kw_only=True, gc=False):
    """Which members of the event at a position of the log `log_id` were redacted there, and the digest that its text has by now."""

    log_id: UUID
    position: int
    members: Sequence[str]
    digest: bytes


async def redact_followed(connection: AsyncConnection, redaction: FollowedRedaction) -> bool:
    """Whether the event was redacted now; not if it is already, or came redacted, or is not here.

    It stands once the caller's transaction has committed. Raises RedactionRefused for what is no redaction of the event that is here;
    then nothing was done.
    """
    driver = await driver_of(connection)
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": APPEND.key})
    return await _redact(driver, redaction)


async def forget_rows(engine: AsyncEngine) -> None:
    """Let the database forget rows as they were before they were redacted; where it does not let this role, it does so by and by."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM tiendo.events"))


async def _redact(driver: asyncpg.Connection, redaction: FollowedRedaction) -> bool:
    row = await driver.fetchrow(_ROW, redaction.log_id, redaction.position)
    if row is None or _is_done(dict(row), redaction):
        return False
    made = redacting(row["position"], dict(row), redaction.members)
    if digest(json.loads(made.text)) != redaction.digest:
        raise RedactionRefused(f"the event at position {row['position']} would become another than in its own log")
    fact = house_candidate(await _fact(driver, made, redaction))
    await driver.execute(REDACT, made.position, made.members, made.text, made.commitment, *columns_of([fact]))
    return True


def _is_done(row: Mapping[str, Any], redaction: FollowedRedaction) -> bool:
    return row["digest"] == redaction.digest or set(redaction.members) <= set(row["redacted"] or ())


async def _fact(driver: asyncpg.Connection, made: Redacting, redaction: FollowedRedaction) -> dict[str, Any]:
    own_log = str(await driver.fetchval(_LOG_ID))
    return made.fact(own_log, reason=_REASON, entered_by=f"log {redaction.log_id}", at=datetime.now(UTC))
