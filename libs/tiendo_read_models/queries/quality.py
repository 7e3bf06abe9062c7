"""What is irregular in cases, and which minutes rest on it, over a period: summed by source, responsible unit and month."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.quality import NamedOfficer
from tiendo_read_models.queries.cases.conditions import MONTH, SILENCES, WHILE_SILENT, CaseCondition
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import FINISHED_IN_PERIOD_OR_OPEN, IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import TreeSpans


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGroup:
    """Of what a group of cases is: its source, its responsible unit, the month of its finish as recorded (None: open), the span of its tree of units."""

    source: str
    unit_id: str | None
    unit_name: str | None
    month: str | None
    span: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesOf:
    """How many cases the group has, how many of them are finished, their minutes of attribution, the doubtful ones, and how many are simulated."""

    group: OfGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtsOf:
    """How many minutes of the group's finished cases rest on a fact of this kind; `officer`: the key of the officer who bears them, None for other parties."""

    group: OfGroup
    kind: str
    officer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesOf:
    """How many minutes of finished cases of a responsible unit the officer of this key bears, and how many of them are doubtful."""

    unit_id: str | None
    span: int
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClicksOf:
    """How many cases of a responsible unit an officer completed in a minute (since the epoch) near the end of a day or month."""

    unit_id: str | None
    span: int
    officer: str
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingsOf:
    """How often holds name an officer so, in cases of a responsible unit."""

    unit_id: str | None
    span: int
    officer: NamedOfficer


@dataclass(frozen=True, slots=True, kw_only=True)
class OccursIn:
    """A case of the group that is irregular in this way."""

    group: OfGroup
    kind: str
    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedWhile:
    """How many cases of a responsible unit were finished while their source was silent, which it began to be then."""

    source: str
    began_at: datetime
    unit_id: str | None
    span: int


QualityKey = CasesOf | DoubtsOf | SharesOf | ClicksOf | NamingsOf | OccursIn | FinishedWhile
QualitySums = dict[QualityKey, tuple[int, ...]]


def _picked(spans: TreeSpans) -> str:
    return f"""picked AS MATERIALIZED (
    SELECT c.case_id, c.source, c.unit_id, c.unit_name, {MONTH} AS month, {spans.of_case} AS span, {IN_PERIOD} AS finished, c.simulated,
        CASE WHEN {IN_PERIOD} THEN coalesce(c.lateness_minutes, 0) ELSE 0 END AS minutes,
        CASE WHEN {IN_PERIOD} THEN c.doubtful_minutes ELSE 0 END AS doubtful, c.irregularities_then,
        c.closing_officer, c.completed_at
    FROM seen c WHERE {FINISHED_IN_PERIOD_OR_OPEN}
)"""


_OF_PICKED: Final = "p.source, p.unit_id, p.unit_name, p.month, p.span"


async def sum_quality(connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans) -> QualitySums:
    """All sums over the relation's cases finished in the period or open at its end; the zone of `spans` decides what a month is."""
    parameters = {**relation.parameters, **period.parameters, **spans.parameters, "zone": spans.zone}
    found: QualitySums = {}
    for statement, read in _SUMS:
        rows = await connection.execute(text(f"WITH {relation.ctes}, {_picked(spans)} {statement}"), parameters)
        for row in rows:
            key, values = read(row)
            found[key] = values
    return found


def _group(row: Any) -> OfGroup:  # noqa: ANN401 - a row of the statements here
    return OfGroup(source=row.source, unit_id=row.unit_id, unit_name=row.unit_name, month=row.month, span=row.span)


def _cases(row: Any) -> tuple[QualityKey, tuple[int, ...]]:  # noqa: ANN401 - likewise
    values = (row.cases, row.finished, int(row.minutes), int(row.doubtful), row.simulated)
    return CasesOf(group=_group(row)), values


def _doubts(row: Any) -> tuple[QualityKey, tuple[int, ...]]:  # noqa: ANN401 - likewise
    return DoubtsOf(group=_group(row), kind=row.kind, officer=row.officer), (int(row.minutes),)


def _shares(row: Any) -> tuple[QualityKey, tuple[int, ...]]:  # noqa: ANN401 - likewise
    return SharesOf(unit_id=row.unit_id, span=row.span, officer=row.officer), (int(row.minutes), int(row.doubtful))


def _clicks(row: Any) -> tuple[QualityKey, tuple[int, ...]]:  # noqa: ANN401 - likewise
    return ClicksOf(unit_id=row.unit_id, span=row.span, officer=row.officer, minute=row.minute), (row.cases,)


