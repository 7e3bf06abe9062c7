"""How a period's cases go from unit to unit, and how much lateness each inherits and adds (rule A6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.timeline_types import PartyKind
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import IN_PERIOD, Period

APPLICANT: Final = "(applicant)"
SUSPENSION: Final = "(suspension)"
UNNAMED: Final = "(unnamed)"
"""Places that are no unit of an id: the applicant, a suspension, and whoever stands beside no unit of an id."""

_PLACE: Final = f"""CASE h.party_kind WHEN '{PartyKind.APPLICANT}' THEN '{APPLICANT}' WHEN '{PartyKind.SUSPENSION}' THEN '{SUSPENSION}'
    ELSE coalesce(g.place, h.party_unit_id, '{UNNAMED}') END"""
_GROUPS: Final = """grouped AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:flow_units AS text[]), CAST(:flow_places AS text[])) AS g (unit_id, place)
    )"""
_WALK: Final = f"""SELECT h.case_id, {_PLACE} AS place, lag({_PLACE}) OVER course AS giver,
        coalesce(h.lateness_in_minutes, 0) AS inherited,
        coalesce(h.lateness_out_minutes, 0) - coalesce(h.lateness_in_minutes, 0) AS own"""
_COURSE: Final = "WINDOW course AS (PARTITION BY h.case_id ORDER BY h.ordinal)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Unit id -> the place as which it stands in the flow; a unit that is none of these stands as itself."""

    place_of: Mapping[str, str]

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """What tells these groups from others."""
        return tuple(sorted(self.place_of.items()))

    @property
    def parameters(self) -> dict[str, object]:
        """The values of the parameters that the statements name."""
        return {"flow_units": list(self.place_of), "flow_places": list(self.place_of.values())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """From one place to another."""

    giver: str
    receiver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """At one place."""

    place: str


async def count_flows(
    connection: AsyncConnection, relation: Relation, period: Period, groups: Groups
) -> dict[Handover | Stay, tuple[int, ...]]:
    """Over the relation's cases finished in the period, by the finish as recorded.

    Handover -> cases, handovers, handovers that came late, minutes of lateness inherited by these. Stay -> cases, holds, minutes of lateness
    added, minutes won back. Handovers within a place are none.
    """
    statement = f"""
        WITH {relation.ctes}, {_GROUPS}, picked AS MATERIALIZED (SELECT c.case_id FROM seen c WHERE {IN_PERIOD}),
        walk AS MATERIALIZED (
            {_WALK} FROM picked JOIN seen_holds h USING (case_id) LEFT JOIN grouped g ON g.unit_id = h.party_unit_id
            {_COURSE}
        )
        SELECT giver, place, count(DISTINCT case_id), count(*), count(*) FILTER (WHERE inherited > 0),
            coalesce(sum(inherited) FILTER (WHERE inherited > 0), 0)::bigint
        FROM walk WHERE giver <> place GROUP BY 1, 2
        UNION ALL
        SELECT NULL, place, count(DISTINCT case_id), count(*), coalesce(sum(own) FILTER (WHERE own > 0), 0)::bigint,
            coalesce(-sum(own) FILTER (WHERE own < 0), 0)::bigint
        FROM walk GROUP BY 1, 2"""
    rows = await connection.execute(text(statement), {**relation.parameters, **period.parameters, **groups.parameters})
    return {
        Stay(place=place) if giver is None else Handover(giver=giver, receiver=place): tuple(numbers)
        for giver, place, *numbers in rows
    }


def of_handover(handover: Handover, groups: Groups, *, late: bool) -> CaseCondition:
    """The cases that `count_flows` counts for the handover; `late`: of those the ones in which it came late."""
    came_late = " AND w.inherited > 0" if late else ""
    walk = f"""{_WALK} FROM seen_holds h
        LEFT JOIN (SELECT * FROM unnest(CAST(:flow_units AS text[]), CAST(:flow_places AS text[])) AS u (unit_id, place)) g
            ON g.unit_id = h.party_unit_id
        WHERE h.case_id = c.case_id {_COURSE}"""
    return CaseCondition(
        where=f"""{IN_PERIOD} AND EXISTS (
            SELECT FROM ({walk}) w WHERE w.giver = :handed_from AND w.place = :handed_to{came_late})""",
        parameters={**groups.parameters, "handed_from": handover.giver, "handed_to": handover.receiver},
    )
