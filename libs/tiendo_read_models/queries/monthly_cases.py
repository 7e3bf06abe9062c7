"""The cases that a monthly list is made of: finished in the month, or open and overdue at its end; and the officers who held them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.queries.cases.refolding import ToFold
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import CountedUnits

_LISTED = f"(({IN_PERIOD} AND c.finished_at IS NOT NULL) OR (c.open AND c.counts_as_overdue))"


class MonthlyCase(Struct, frozen=True, kw_only=True):
    """A case of the month; `borne`: an officer answers for minutes of it. `span` says by which tree of units it counts.

    `counted`: the unit is responsible for it, and it counts as overdue.
    """

    case: ToFold
    open: bool
    counted: bool
    span: int
    simulated: bool
    borne: bool


class HeldByOfficer(Struct, frozen=True, kw_only=True):
    """An officer as a case's last hold of theirs names them, which began at `held_at`."""

    case_id: str
    key: str
    id: str | None
    name: str | None
    position: str | None
    unit_id: str | None
    unit_name: str | None
    held_at: datetime
    holding: bool


async def monthly_cases(
    connection: AsyncConnection, relation: Relation, period: Period, units: CountedUnits
) -> tuple[list[MonthlyCase], list[HeldByOfficer]]:
    """The cases of the relation that count for the month, and every officer who held one, once a case."""
    parameters = {**relation.parameters, **period.parameters, **units.spans.parameters, **units.parameters}
    listed = f"""WITH {relation.ctes}, listed AS MATERIALIZED (
        SELECT c.*, {units.spans.of_case} AS span, coalesce({units.has_case}, FALSE) AND c.counts_as_overdue AS counted
        FROM seen c WHERE {_LISTED})"""
    cases = await connection.execute(
        text(f"""{listed}
        SELECT l.case_id, l.aliases, l.told_codes, l.last_position, l.event_count, l.open, l.counted, l.span, l.simulated,
            EXISTS (SELECT FROM seen_shares a WHERE a.case_id = l.case_id AND a.party_kind = 'officer') AS borne
        FROM listed l ORDER BY l.case_id"""),
        parameters,
    )
    holders = await connection.execute(
        text(f"""{listed}
        SELECT DISTINCT ON (h.case_id, h.party_key) h.case_id, h.party_key, h.party_id, h.party_name, h.party_position,
            h.party_unit_id, h.party_unit_name, h.started_at, h.ended_at IS NULL AS holding
        FROM seen_holds h JOIN listed l USING (case_id) WHERE h.party_kind = 'officer'
        ORDER BY h.case_id, h.party_key, h.ordinal DESC"""),
        parameters,
    )
    return [_case(row) for row in cases.mappings()], [HeldByOfficer(**_held(row)) for row in holders.mappings()]


def _case(row: Mapping[Any, Any]) -> MonthlyCase:
    return MonthlyCase(
        case=ToFold(
            case_id=row["case_id"],
            codes=(row["case_id"], *row["aliases"]),
            told_codes=tuple(row["told_codes"] or ()) or (row["case_id"], *row["aliases"]),
            last_position=row["last_position"],
            event_count=row["event_count"],
        ),
        open=row["open"],
        counted=row["counted"],
        span=row["span"],
        simulated=row["simulated"],
        borne=row["borne"],
    )


_PARTY: Sequence[str] = ("key", "id", "name", "position", "unit_id", "unit_name")


def _held(row: Mapping[Any, Any]) -> dict[str, Any]:
    named = {member: row[f"party_{member}"] for member in _PARTY}
    return {"case_id": row["case_id"], **named, "held_at": row["started_at"], "holding": row["holding"]}
