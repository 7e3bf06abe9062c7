"""What officers finished while cases waited with them: their holds of whatever case, of which nothing is shown but counts and minutes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.waiting import HeldStretch
from tiendo_read_models.builds import Build
from tiendo_read_models.tables import HASH_OF_PARTY

OFFICERS_MAX: Final = 100
HOLDS_MAX: Final = 20_000
"""Of one officer; of one who ended more in the time that is asked about, an account that several use, nothing is told."""

HoldPlace = tuple[str, int]
"""The case of a hold, and its ordinal there."""


@dataclass(frozen=True, slots=True)
class OfficersHolds:
    """Officer's key -> the officer's holds by their places; officers with more than `HOLDS_MAX` are left out."""

    by_officer: Mapping[str, Mapping[HoldPlace, HeldStretch]]

    def __getitem__(self, officer_key: str) -> Mapping[HoldPlace, HeldStretch] | None:
        """The holds of the officer; None where there are too many."""
        return self.by_officer.get(officer_key)


async def ended_holds(
    connection: AsyncConnection, build: Build, officer_keys: Sequence[str], since: datetime, until: datetime
) -> OfficersHolds:
    """The holds with working minutes that these officers, at most `OFFICERS_MAX` of them, ended in [since, until].

    A hold that an absence divides (rule H10) was ended by no act of the officer. `connection` sees everything.
    """
    statement = f"""
        SELECT officers.key AS officer, h.case_id, h.ordinal, h.started_at, h.ended_at, h.step_id, h.allotted_minutes,
            NOT coalesce(next.absent AND next.event_ids = h.event_ids, FALSE) AS acted
        FROM unnest(CAST(:keys AS text[])) AS officers (key), LATERAL (
            SELECT * FROM {build.schema_name}.holds h
            WHERE h.party_kind = 'officer' AND h.party_hash = {HASH_OF_PARTY.format(key="officers.key")}
                AND h.party_key = officers.key AND h.started_at <= :until AND h.ended_at BETWEEN :since AND :until
                AND h.working_minutes > 0
            LIMIT :limit
        ) AS h LEFT JOIN {build.schema_name}.holds next ON next.case_id = h.case_id AND next.ordinal = h.ordinal + 1"""
    keys = list(dict.fromkeys(officer_keys))[:OFFICERS_MAX]
    values = {"keys": keys, "since": since, "until": until, "limit": HOLDS_MAX + 1}
    found: dict[str, dict[HoldPlace, HeldStretch]] = {key: {} for key in keys}
    for row in await connection.execute(text(statement), values):
        found[row.officer][row.case_id, row.ordinal] = HeldStretch(
            started_at=row.started_at,
            ended_at=row.ended_at,
            step=row.step_id,
            allotted_minutes=row.allotted_minutes,
            acted=row.acted,
        )
    return OfficersHolds(dict(_few_enough(found)))


def _few_enough(
    found: Mapping[str, Mapping[HoldPlace, HeldStretch]],
) -> Iterator[tuple[str, Mapping[HoldPlace, HeldStretch]]]:
    yield from ((key, holds) for key, holds in found.items() if len(holds) <= HOLDS_MAX)
