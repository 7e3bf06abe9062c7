"""Which explanations there are, by when they were filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build

FiledPlace = tuple[datetime, str, int]
"""Where an explanation stands in the list: when it was filed, case id, place among those of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedExplanations:
    """Which explanations; None asks nothing. `units` are ids of units to which whoever explains belongs in the case, or which explain themselves."""

    state: str | None = None
    units: Sequence[str] | None = None
    party_key: str | None = None
    case_id: str | None = None


async def filed_explanations(
    connection: AsyncConnection, build: Build, asked: AskedExplanations, *, after: FiledPlace | None, limit: int
) -> list[Mapping[str, Any]]:
    """The first `limit` rows behind `after`, the oldest first.

    Of cases that are open also those of another state: that may have changed since the case was folded.
    """
    statement = f"""
        SELECT case_id, ordinal, source, id, filed_at, state FROM {build.schema_name}.explanations
         WHERE (CAST(:after_at AS timestamptz) IS NULL OR (filed_at, case_id, ordinal) > (:after_at, :after_case, :after_ordinal))
           AND (CAST(:state AS text) IS NULL OR state = :state OR open)
           AND (CAST(:units AS text[]) IS NULL OR party_unit_id = ANY(CAST(:units AS text[])))
           AND (CAST(:party_key AS text) IS NULL OR party_key = :party_key)
           AND (CAST(:case_id AS text) IS NULL OR case_id = :case_id)
         ORDER BY filed_at, case_id, ordinal LIMIT :limit"""
    at, case_id, ordinal = after or (None, "", 0)
    parameters = {
        "after_at": at,
        "after_case": case_id,
        "after_ordinal": ordinal,
        "state": asked.state,
        "units": None if asked.units is None else list(asked.units),
        "party_key": asked.party_key,
        "case_id": asked.case_id,
        "limit": limit,
    }
    return [dict(row) for row in (await connection.execute(text(statement), parameters)).mappings()]
