"""Which procedures there are."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build


async def is_known_procedure(connection: AsyncConnection, build: Build, procedure_id: str) -> bool:
    """Whether any case that the reader sees whole names the procedure by this id."""
    statement = f"SELECT EXISTS (SELECT FROM {build.cases} c WHERE c.procedure_id = :procedure_id)"
    return bool(await connection.scalar(text(statement), {"procedure_id": procedure_id}))
