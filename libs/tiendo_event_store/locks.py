"""Who holds advisory locks of this database."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.database.advisory_locks import AdvisoryLock

_HOLDERS = text("""
    SELECT pid, objid::bigint AS number FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid::bigint = :locks AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")


async def holders(connection: AsyncConnection, lock: AdvisoryLock) -> list[tuple[int, int]]:
    """The server process and the number of each lock that is held, of a numbered one."""
    return [(row.pid, row.number) for row in await connection.execute(_HOLDERS, {"locks": lock.key})]
