"""What is irregular over a period, summed and kept from question to question; and what that says of several cases together."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.instants import Instant
from tiendo_domain.quality import (
    THRESHOLDS,
    Burst,
    Clicks,
    OtherKind,
    Silence,
    bursts,
    several_names,
    shared_names,
    silences_told,
)
from tiendo_event_store.reading.arrivals import ArrivalPause, arrival_pauses
from tiendo_event_store.sources.disappeared_rows import cases_with_disappeared_rows
from tiendo_query.names.known_units import spans_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_query.sums.carried_sums import KeptSum, SumOver
from tiendo_query.sums.grouped_sums import Sums
from tiendo_query.sums.kept_sums import kept_sum
from tiendo_query.sums.remembered_folds import Wanted, any_case
from tiendo_read_models.queries.cases import conditions
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.relations import MAY_FALL_SILENT, Exactness, FoldedCase, Relation
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.quality import ClicksOf, NamingsOf, finished_meanwhile, occurrences, sum_quality

_MINUTE: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuality:
    """The period that is asked about; `now` is the instant that a cursor has kept."""

    start: date | Instant | None
    end: date | Instant | None
    as_of: Instant | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What is irregular about several cases together: `silences` by source, `several` by officer's id, `shared` by unit and name.

    `disappeared` are the codes of cases that their sources list no more, or no more as a whole.
    """

    bursts: tuple[Burst, ...]
    silences: Mapping[str, tuple[Silence, ...]]
    several: Mapping[str, tuple[str, ...]]
    shared: Mapping[tuple[str, str], tuple[str, ...]]
    disappeared: tuple[str, ...]


async def quality_sum(side: QuerySide, snapshot: Snapshot, asked: AskedQuality) -> KeptSum:
    """The sums of `sum_quality` over the period, for all units."""

    def period(now: datetime) -> AskedPeriod:
        return asked_period(asked.start, asked.end, as_of=asked.as_of, now=now, zone=snapshot.zone)

    async def count(connection: AsyncConnection, relation: Relation, of: Period) -> Sums:
        return dict((await sum_quality(connection, relation, of, spans)).items())

    now = asked.now or side.now()
    spans = spans_of(snapshot, period(now).period)

    question = SumOver(
        key=("quality", asked.start, asked.end, asked.as_of, spans),
        exactness=Exactness.COUNTS,
        period=period,
        count=count,
        but_for=MAY_FALL_SILENT,
    )
    return await kept_sum(side, snapshot, question, now=now)


async def together(snapshot: Snapshot, found: KeptSum) -> Together:
    """What the sums, and the log, say of several cases together."""
    total = found.total
    named = {key.officer for key in total if isinstance(key, NamingsOf)}
    return Together(
        bursts=tuple(bursts(_clicks(total))),
        silences=await _silences(snapshot, found.period.period),
        several=several_names(named, snapshot.rules),
        shared=shared_names(named),
        disappeared=await _disappeared(snapshot, found.period.period),
    )


async def concerned(side: QuerySide, snapshot: Snapshot, asked: AskedQuality, found: KeptSum, seen: Together) -> Sums:
    """Which cases each kind is about that shows in several together, and how many were finished in each silence; `seen` is what `found` says.

    Kept for the very bursts, silences, names and codes. Those that are about finished cases alone are kept apart from the others: there is another
    burst more often than another name, and few of the cases that are folded are finished.
    """
    said = conditions_together(seen)
    silences = conditions_of_silences(seen)
    finished = {kind: condition for kind, condition in said.items() if kind in _OF_FINISHED}
    others = {kind: condition for kind, condition in said.items() if kind not in _OF_FINISHED}
    sums = await _concerned(side, snapshot, asked, found, finished, silences=silences, wanted=_is_finished)
    return {**sums, **await _concerned(side, snapshot, asked, found, others, silences=None, wanted=any_case)}


_OF_FINISHED: Final = frozenset({OtherKind.BURST_CLICKING, OtherKind.SYNC_GAP})


def _is_finished(case: FoldedCase) -> bool:
    return case.is_finished


