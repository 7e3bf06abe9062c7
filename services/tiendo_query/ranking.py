"""Officers over a period: the ranking, and one officer's delay with the cases behind each figure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tiendo_domain.instants import Instant
from tiendo_query.known_officers import known_officer
from tiendo_query.periods import AskedPeriod, asked_period
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.officers import (
    NO_SUMS,
    OfficerKey,
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
from tiendo_read_models.queries.relations import Exactness
from tiendo_read_models.queries.units import UnitTree, unit_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedOfficer:
    """An officer with totals and the names of the latest hold."""

    key: OfficerKey
    names: OfficerNames
    sums: OfficerSums

    @property
    def order(self) -> tuple[int, int, int, OfficerKey]:
        """Most attributed minutes first, then most late-entry minutes, then most overrun; then by id and name."""
        sums = self.sums
        return (-sums.attributed_minutes, -sums.late_entry_minutes, -sums.overrun_minutes, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All officers of a period in order, with the instant that it was worked out for."""

    period: AskedPeriod
    now: datetime
    officers: tuple[RankedOfficer, ...]
    tree: UnitTree
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
    """The ranking of the period, remembered while nothing happens."""

    async def work_out() -> Ranking:
        return await _ranking(side, snapshot, asked)

    found = await side.remembered(("ranking", asked), snapshot, work_out)
    if asked.now is None:
        # The pages that follow ask for the very instant of this one.
        pinned = AskedOfficers(start=asked.start, end=asked.end, as_of=asked.as_of, now=found.now)

        async def the_same() -> Ranking:
            return found

        await side.remembered(("ranking", pinned), snapshot, the_same)
    return found


async def _ranking(side: QuerySide, snapshot: Snapshot, asked: AskedOfficers) -> Ranking:
    now = asked.now or side.now()
    period = asked_period(asked.start, asked.end, as_of=asked.as_of, now=now, zone=snapshot.zone)
    connection, build = snapshot.reader.connection, snapshot.reader.build
    sums: dict[OfficerKey, tuple[OfficerSums, OfficerNames]] = {}
    async for relation in snapshot.relations(period.period.as_of, Exactness.MINUTES):
        for key, (added, names) in (await sum_officers(connection, relation, period.period)).items():
            before = sums.get(key)
            sums[key] = (added, names) if before is None else (before[0] + added, before[1])
    latest = await latest_names(connection, build, [key.id for key in sums if key.id], period.period.as_of)
    officers = (
        RankedOfficer(key=key, names=latest.get(key.id, names), sums=total) for key, (total, names) in sums.items()
    )
    return Ranking(
        period=period,
        now=now,
        officers=tuple(sorted(officers, key=lambda officer: officer.order)),
        tree=await unit_tree(connection, build, snapshot.rules),
        position=snapshot.reader.position,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerDelay:
    """One officer's totals over a period, with the holds that overlap it and the cases behind the totals."""

    names: OfficerNames
    sums: OfficerSums
    holds: tuple[Mapping[str, Any], ...]
    cases: tuple[Mapping[str, Any], ...]

    @property
    def simulated(self) -> bool:
        """Whether simulated events are among those behind the figures."""
        return self.sums.simulated or any(hold["simulated"] for hold in self.holds)


async def officer_delay(snapshot: Snapshot, officer_id: str, period: Period) -> OfficerDelay:
    """The officer's delay over the period; raises the refusal of an officer whom nothing names."""
    connection, build = snapshot.reader.connection, snapshot.reader.build
    await known_officer(snapshot, officer_id, field="officer_id")
    sums, names = NO_SUMS, None
    holds: list[Mapping[str, Any]] = []
    cases: list[Mapping[str, Any]] = []
    async for relation in snapshot.relations(
        period.as_of,
        Exactness.MINUTES,
        where=held_by_officer(build),
        where_folded=perhaps_held_by_officer(build),
        parameters={"officer_id": officer_id},
    ):
        for added, shown in (await sum_officers(connection, relation, period, officer_id=officer_id)).values():
            sums, names = sums + added, names or shown
        holds += await holds_of(connection, relation, period, officer_id)
        cases += await cases_behind(connection, relation, period, officer_id)
    latest = await latest_names(connection, build, [officer_id], period.as_of)
    nobody = OfficerNames(name=None, position=None, unit_id=None, unit_name=None)
    return OfficerDelay(
        names=latest.get(officer_id) or names or nobody,
        sums=sums,
        holds=tuple(sorted(holds, key=lambda hold: (hold["started_at"], hold["case_id"], hold["ordinal"]))),
        cases=tuple(sorted(cases, key=lambda one: str(one["case_id"]))),
    )
