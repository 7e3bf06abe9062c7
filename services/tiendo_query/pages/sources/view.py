"""What the page of sources shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_contracts.answers.quality import QualityAnswer, QualityCount, SourceSilence
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.quality_words import VERDICT_WORDS, quality_title
from tiendo_event_store.sources.source_lags import SourceLag
from tiendo_query.pages.showing import NOTHING, Said, moment
from tiendo_query.pages.sorted_columns import SortedColumns
from tiendo_query.questions.periods import shown

_MINUTES_OF_AN_HOUR = 60
_MINUTES_OF_A_DAY = 24 * _MINUTES_OF_AN_HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Irregular:
    """A kind of irregularity with its cases."""

    title: Words
    found: QualityCount


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source: what came last and how late, the verdict on its cases of the period, what is irregular in them, and when it was silent."""

    source: str
    last_at: str
    position: int | None
    lag: Said
    lag_seconds: float | None
    cases: int
    verdict: Words
    verdict_rank: int
    irregular: Sequence[Irregular]
    silences: Sequence[SourceSilence]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesView:
    """All sources of the cases that the caller sees whole."""

    start: date
    end: date
    rows: Sequence[SourceRow]


SORTED: Final[SortedColumns[SourceRow]] = SortedColumns(
    keys={
        "source": lambda row: row.source,
        "last": lambda row: row.position,
        "lag": lambda row: row.lag_seconds,
        "cases": lambda row: row.cases,
        "verdict": lambda row: row.verdict_rank,
        "irregular": lambda row: sum(one.found.cases for one in row.irregular),
        "silences": lambda row: sum(one.working_minutes for one in row.silences),
    },
    falling=frozenset({"last", "lag", "cases", "verdict", "irregular", "silences"}),
    usual="source",
)
_RANKS: Final = tuple(VERDICT_WORDS)


def sources_view(
    answer: QualityAnswer, lags: Sequence[SourceLag], zone: ZoneInfo, days: tuple[date, date], *, sort: str | None
) -> SourcesView:
    """The sources, by name unless `sort` says otherwise."""
    start, end = days
    by_source = {one.source: one for one in lags}
    rows = []
    for one in sorted(answer.sources, key=lambda found: found.source):
        lag = by_source.get(one.source)
        rows.append(
            SourceRow(
                source=one.source,
                last_at=NOTHING if lag is None else moment(shown(lag.last_at, zone)),
                position=None if lag is None else lag.position,
                lag=NOTHING if lag is None else lag_in_words(lag.lag),
                lag_seconds=None if lag is None else lag.lag.total_seconds(),
                cases=one.cases,
                verdict=VERDICT_WORDS[one.verdict],
                verdict_rank=_RANKS.index(one.verdict),
                irregular=[
                    Irregular(title=quality_title(kind.kind), found=kind) for kind in one.anomalies if kind.cases
                ],
                silences=[silence for silence in answer.silences if silence.source == one.source],
            )
        )
    return SourcesView(start=start, end=end, rows=SORTED.in_order(rows, sort))


def lag_in_words(lag: timedelta) -> Words:
    """The lag in clock time, to the minute below an hour, to the hour below two days, else to the day; rounded down."""
    minutes = int(lag.total_seconds()) // 60
    if minutes < _MINUTES_OF_AN_HOUR:
        return Words(vi=f"{minutes} phút", en=f"{minutes} min")
    if minutes < 2 * _MINUTES_OF_A_DAY:
        return Words(vi=f"{minutes // _MINUTES_OF_AN_HOUR} giờ", en=f"{minutes // _MINUTES_OF_AN_HOUR} h")
    return Words(vi=f"{minutes // _MINUTES_OF_A_DAY} ngày", en=f"{minutes // _MINUTES_OF_A_DAY} days")
