"""Open cases with where they are, and finished ones with how they went: what early warning is told from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.early_warning import StepHold
from tiendo_domain.timeline_types import State
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.cases.relations import Relation

FINISHED_MAX: Final = 10_000
"""Pace is told from so many cases, those of which it was known last that they are finished."""

CLOCK_RUNS: Final = f"c.open AND c.state IN ('{State.IN_PROCESS}', '{State.CONSULTING}')"
OPEN_STORED: Final = "c.finished_at IS NULL"
OPEN_FOLDED: Final = (
    "(c.finished_at IS NULL OR c.finished_at > :as_of) AND (c.last_event_at > :as_of OR NOT c.needs_fold)"
)
"""Of the cases whose rows do not stand those that may be open: of one whose clock stands now nothing is warned."""

_COURSE: Final = """
    array_agg(h.step_id ORDER BY h.ordinal) AS steps, array_agg(h.working_minutes ORDER BY h.ordinal) AS minutes,
    array_agg(h.allotted_minutes ORDER BY h.ordinal) AS allotted, array_agg(h.paused ORDER BY h.ordinal) AS pauses"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """A case with its holds in order; `row` has the other columns."""

    row: Mapping[str, Any]
    holds: Sequence[StepHold]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
        """The value of a column."""
        return self.row[name]


async def finished_courses(connection: AsyncConnection, build: Build, known_at: datetime) -> list[CourseRow]:
    """The cases that were recorded as completed last, up to `known_at`; at most `FINISHED_MAX`."""
    schema = build.schema_name
    statement = f"""
        WITH c AS MATERIALIZED (
            SELECT case_id, procedure_id, overdue, finished_at, judged_due_at, calendar_version, calendar_days FROM {schema}.cases
            WHERE finish_recorded_at <= :known_at AND completed_at IS NOT NULL AND judged_due_at IS NOT NULL
            ORDER BY finish_recorded_at DESC LIMIT :limit
        )
        SELECT c.*, {_COURSE} FROM c JOIN {schema}.holds h USING (case_id)
        GROUP BY c.case_id, c.procedure_id, c.overdue, c.finished_at, c.judged_due_at, c.calendar_version, c.calendar_days"""
    rows = await connection.execute(text(statement), {"known_at": known_at, "limit": FINISHED_MAX})
    return [_course(dict(row)) for row in rows.mappings()]


_OF_CASE: Final = (
    *("case_id", "procedure_id", "procedure_name", "unit_id", "unit_name"),
    *("judged_due_at", "judged_due_text", "calendar_version", "calendar_days", "simulated"),
)
_PARTY: Final = ("key", "kind", "id", "name", "position", "unit_id", "unit_name")


async def open_courses(connection: AsyncConnection, relation: Relation) -> list[CourseRow]:
    """The relation's cases that are open and in time while their clock runs, with their last hold."""
    party = ", ".join(f"last.party_{name} AS holder_{name}" for name in _PARTY)
    statement = f"""
        WITH {relation.ctes},
        c AS MATERIALIZED (
            SELECT {", ".join(f"c.{name}" for name in _OF_CASE)} FROM seen c
            WHERE {CLOCK_RUNS} AND c.overdue_then IS FALSE AND c.judged_due_at > :as_of
        ),
        course AS (
            SELECT c.case_id, {_COURSE}, max(h.ordinal) AS ordinal FROM c JOIN seen_holds h USING (case_id) GROUP BY c.case_id
        )
        SELECT c.*, course.steps, course.minutes, course.allotted, course.pauses, {party},
            last.started_at AS holder_since, last.step_id, last.step_name
        FROM c JOIN course USING (case_id) JOIN seen_holds last ON last.case_id = c.case_id AND last.ordinal = course.ordinal"""
    rows = await connection.execute(text(statement), dict(relation.parameters))
    return [_course(dict(row)) for row in rows.mappings()]


def _course(row: dict[str, Any]) -> CourseRow:
    columns = (row.pop(name) for name in ("steps", "minutes", "allotted", "pauses"))
    holds = [
        StepHold(step=step, working_minutes=minutes, allotted_minutes=allotted, paused=paused)
        for step, minutes, allotted, paused in zip(*columns, strict=True)
    ]
    return CourseRow(row=row, holds=holds)


async def seen_among(connection: AsyncConnection, build: Build, case_ids: Sequence[str]) -> dict[str, tuple[bool, Any]]:
    """Of the cases those that the reader sees: case id -> whether whole, and what its events say of units."""
    statement = f"""
        SELECT c.case_id, {build.seen_whole} AS whole, c.unit_parents FROM {build.all_cases} c
        WHERE c.case_id = ANY(CAST(:case_ids AS text[]))"""
    rows = await connection.execute(text(statement), {"case_ids": list(case_ids)})
    return {row.case_id: (row.whole, row.unit_parents) for row in rows}
