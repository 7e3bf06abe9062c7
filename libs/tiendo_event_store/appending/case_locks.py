"""What follows from all that is known of a case: one process at a time reads it and appends, whatever others send of the same case meanwhile."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from hashlib import sha256

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.advisory_locks import CASES
from tiendo_event_store.faults import unavailable_when_unreachable

# Whoever stops in the middle (a frozen machine) loses the locks, and the others go on.
_LIMIT_WAITING = """
SELECT set_config('lock_timeout', '30s', true), set_config('idle_in_transaction_session_timeout', '60s', true)
"""
_LOCK = "SELECT pg_advisory_xact_lock(:lock, number) FROM unnest(CAST(:numbers AS int[])) AS number"


@asynccontextmanager
async def cases_locked(engine: AsyncEngine, source: str, case_ids: Iterable[str]) -> AsyncIterator[None]:
    """Hold the locks of the cases of the source meanwhile; what is read within has all that was appended under them before.

    Raises LogUnavailable when they cannot be had.
    """
    numbers = sorted({_number(source, case_id) for case_id in case_ids})
    with unavailable_when_unreachable():
        async with engine.connect() as connection:
            await connection.execute(text(_LIMIT_WAITING))
            # In rising order, so that no two wait for each other.
            await connection.execute(text(_LOCK), {"lock": CASES.key, "numbers": numbers})
            yield
            await connection.rollback()


def _number(source: str, case_id: str) -> int:
    """A number of 32 bits; two cases that have the same wait for each other, no more."""
    return int.from_bytes(sha256(f"{source}\x1f{case_id}".encode()).digest()[:4], signed=True)
