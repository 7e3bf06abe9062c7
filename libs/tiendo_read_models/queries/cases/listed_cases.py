"""Pages of cases by what was asked for, and single rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.relations import NOT_SHOWN, Exactness, FoldedCase, Relation
from tiendo_read_models.queries.cases.text_search import TextSearch
from tiendo_read_models.queries.counts import counted_as
from tiendo_read_models.queries.periods import FINISHED_IN_PERIOD_OR_OPEN, Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans
from tiendo_read_models.tables import CASE, SEARCH_KEYS

CaseRecord = Mapping[str, Any]
"""The columns of `cases`, with `open`, `overdue_then` (rule D4) and `counts_as_overdue` (rule C), these two also `…_by_rule`."""

_COLUMNS = f"""{CASE.selected("c", without=NOT_SHOWN | {*SEARCH_KEYS})}, c.open, c.overdue_then, c.overdue_then_by_rule,
    c.counts_as_overdue, c.counts_as_overdue_by_rule"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWithin:
    """Open cases that become overdue after `as_of`, the instant asked about, and until `until[calendar id]`, elsewhere until `otherwise`."""

    as_of: datetime
    until: Mapping[str, datetime]
    otherwise: datetime

    @property
    def latest(self) -> datetime:
        """The last instant at which any of them is due."""
        return max([self.otherwise, *self.until.values()])

    def may_hold_of(self, case: FoldedCase) -> bool:
        """Whether it may hold of a folded case: a due that does not move must not have passed (rule D4)."""
        due_at = case.judged_due_at
        return due_at is not None and due_at <= self.latest and (case.moves_with_time or due_at >= self.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What is asked of cases; None asks nothing.

    `text` is what they are searched by; `case_ids` are those among which the cases are; one of `units` is responsible.
    """

    text: TextSearch | None = None
    case_ids: list[str] | None = None
    units: CountedUnits | None = None
    officer_key: str | None = None
    procedure_id: str | None = None
    field_id: str | None = None
    channel: str | None = None
    state: str | None = None
    case_class: str | None = None
    open: bool | None = None
    overdue: bool | None = None
    lateness_min: int | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    period: Period | None = None
    counted: tuple[str, ...] = ()
    """Names of counts (`counts.COUNT_NAMES`) of which one at least counts the case over `period`, which must then be given."""
    due_within: DueWithin | None = None
    conditions: tuple[CaseCondition, ...] = ()
    """Further conditions; those that speak of a period are about `period`, which must then be given."""

    @property
    def exactness(self) -> Exactness:
        """What rows must still say for the filter to be decided by them."""
        return Exactness.COUNTS if self.lateness_min is None else Exactness.MINUTES

    @property
    def may_match(self) -> Callable[[FoldedCase], bool]:
        """Whether a folded case may match, by its unit and due alone: of many that were folded few have to be shown to the database, which decides."""
        units = None if self.units is None else frozenset(self.units.ever)
        due_within = self.due_within

        def may(case: FoldedCase) -> bool:
            return (units is None or case.unit_id in units) and (due_within is None or due_within.may_hold_of(case))

        return may


@dataclass(slots=True)
class Conditions:
    """What is asked of `c`, a row of `seen`, as SQL, with the values of its parameters."""

    texts: list[str] = field(default_factory=list)
    parameters: dict[str, object] = field(default_factory=dict)

    def add(self, condition: str, **parameters: object) -> None:
        """Ask that too, unless a parameter is None."""
        if all(value is not None for value in parameters.values()):
            self.texts.append(condition)
            self.parameters.update(parameters)


def conditions_of(asked: CaseFilter) -> Conditions:
    """What the filter asks."""
    conditions = Conditions()
    if asked.text is not None:
        conditions.add(asked.text.condition(holds="seen_holds"), **asked.text.parameters)
    conditions.add("c.case_id = ANY(:case_ids)", case_ids=asked.case_ids)
    if asked.units is not None:
        conditions.add(asked.units.has_case, **asked.units.parameters)
    conditions.add("c.procedure_id = :procedure_id", procedure_id=asked.procedure_id)
    conditions.add("c.field_id = :field_id", field_id=asked.field_id)
    conditions.add("c.channel = :channel", channel=asked.channel)
    conditions.add("c.state = :state", state=asked.state)
    conditions.add("c.class = :case_class", case_class=asked.case_class)
    conditions.add("c.open = :open", open=asked.open)
    conditions.add("c.counts_as_overdue = :overdue", overdue=asked.overdue)
    conditions.add("c.lateness_minutes >= :lateness_min", lateness_min=asked.lateness_min)
    conditions.add("c.received_at >= :received_from", received_from=asked.received_from)
    conditions.add("c.received_at < :received_before", received_before=asked.received_before)
    conditions.add(
        "EXISTS (SELECT FROM seen_holds h WHERE h.case_id = c.case_id AND h.party_key = :officer_key)",
        officer_key=asked.officer_key,
    )
    if asked.period is not None:
        conditions.add(FINISHED_IN_PERIOD_OR_OPEN)
        conditions.parameters.update(asked.period.parameters)
    if asked.counted:
        conditions.texts.append(counted_as(asked.counted))
    for condition in asked.conditions:
        conditions.add(condition.where, **condition.parameters)
    if asked.due_within is not None:
        _add_due_within(conditions, asked.due_within)
    return conditions


def _add_due_within(conditions: Conditions, due_within: DueWithin) -> None:
    names = sorted(due_within.until)
    conditions.add(
        """c.open AND c.overdue_then IS FALSE AND c.judged_due_at <= coalesce(
            (CAST(:limits AS timestamptz[]))[
                array_position(CAST(:calendars AS text[]), regexp_replace(c.calendar_version, '/[0-9]+$', ''))],
            CAST(:otherwise AS timestamptz))""",
        calendars=names,
        limits=[due_within.until[name] for name in names],
        otherwise=due_within.otherwise,
    )


async def matching_cases(
    connection: AsyncConnection,
    relation: Relation,
    asked: CaseFilter,
    *,
    after: str = "",
    until: str | None = None,
    limit: int,
) -> list[CaseRecord]:
    """The first `limit` cases of the relation that match, by case id, behind `after` and up to `until`, both case ids."""
    conditions = conditions_of(asked)
    where = " AND ".join(
        ["c.case_id > :after", "(CAST(:until AS text) IS NULL OR c.case_id <= :until)", *conditions.texts]
    )
    statement = f"WITH {relation.ctes} SELECT {_COLUMNS} FROM seen c WHERE {where} ORDER BY c.case_id LIMIT :limit"
    parameters = {**conditions.parameters, **relation.parameters, "after": after, "until": until, "limit": limit}
    rows = await connection.execute(text(statement), parameters)
    return [dict(row) for row in rows.mappings()]


async def ids_up_to(
    connection: AsyncConnection, relation: Relation, asked: CaseFilter, *, last: str, limit: int
) -> list[str]:
    """The ids of the `limit` cases of the relation that match up to `last`, the last one first."""
    conditions = conditions_of(asked)
    where = " AND ".join(["c.case_id <= :last", *conditions.texts])
    statement = f"WITH {relation.ctes} SELECT c.case_id FROM seen c WHERE {where} ORDER BY c.case_id DESC LIMIT :limit"
    parameters = {**conditions.parameters, **relation.parameters, "last": last, "limit": limit}
    return list((await connection.execute(text(statement), parameters)).scalars())


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSums:
    """What cases come to; `finished_lateness_minutes` and `doubtful_minutes` are those of finished cases, on which a verdict of quality rests."""

    cases: int = 0
    lateness_minutes: int = 0
    late_entry_minutes: int = 0
    lateness_by_rule_minutes: int = 0
    late_entry_by_rule_minutes: int = 0
    finished_lateness_minutes: int = 0
    doubtful_minutes: int = 0

    def __add__(self, other: "CaseSums") -> "CaseSums":
        """Both together."""
        return CaseSums(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


_SUMMED = ", ".join(
    [
        "count(*) AS cases",
        *(
            f"coalesce(sum(c.{name}), 0) AS {name}"
            for name in (
                "lateness_minutes",
                "late_entry_minutes",
                "lateness_by_rule_minutes",
                "late_entry_by_rule_minutes",
            )
        ),
        "coalesce(sum(c.lateness_minutes) FILTER (WHERE NOT c.open), 0) AS finished_lateness_minutes",
        "coalesce(sum(c.doubtful_minutes) FILTER (WHERE NOT c.open), 0) AS doubtful_minutes",
    ]
)


async def sums_of_cases(connection: AsyncConnection, relation: Relation, asked: CaseFilter) -> CaseSums:
    """What the matching cases of the relation come to."""
    conditions = conditions_of(asked)
    where = " AND ".join(conditions.texts) or "TRUE"
    statement = f"WITH {relation.ctes} SELECT {_SUMMED} FROM seen c WHERE {where}"
    rows = await connection.execute(text(statement), {**conditions.parameters, **relation.parameters})
    return CaseSums(**{name: int(value) for name, value in rows.mappings().one().items()})


Lateness = tuple[int, int, str]
"""Where a case stands in a list by lateness: minutes late, negated; minutes of late entry, negated; case id."""

_LATENESS = "-coalesce(c.lateness_minutes, 0), -c.late_entry_minutes, c.case_id"


@dataclass(frozen=True, slots=True)
class LateCase:
    """A case in a list by lateness, the unit responsible for it, and the span whose tree of units it belongs to."""

    place: Lateness
    unit_id: str | None
    span: int


async def places_of(
    connection: AsyncConnection, relation: Relation, asked: CaseFilter, spans: TreeSpans
) -> list[LateCase]:
    """The cases of the relation that match: most late first, then most late entry, then by case id, by their places."""
    conditions = conditions_of(asked)
    where = " AND ".join(conditions.texts) or "TRUE"
    statement = f"WITH {relation.ctes} SELECT {_LATENESS}, c.unit_id, {spans.of_case} FROM seen c WHERE {where}"
    parameters = {**conditions.parameters, **relation.parameters, **spans.parameters}
    rows = await connection.execute(text(statement), parameters)
    return [LateCase((late, entry, case_id), unit_id, span) for late, entry, case_id, unit_id, span in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRecord:
    """Why a case could not be folded."""

    last_position: int
    cause: str


async def fault_of(connection: AsyncConnection, build: Build, case_id: str) -> FaultRecord | None:
    """The fault of a case; None where there is none."""
    statement = f"SELECT last_position, cause FROM {build.schema_name}.faults WHERE case_id = :case_id"
    row = (await connection.execute(text(statement), {"case_id": case_id})).one_or_none()
    return None if row is None else FaultRecord(last_position=row.last_position, cause=row.cause)