def _namings(row: Any) -> tuple[QualityKey, tuple[int, ...]]:  # noqa: ANN401 - likewise
    officer = NamedOfficer(id=row.party_id, name=row.party_name, unit=row.unit)
    return NamingsOf(unit_id=row.unit_id, span=row.span, officer=officer), (row.holds,)


def _alone(row: Any) -> tuple[QualityKey, tuple[int, ...]]:  # noqa: ANN401 - likewise
    return OccursIn(group=_group(row), kind=row.kind, case_id=row.case_id), (1,)


_OFFICER: Final = "CASE WHEN a.party_kind = 'officer' THEN a.party_key END"
_SUMS: Final = (
    (
        f"""SELECT {_OF_PICKED}, count(*) AS cases, count(*) FILTER (WHERE p.finished) AS finished,
            sum(p.minutes) AS minutes, sum(p.doubtful) AS doubtful, count(*) FILTER (WHERE p.simulated) AS simulated
        FROM picked p GROUP BY 1, 2, 3, 4, 5""",
        _cases,
    ),
    (
        f"""SELECT {_OF_PICKED}, doubt.key AS kind, {_OFFICER} AS officer, sum(doubt.value::bigint) AS minutes
        FROM picked p JOIN seen_shares a USING (case_id), jsonb_each_text(a.doubts) AS doubt
        WHERE p.doubtful > 0 GROUP BY 1, 2, 3, 4, 5, 6, 7""",
        _doubts,
    ),
    (
        """SELECT p.unit_id, p.span, a.party_key AS officer, sum(a.minutes) AS minutes, sum(a.doubtful_minutes) AS doubtful
        FROM picked p JOIN seen_shares a USING (case_id)
        WHERE p.minutes > 0 AND a.party_kind = 'officer' GROUP BY 1, 2, 3""",
        _shares,
    ),
    (
        """SELECT p.unit_id, p.span, p.closing_officer AS officer, floor(extract(epoch FROM p.completed_at) / 60)::bigint AS minute,
            count(*) AS cases
        FROM picked p WHERE p.finished AND p.closing_officer IS NOT NULL GROUP BY 1, 2, 3, 4""",
        _clicks,
    ),
    (
        """SELECT p.unit_id, p.span, h.party_id, h.party_name, coalesce(h.party_unit_id, h.party_unit_name) AS unit,
            count(*) AS holds
        FROM picked p JOIN seen_holds h USING (case_id)
        WHERE h.party_kind = 'officer' AND h.party_id IS NOT NULL AND h.party_name IS NOT NULL GROUP BY 1, 2, 3, 4, 5""",
        _namings,
    ),
    (
        f"SELECT DISTINCT {_OF_PICKED}, kind, p.case_id FROM picked p, unnest(p.irregularities_then) AS kind",
        _alone,
    ),
)


async def occurrences(
    connection: AsyncConnection,
    relation: Relation,
    period: Period,
    said: tuple[str, CaseCondition],
    spans: TreeSpans,
) -> QualitySums:
    """The relation's cases, finished in the period or open at its end, that are irregular in this way: a kind, and which cases it is about."""
    kind, condition = said
    statement = f"""WITH {relation.ctes} SELECT c.source, c.unit_id, c.unit_name, {MONTH} AS month, {spans.of_case} AS span, c.case_id
        FROM seen c WHERE {FINISHED_IN_PERIOD_OR_OPEN} AND ({condition.where})"""
    parameters = {
        **relation.parameters,
        **period.parameters,
        **condition.parameters,
        **spans.parameters,
        "zone": spans.zone,
    }
    rows = await connection.execute(text(statement), parameters)
    return {OccursIn(group=_group(row), kind=kind, case_id=row.case_id): (1,) for row in rows}


async def finished_meanwhile(
    connection: AsyncConnection, relation: Relation, period: Period, silences: CaseCondition, spans: TreeSpans
) -> QualitySums:
    """How many of the relation's cases were finished while their sources were silent, as `conditions.of_silences` has it."""
    statement = f"""WITH {relation.ctes} SELECT s.source, s.began_at, c.unit_id, {spans.of_case} AS span, count(*) AS cases
        FROM seen c JOIN {SILENCES} ON {WHILE_SILENT} WHERE {FINISHED_IN_PERIOD_OR_OPEN} GROUP BY 1, 2, 3, 4"""
    parameters = {**relation.parameters, **period.parameters, **silences.parameters, **spans.parameters}
    rows = await connection.execute(text(statement), parameters)
    return {
        FinishedWhile(source=row.source, began_at=row.began_at, unit_id=row.unit_id, span=row.span): (row.cases,)
        for row in rows
    }
