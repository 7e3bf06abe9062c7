"""Officers over a period: the ranking, and one officer's delay with the cases behind each figure."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.instants import Instant
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_officers import known_officer, officer_key
from tiendo_query.names.known_units import tree_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_query.sums.carried_sums import SumOver
from tiendo_query.sums.grouped_sums import Sums
from tiendo_query.sums.kept_sums import kept_sum
from tiendo_read_models.queries.cases.relations import Exactness, Relation
from tiendo_read_models.queries.directory import officers_of_several_names
from tiendo_read_models.queries.officers import (
    NO_SUMS,
    NOBODY,
    SHOWN_EARLIER_ALONE,
    OfficerNames,
    OfficerSums,
    cases_behind,
    held_by_officer,
    holds_of,
    latest_names,
    perhaps_held_by_officer,
    sum_officers,
)
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.units import UnitTree


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedOfficer:
    """An officer with totals, named as the directory does at the period's end, else as the latest hold; `key` tells officers apart."""

    key: str
    names: OfficerNames
    sums: OfficerSums

    @property
    def order(self) -> tuple[int, int, int, str, str]:
        """Most attributed minutes first, then most late-entry minutes, then most overrun; then by id and key."""
        sums = self.sums
        minutes = (-sums.attributed_minutes, -sums.late_entry_minutes, -sums.overrun_minutes)
        return (*minutes, self.names.id or "", self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All officers of a period in order, with the instant that it was worked out for."""

    period: AskedPeriod
    now: datetime
    officers: tuple[RankedOfficer, ...]
    tree: UnitTree
    several_names: Mapping[str, tuple[str, ...]]
    """Id -> the names of whoever of them bears several; others may be among them."""
    position: int

    @property
    def simulated(self) -> bool:
        """Whether simulated cases are among those behind the figures."""
        return any(officer.sums.simulated for officer in self.officers)

    def of_units(self, units: Collection[str] | None) -> list[RankedOfficer]:
        """The officers whose unit is one of these, by id; None: all."""
        if units is None:
            return list(self.officers)
        wanted = frozenset(units)
        return [officer for officer in self.officers if officer.names.unit_id in wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfficers:
    """The period of a ranking; `now` is the instant that a cursor has kept."""

    start: date | Instant | None
    end: date | Instant | None
    as_of: Instant | None = None
    now: datetime | None = None


async def ranking(side: QuerySide, snapshot: Snapshot, asked: AskedOfficers) -> Ranking:
    """The ranking of the period."""

    def period(now: datetime) -> AskedPeriod:
        return asked_period(asked.start, asked.end, as_of=asked.as_of, now=now, zone=snapshot.zone)

    question = SumOver(
        key=("ranking", asked.start, asked.end, asked.as_of),
        exactness=Exactness.MINUTES,
        period=period,
        count=_officers,
        by_minutes=True,
        in_part=True,
    )
    found = await kept_sum(side, snapshot, question, now=asked.now or side.now())
    sums = {str(key): OfficerSums.of(numbers) for key, numbers in found.total.items()}
    names = await _names(snapshot, list(sums), found.period.period)
    named = DirectoryNames.of(snapshot)
    officers = [
        RankedOfficer(key=key, names=named.officer(names.get(key, NOBODY), found.period.period), sums=total)
        for key, total in sums.items()
    ]
    return Ranking(
        period=found.period,
        now=found.now,
        officers=tuple(sorted(officers, key=lambda officer: officer.order)),
        tree=await tree_of(snapshot, found.period.period),
        several_names=await _several_names(side, snapshot, officers),
        position=snapshot.reader.position,
    )


async def _several_names(
    side: QuerySide, snapshot: Snapshot, officers: Sequence[RankedOfficer]
) -> Mapping[str, tuple[str, ...]]:
    """Of the officers those who bear several names, by id."""
    reader, rules = snapshot.reader, snapshot.rules
    if side.several_names is not None:
        return await side.several_names.of(reader, rules)
    ids = sorted({one.names.id for one in officers if one.names.id is not None})
    return await officers_of_several_names(reader.connection, reader.build, rules, officer_ids=ids)


async def _officers(connection: AsyncConnection, relation: Relation, period: Period) -> Sums:
    return {key: sums.numbers for key, (sums, _) in (await sum_officers(connection, relation, period)).items()}


async def _names(snapshot: Snapshot, keys: Sequence[str], period: Period) -> dict[str, OfficerNames]:
    """How the officers are shown: as their latest hold names them, or as a hold does that an earlier instant alone shows."""
    connection, build = snapshot.reader.connection, snapshot.reader.build
    names = await latest_names(connection, build, keys, period.as_of)
    if len(names) < len(keys):
        async for relation in snapshot.relations(
            period.as_at, Exactness.MINUTES, where="FALSE", where_folded=SHOWN_EARLIER_ALONE, in_part=True
        ):
            for key, (_, named) in (await sum_officers(connection, relation, period)).items():
                names.setdefault(key, named)
    return names


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerDelay:
    """One officer's totals over a period, with the holds that overlap it and the cases behind the totals."""

    key: str
    names: OfficerNames
    sums: OfficerSums
    several_names: Mapping[str, tuple[str, ...]]
    holds: tuple[Mapping[str, Any], ...]
    cases: tuple[Mapping[str, Any], ...]

    @property
    def simulated(self) -> bool:
        """Whether simulated events are among those behind the figures."""
        return self.sums.simulated > 0 or any(hold["simulated"] for hold in self.holds)


async def officer_sums(snapshot: Snapshot, key: str, period: Period) -> OfficerSums:
    """The totals over the period of the officer whom `key` tells apart, as `party_delay` has them, without what they are made of."""
    sums = NO_SUMS
    async for relation in _held_by(snapshot, key, period):
        for added, _ in (await sum_officers(snapshot.reader.connection, relation, period, officer_key=key)).values():
            sums += added
    return sums


def _held_by(snapshot: Snapshot, key: str, period: Period) -> AsyncIterator[Relation]:
    """The cases that the officer held, as at the period's end."""
    build = snapshot.reader.build
    return snapshot.relations(
        period.as_at,
        Exactness.MINUTES,
        where=held_by_officer(build),
        where_folded=perhaps_held_by_officer(build),
        parameters={"officer_key": key},
        in_part=True,
    )


async def officer_delay(snapshot: Snapshot, officer_id: str, period: Period) -> OfficerDelay:
    """The delay over the period of the officer of this id; raises the refusal of one whom nothing names."""
    return await party_delay(snapshot, officer_key(officer_id, snapshot.rules), period, field="officer_id")


async def party_delay(snapshot: Snapshot, key: str, period: Period, *, field: str = "key") -> OfficerDelay:
    """The delay over the period of the officer whom `key` tells apart; raises the refusal, at `field`, of one whom nothing names."""
    connection, build = snapshot.reader.connection, snapshot.reader.build
    listed_as = await known_officer(snapshot, key, field=field)
    sums, names = NO_SUMS, None
    holds: list[Mapping[str, Any]] = []
    cases: list[Mapping[str, Any]] = []
    async for relation in _held_by(snapshot, key, period):
        for added, named in (await sum_officers(connection, relation, period, officer_key=key)).values():
            sums, names = sums + added, names or named
        holds += await holds_of(connection, relation, period, key)
        cases += await cases_behind(connection, relation, period, key)
    latest = await latest_names(connection, build, [key], period.as_of)
    shown = latest.get(key) or names or replace(NOBODY, id=listed_as)
    officer_ids = [] if shown.id is None else [shown.id]
    return OfficerDelay(
        key=key,
        names=DirectoryNames.of(snapshot).officer(shown, period),
        sums=sums,
        several_names=await officers_of_several_names(connection, build, snapshot.rules, officer_ids=officer_ids),
        holds=tuple(sorted(holds, key=lambda hold: (hold["started_at"], hold["case_id"], hold["ordinal"]))),
        cases=tuple(sorted(cases, key=lambda one: str(one["case_id"]))),
    )
