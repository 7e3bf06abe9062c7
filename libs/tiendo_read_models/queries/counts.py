"""How many cases were resolved, are open, overdue and so on, by responsible unit and field: the one place where cases are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.overdue import COUNT_OF_CLASS, OVERDUE_CLASSES, by_rule
from tiendo_domain.timeline_types import CaseClass, State
from tiendo_read_models.queries.cases.relations import OVERDUE_CLASS, OVERDUE_CLASS_BY_RULE, Relation
from tiendo_read_models.queries.periods import FINISHED_IN_PERIOD_OR_OPEN, IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans

_PAUSED = f"c.state IN ('{State.WAITING_APPLICANT}', '{State.WAITING_PAYMENT}', '{State.SUSPENDED}')"

_COMPLETED = f"(c.completed_at IS NOT NULL AND {IN_PERIOD})"
_RECORDED_LATER = (
    "(c.finished_at IS NOT NULL AND (c.finish_recorded_at >= :period_end OR c.finish_recorded_at > :as_of))"
)
_ENDED_OTHERWISE = f"(c.finished_at IS NOT NULL AND c.completed_at IS NULL AND {IN_PERIOD})"
_EARLIER_DAY = "(c.completed_at AT TIME ZONE :zone)::date < (c.judged_due_at AT TIME ZONE :zone)::date"
_CONCERNED = f"({FINISHED_IN_PERIOD_OR_OPEN} OR {_RECORDED_LATER})"
_BEGAN_BEFORE = "coalesce(c.received_at, c.first_event_at) < :period_start"

# Rule C, indicators; each name is a member of the counts below.
_COUNTS: Mapping[str, str] = {
    "resolved": _COMPLETED,
    **{
        COUNT_OF_CLASS[case_class]: f"{_COMPLETED} AND c.class = '{case_class.value}'"
        for case_class in (*OVERDUE_CLASSES, CaseClass.PAUSE_NOT_RESPECTED, CaseClass.LATE_SYNC)
    },
    **{
        by_rule(COUNT_OF_CLASS[case_class]): f"{_COMPLETED} AND c.class_by_rule = '{case_class.value}'"
        for case_class in OVERDUE_CLASSES
    },
    "resolved_without_due": f"{_COMPLETED} AND c.judged_due_at IS NULL",
    "resolved_early": f"{_COMPLETED} AND NOT ({OVERDUE_CLASS}) AND {_EARLIER_DAY}",
    by_rule("resolved_early"): f"{_COMPLETED} AND NOT ({OVERDUE_CLASS_BY_RULE}) AND {_EARLIER_DAY}",
    "declined": f"{_ENDED_OTHERWISE} AND c.state = '{State.DECLINED}'",
    "withdrawn": f"{_ENDED_OTHERWISE} AND c.state = '{State.WITHDRAWN}'",
    "ended_otherwise": _ENDED_OTHERWISE,
    "recorded_later": _RECORDED_LATER,
    "open": "c.open",
    "open_overdue": "c.open AND c.counts_as_overdue",
    "open_without_due": "c.open AND c.overdue_then IS NULL",
    "paused": f"c.open AND {_PAUSED}",
    "paused_overdue": f"c.open AND {_PAUSED} AND c.counts_as_overdue",
    "paused_without_due": f"c.open AND {_PAUSED} AND c.overdue_then IS NULL",
    "carried_over": _BEGAN_BEFORE,
    "new_online": f"NOT ({_BEGAN_BEFORE}) AND c.channel = 'online'",
    "new_counter_or_post": f"NOT ({_BEGAN_BEFORE}) AND c.channel IN ('counter', 'post')",
    "concerned": "TRUE",
    "simulated": "c.simulated",
}
# Whole minutes of attribution: of cases that ended in the period, whose shares stay as they are.
_SUMS: Mapping[str, str] = {
    "attributed_minutes": "c.lateness_minutes",
    "doubtful_minutes": "c.doubtful_minutes",
    "lateness_by_rule_minutes": "c.lateness_by_rule_minutes",
    "late_entry_of_cases_minutes": "c.late_entry_minutes",
    "late_entry_of_cases_by_rule_minutes": "c.late_entry_by_rule_minutes",
}
COUNT_NAMES = (*_COUNTS, *_SUMS)


def counted_as(names: Sequence[str]) -> str:
    """The condition on `c` for cases that are counted under any of the names: what a figure counts is what its list shows."""
    return "(" + " OR ".join(f"({_COUNTS[name]})" for name in names) + ")"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFor:
    """What a group of cases has in common: how they name the responsible unit and the field, and the span whose tree of units they belong to."""

    unit_id: str | None
    unit_name: str | None
    field_id: str | None
    field_name: str | None
    span: int


_COUNTED = ", ".join(
    (
        *(f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in _COUNTS.items()),
        *(
            f"coalesce(sum({minutes}) FILTER (WHERE {IN_PERIOD}), 0)::bigint AS {name}"
            for name, minutes in _SUMS.items()
        ),
    )
)


async def count_cases(
    connection: AsyncConnection,
    relation: Relation,
    period: Period,
    *,
    spans: TreeSpans,
    units: CountedUnits | None = None,
) -> dict[CountedFor, tuple[int, ...]]:
    """How many of the relation's cases are what, and sums of their minutes, in the order of `COUNT_NAMES`.

    `units` restricts them, the zone of `spans` decides what a day is.
    """
    statement = f"""
        WITH {relation.ctes}
        SELECT c.unit_id, c.unit_name, c.field_id, c.field_name, {spans.of_case} AS span, {_COUNTED}
        FROM seen c WHERE {_CONCERNED} AND {"TRUE" if units is None else units.has_case}
        GROUP BY 1, 2, 3, 4, 5"""
    restricted = {} if units is None else units.parameters
    parameters = {**relation.parameters, **period.parameters, "zone": spans.zone, **spans.parameters, **restricted}
    rows = await connection.execute(text(statement), parameters)
    return {
        CountedFor(unit_id=row[0], unit_name=row[1], field_id=row[2], field_name=row[3], span=row[4]): tuple(row[5:])
        for row in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureFor:
    """The cases of a procedure, as they name it, of one responsible unit, which belong to the tree of units of one span."""

    unit_id: str | None
    span: int
    procedure_id: str | None
    procedure_name: str | None


async def count_procedures(
    connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans
) -> dict[ProcedureFor, tuple[int, ...]]:
    """The same counts as `count_cases`, in the order of `COUNT_NAMES`, by procedure."""
    statement = f"""
        WITH {relation.ctes}
        SELECT c.unit_id, {spans.of_case} AS span, c.procedure_id, c.procedure_name, {_COUNTED}
        FROM seen c WHERE {_CONCERNED} GROUP BY 1, 2, 3, 4"""
    parameters = {**relation.parameters, **period.parameters, "zone": spans.zone, **spans.parameters}
    rows = await connection.execute(text(statement), parameters)
    return {
        ProcedureFor(unit_id=row[0], span=row[1], procedure_id=row[2], procedure_name=row[3]): tuple(row[4:])
        for row in rows
    }