async def _concerned(
    side: QuerySide,
    snapshot: Snapshot,
    asked: AskedQuality,
    found: KeptSum,
    said: Mapping[OtherKind, CaseCondition],
    *,
    silences: CaseCondition | None,
    wanted: Wanted,
) -> Sums:
    if not said:
        return {}

    def period(now: datetime) -> AskedPeriod:
        return asked_period(asked.start, asked.end, as_of=asked.as_of, now=now, zone=snapshot.zone)

    async def count(connection: AsyncConnection, relation: Relation, of: Period) -> Sums:
        sums: dict[Hashable, tuple[int, ...]] = {}
        for one in said.items():
            sums |= dict((await occurrences(connection, relation, of, one, spans)).items())
        if silences is not None:
            sums |= dict((await finished_meanwhile(connection, relation, of, silences, spans)).items())
        return sums

    spans = spans_of(snapshot, found.period.period)
    question = SumOver(
        key=(
            "concerned",
            *(asked.start, asked.end, asked.as_of, spans),
            *((kind, condition.where, condition.values) for kind, condition in said.items()),
        ),
        exactness=Exactness.COUNTS,
        period=period,
        count=count,
        wanted=wanted,
    )
    return (await kept_sum(side, snapshot, question, now=found.now)).total


def begun_at(found: Together, at: datetime, *, officer: str | None, source: str | None) -> Together:
    """Of the bursts and silences those that began then: of the officer of this key, of this source, if one is given."""
    return replace(
        found,
        bursts=tuple(one for one in found.bursts if began_at(one) == at and officer in {None, one.officer}),
        silences={
            of: tuple(silence for silence in silences if silence.last_at == at)
            for of, silences in found.silences.items()
            if source in {None, of}
        },
    )


def _clicks(sums: Sums) -> Iterator[Clicks]:
    for key, values in sums.items():
        if isinstance(key, ClicksOf):
            yield Clicks(officer=key.officer, minute=key.minute, cases=values[0])


async def _silences(snapshot: Snapshot, period: Period) -> dict[str, tuple[Silence, ...]]:
    async with snapshot.arrivals() as connection:
        pauses = await arrival_pauses(
            connection,
            since=period.start,
            until=period.end,
            longer_than_seconds=THRESHOLDS.silence_minutes * 60,
        )
    by_source: dict[str, list[ArrivalPause]] = {}
    for pause in pauses:
        by_source.setdefault(pause.source, []).append(pause)
    told = {source: tuple(_told(found, snapshot, period)) for source, found in by_source.items()}
    return {source: silences for source, silences in told.items() if silences}


async def _disappeared(snapshot: Snapshot, period: Period) -> tuple[str, ...]:
    """Of what is missed by now; where somebody stated an `as_of`, by then: of a month it is seen long after its end."""
    async with snapshot.arrivals() as connection:
        return tuple(await cases_with_disappeared_rows(connection, period.explained_by))


def _told(pauses: Iterable[ArrivalPause], snapshot: Snapshot, period: Period) -> Iterator[Silence]:
    ends = ((pause.last_at, pause.next_at) for pause in pauses)
    return silences_told(ends, snapshot.rules.default_calendar, period.as_of)


def conditions_together(found: Together) -> dict[OtherKind, CaseCondition]:
    """Kind -> which cases it is about; kinds that concern none are left out."""
    said: dict[OtherKind, CaseCondition] = {}
    if found.bursts:
        said[OtherKind.BURST_CLICKING] = of_bursts(found.bursts)
    silences = conditions_of_silences(found)
    if silences is not None:
        said[OtherKind.SYNC_GAP] = silences
    if found.disappeared:
        said[OtherKind.ROW_DISAPPEARED] = conditions.of_codes(found.disappeared)
    if found.several:
        said[OtherKind.SEVERAL_NAMES] = conditions.of_officers(list(found.several))
    if found.shared:
        named = [(officer, unit) for (unit, _), officers in found.shared.items() for officer in officers]
        said[OtherKind.SHARED_NAME] = conditions.of_officers_in_units(
            [officer for officer, _ in named], [unit for _, unit in named]
        )
    return said


def of_bursts(found: Sequence[Burst]) -> CaseCondition:
    """The cases that were completed in the bursts."""
    began = [began_at(burst) for burst in found]
    return conditions.of_clicking([burst.officer for burst in found], began, [ended_at(burst) for burst in found])


def conditions_of_silences(found: Together) -> CaseCondition | None:
    """The cases that were finished while their source was silent; None where none was."""
    pairs = [(source, silence) for source, silences in found.silences.items() for silence in silences]
    if not pairs:
        return None
    return conditions.of_silences(
        [source for source, _ in pairs],
        [silence.last_at for _, silence in pairs],
        [silence.next_at for _, silence in pairs],
    )


def began_at(burst: Burst) -> datetime:
    """The beginning of the minute of the burst's first completion, UTC."""
    return _EPOCH + burst.first_minute * _MINUTE


def ended_at(burst: Burst) -> datetime:
    """The end of the minute of its last one, UTC."""
    return _EPOCH + (burst.last_minute + 1) * _MINUTE
