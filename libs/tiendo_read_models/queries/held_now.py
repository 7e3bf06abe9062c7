"""Who holds open cases as at an instant: the queue of an officer, and what is open in units by who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.queries.cases.relations import Relation

_MINE = "h.party_kind = 'officer' AND h.party_key = :officer_key"


@dataclass(frozen=True, slots=True)
class HeldCase:
    """An open case that an officer holds, and since when; `judged_due_at` None where no due is known."""

    case_id: str
    judged_due_at: datetime | None
    held_since: datetime


async def held_by(connection: AsyncConnection, relation: Relation, officer_key: str) -> list[HeldCase]:
    """The open cases of the relation whose last hold is the officer's, in no order."""
    statement = f"""
        WITH {relation.ctes}
        SELECT c.case_id, c.judged_due_at, h.started_at FROM seen_holds h JOIN seen c USING (case_id)
        WHERE {_MINE} AND h.ended_at IS NULL AND c.open"""
    rows = await connection.execute(text(statement), {**relation.parameters, "officer_key": officer_key})
    return [HeldCase(*row) for row in rows]


async def ended_by_delivery(
    connection: AsyncConnection, relation: Relation, officer_key: str, since: datetime
) -> list[str]:
    """The ids of cases of the relation that the officer held last and that ended, since the instant, when the result was delivered; by id.

    Whether a completion is missing in one of them its timeline says (rule H6).
    """
    statement = f"""
        WITH {relation.ctes}
        SELECT DISTINCT c.case_id FROM seen_holds h JOIN seen c USING (case_id)
        WHERE {_MINE} AND h.ended_at = c.finished_at AND c.finished_at >= :since AND c.delivered_at = c.finished_at
        ORDER BY c.case_id"""
    parameters = {**relation.parameters, "officer_key": officer_key, "since": since}
    return [row.case_id for row in await connection.execute(text(statement), parameters)]


def nearest_first(cases: Sequence[HeldCase]) -> list[HeldCase]:
    """The cases by due, the nearest (and what is past) first, those without a due last; then by id."""
    return sorted(cases, key=lambda one: (one.judged_due_at is None, one.judged_due_at or one.held_since, one.case_id))
