"""How many cases came in and were finished, day by day, and at which hours of the week."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.counts import counted_as
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import TreeSpans

_FINISH: Final = "(c.finish_recorded_at AT TIME ZONE :zone)"
_RECEPTION: Final = "(c.received_at AT TIME ZONE :zone)"
_RECEIVED: Final = "(c.received_at >= :period_start AND c.received_at < :period_end)"
_RESOLVED: Final = counted_as(["resolved"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedOn:
    """A local day on which cases of one responsible unit were received."""

    unit_id: str | None
    span: int
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedOn:
    """A local day on which the finish of cases of one responsible unit and class was recorded, and the hour of it."""

    unit_id: str | None
    span: int
    day: str
    hour: int
    case_class: str | None


async def count_days(
    connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans
) -> dict[ReceivedOn | FinishedOn, tuple[int]]:
    """Cases received on each day of the period, and completed on each by the finish as recorded; days are local, as YYYY-MM-DD."""
    statement = f"""
        WITH {relation.ctes}
        SELECT c.unit_id, {spans.of_case} AS span, to_char({_RECEPTION}, 'YYYY-MM-DD'), NULL, NULL, count(*)
        FROM seen c WHERE {_RECEIVED} GROUP BY 1, 2, 3
        UNION ALL
        SELECT c.unit_id, {spans.of_case} AS span, to_char({_FINISH}, 'YYYY-MM-DD'), extract(hour FROM {_FINISH})::integer, c.class, count(*)
        FROM seen c WHERE {_RESOLVED} GROUP BY 1, 2, 3, 4, 5"""
    parameters = {**relation.parameters, **period.parameters, **spans.parameters, "zone": spans.zone}
    rows = await connection.execute(text(statement), parameters)
    return {
        ReceivedOn(unit_id=unit_id, span=span, day=day)
        if hour is None
        else FinishedOn(unit_id=unit_id, span=span, day=day, hour=hour, case_class=case_class): (cases,)
        for unit_id, span, day, hour, case_class, cases in rows
    }


def finished_between(first: str | None, last: str | None, zone: str) -> CaseCondition:
    """The cases finished in the period and on local days of `zone` from `first` to `last`, by the finish as recorded; None: no bound."""
    where, parameters = [IN_PERIOD], dict[str, object]()
    for name, comparison, day in (("finished_from", ">=", first), ("finished_to", "<=", last)):
        if day is not None:
            where.append(f"to_char({_FINISH}, 'YYYY-MM-DD') {comparison} :{name}")
            parameters |= {name: day, "zone": zone}
    return CaseCondition(where=" AND ".join(where), parameters=parameters)


def finished_at_hour(weekday: int | None, hour: int | None, zone: str) -> CaseCondition:
    """The cases finished in the period on the ISO weekday and in the local hour of `zone`, by the finish as recorded; None: any."""
    where, parameters = [IN_PERIOD], dict[str, object]()
    if weekday is not None:
        where.append(f"extract(isodow FROM {_FINISH}) = CAST(:weekday AS integer)")
        parameters |= {"weekday": weekday, "zone": zone}
    if hour is not None:
        where.append(f"extract(hour FROM {_FINISH}) = CAST(:hour AS integer)")
        parameters |= {"hour": hour, "zone": zone}
    return CaseCondition(where=" AND ".join(where), parameters=parameters)
