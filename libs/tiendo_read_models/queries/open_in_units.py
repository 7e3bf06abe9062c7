"""What is open in a unit's subtree as at an instant: soon due, waiting in a queue, waiting for a consulted unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.timeline_types import PartyKind
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.officers import OfficerNames
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import CountedUnits

_OWN: Final = "({has_case} OR c.holder_unit_id = ANY(CAST(:units_now AS text[])))"
_QUEUED: Final = f"c.holder_kind = '{PartyKind.UNIT}' AND c.holder_unit_id = ANY(CAST(:units_now AS text[]))"


class OpenList(StrEnum):
    """Which open cases."""

    DUE_SOON = "due-soon"
    """Due after the instant and until `until`, that the subtree is responsible for or holds."""
    QUEUED = "queued"
    """Held by a unit of the subtree, of which nobody has picked them up."""
    CONSULTING = "consulting"
    """With a consulted unit, the subtree being responsible."""


_CONDITIONS: Final[Mapping[OpenList, str]] = {
    OpenList.DUE_SOON: f"{_OWN} AND c.overdue_then IS FALSE AND c.judged_due_at <= CAST(:until AS timestamptz)",
    OpenList.QUEUED: _QUEUED,
    OpenList.CONSULTING: f"{{has_case}} AND c.holder_kind = '{PartyKind.CONSULTED_UNIT}'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnderWay:
    """An open case: who holds it, in which step, since when; `judged_due_at` None where no due is known."""

    case_id: str
    procedure: str | None
    judged_due_at: datetime | None
    holder_kind: PartyKind
    holder: OfficerNames
    step: str | None
    held_since: datetime
    unit_id: str | None
    simulated: bool


async def open_in_units(
    connection: AsyncConnection, relation: Relation, units: CountedUnits, which: OpenList, *, until: datetime
) -> list[CaseUnderWay]:
    """The cases of the relation on the list, in no order."""
    condition = _CONDITIONS[which].format(has_case=units.has_case)
    statement = f"""
        WITH {relation.ctes}
        SELECT c.case_id, coalesce(c.procedure_name, c.procedure_id) AS procedure, c.judged_due_at, c.holder_kind,
            c.holder_id, c.holder_name, c.holder_position, c.holder_unit_id, c.holder_unit_name,
            coalesce(h.step_name, h.step_id) AS step, h.started_at, c.unit_id, c.simulated
        FROM seen c JOIN seen_holds h ON h.case_id = c.case_id AND h.ended_at IS NULL
        WHERE c.open AND {condition}"""
    parameters = {**relation.parameters, **units.parameters, "units_now": list(units.at_the_end()), "until": until}
    named = {name for name in parameters if f":{name}" in statement}
    rows = await connection.execute(text(statement), {name: parameters[name] for name in named})
    return [
        CaseUnderWay(
            case_id=row.case_id,
            procedure=row.procedure,
            judged_due_at=row.judged_due_at,
            holder_kind=PartyKind(row.holder_kind),
            holder=OfficerNames(
                id=row.holder_id,
                name=row.holder_name,
                position=row.holder_position,
                unit_id=row.holder_unit_id,
                unit_name=row.holder_unit_name,
            ),
            step=row.step,
            held_since=row.started_at,
            unit_id=row.unit_id,
            simulated=row.simulated,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class BorneByKind:
    """What parties of one kind bear of the cases of a subtree: whole working minutes, after decisions and by rule."""

    kind: PartyKind
    minutes: int
    by_rule_minutes: int
    late_entry_minutes: int
    late_entry_by_rule_minutes: int


async def borne_by_kind(
    connection: AsyncConnection, relation: Relation, units: CountedUnits, period: Period
) -> list[BorneByKind]:
    """The sums over the relation's cases finished in the period for which the subtree is responsible."""
    statement = f"""
        WITH {relation.ctes}
        SELECT a.party_kind, sum(a.minutes)::bigint AS minutes, sum(a.by_rule_minutes)::bigint AS by_rule,
            sum(a.late_entry_minutes)::bigint AS late_entry, sum(a.late_entry_by_rule_minutes)::bigint AS entry_by_rule
        FROM seen c JOIN seen_shares a USING (case_id)
        WHERE {IN_PERIOD} AND {units.has_case}
        GROUP BY a.party_kind"""
    parameters = {**relation.parameters, **units.parameters, **period.parameters}
    rows = await connection.execute(text(statement), parameters)
    return [
        BorneByKind(
            kind=PartyKind(row.party_kind),
            minutes=row.minutes,
            by_rule_minutes=row.by_rule,
            late_entry_minutes=row.late_entry,
            late_entry_by_rule_minutes=row.entry_by_rule,
        )
        for row in rows
    ]
