"""How far the live build is, and what is wrong with it: for people, `doctor` and metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_read_models import tables
from tiendo_read_models.builds import Build, checkpoints, is_as_defined, reading
from tiendo_read_models.folding import FoldFault
from tiendo_read_models.refolding import LARGE_CASE_EVENTS

FAULTS_LISTED_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionStatus:
    """The live build: its position is the lowest checkpoint; `refolds` cases wait to be folded again.

    `faults` cases could not be folded; `large` ones have so many events that they may be LARGE_CASE_INTERVAL behind.
    Not `as_defined`: the build was made by another version and is replaced as soon as a projector runs.
    """

    build: Build
    position: int
    checkpoints: Mapping[int, int]
    cases: int
    faults: int
    refolds: int
    large: int
    as_defined: bool


async def projection_status(engine: AsyncEngine) -> ProjectionStatus:
    """The status of the live build. Raises NoLiveBuild."""
    async with reading(engine) as reader:
        connection = reader.connection
        counts = select(
            select(func.count()).select_from(tables.cases).scalar_subquery().label("cases"),
            select(func.count()).select_from(tables.faults).scalar_subquery().label("faults"),
            select(func.count()).select_from(tables.refolds).scalar_subquery().label("refolds"),
            select(func.count())
            .select_from(tables.cases)
            .where(tables.cases.c.event_count > LARGE_CASE_EVENTS)
            .scalar_subquery()
            .label("large"),
        )
        row = (await connection.execute(counts)).one()
        return ProjectionStatus(
            build=reader.build,
            position=reader.position,
            checkpoints=await checkpoints(connection, reader.build),
            cases=row.cases,
            faults=row.faults,
            refolds=row.refolds,
            large=row.large,
            as_defined=await is_as_defined(connection, reader.build),
        )


async def faulty_cases(engine: AsyncEngine, *, after: str = "", limit: int = FAULTS_LISTED_MAX) -> Sequence[FoldFault]:
    """At most `limit` cases after the id `after` that could not be folded, by id, with the cause. Raises NoLiveBuild."""
    async with reading(engine) as reader:
        table = tables.faults
        statement = select(table).where(table.c.case_id > after).order_by(table.c.case_id).limit(limit)
        rows = await reader.connection.execute(statement)
        return [FoldFault(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public accessor
