"""The quality of a period's figures: put together by source, unit and month, for all units or a subtree."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tiendo_domain.quality import Burst, QualityVerdict, Silence, verdict_on
from tiendo_query.carried_sums import KeptSum
from tiendo_query.known_units import spans_of
from tiendo_query.quality_sums import Together, conditions_together, of_silences, together
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.quality import (
    CasesOf,
    ClicksOf,
    DoubtsOf,
    NamingsOf,
    Occurrences,
    OfGroup,
    SharesOf,
    finished_meanwhile,
    irregularities,
    occurrences,
)
from tiendo_read_models.queries.relations import Exactness, Relation
from tiendo_read_models.queries.tree_spans import CountedUnits

NO_OCCURRENCES: Final = Occurrences(cases=0, examples=())


@dataclass(slots=True, kw_only=True)
class GroupQuality:
    """What is known of a group of cases; `minutes` are those of attribution in finished cases, `doubts` by kind the doubtful ones."""

    cases: int = 0
    finished: int = 0
    minutes: int = 0
    doubtful: int = 0
    simulated: int = 0
    doubts: Counter[str] = field(default_factory=Counter)
    occurring: dict[str, Occurrences] = field(default_factory=dict)

    @property
    def verdict(self) -> QualityVerdict:
        """How far the figures can be trusted."""
        return verdict_on(self.minutes, self.doubtful)

    @property
    def kinds(self) -> list[str]:
        """The kinds that occur or that minutes rest on, most cases first."""
        return sorted({*self.occurring, *self.doubts}, key=lambda kind: (-self.occurring_as(kind).cases, kind))

    def occurring_as(self, kind: str) -> Occurrences:
        """How often the kind occurs."""
        return self.occurring.get(kind, NO_OCCURRENCES)

    def add(self, other: "GroupQuality") -> None:
        """Take in a group that has no case in common with what is here."""
        for name in ("cases", "finished", "minutes", "doubtful", "simulated"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.doubts.update(other.doubts)
        for kind, found in other.occurring.items():
            self.occurring[kind] = self.occurring_as(kind) + found


@dataclass(slots=True, kw_only=True)
class OfficerQuality:
    """Of the minutes that an officer bears in finished cases those that are doubtful, also by kind."""

    minutes: int = 0
    doubtful: int = 0
    doubts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodQuality:
    """The quality of a period; groups of one unit are one, however its name is written."""

    groups: Mapping[OfGroup, GroupQuality]
    officers: Mapping[str, OfficerQuality]
    bursts: Mapping[Burst, int]
    silences: Mapping[tuple[str, Silence], int]
    several: Mapping[str, tuple[str, ...]]
    shared: Mapping[tuple[str, str], tuple[str, ...]]

    def total(self) -> GroupQuality:
        """All groups together."""
        return _together(self.groups.values())

    def by(self, member: str) -> dict[object, GroupQuality]:
        """The groups that have a member in common together, by it; of `unit` id and, only without an id, name."""
        found: dict[object, list[GroupQuality]] = {}
        for group, quality in self.groups.items():
            key = (group.unit_id, group.unit_name) if member == "unit" else getattr(group, member)
            found.setdefault(key, []).append(quality)
        return {key: _together(found[key]) for key in sorted(found, key=_in_order)}


def _in_order(key: object) -> tuple[str, ...]:
    parts = key if isinstance(key, tuple) else (key,)
    return tuple("\U0010ffff" if part is None else str(part) for part in parts)


def group_order(group: OfGroup) -> tuple[str, str, str, str]:
    """Where the group stands in lists: by source, unit and month; what has none behind."""
    last = "\U0010ffff"
    return group.source, group.unit_id or last, group.unit_name or last, group.month or last


def _together(groups: Iterator[GroupQuality] | Collection[GroupQuality]) -> GroupQuality:
    found = GroupQuality()
    for one in groups:
        found.add(one)
    return found


async def period_quality(snapshot: Snapshot, found: KeptSum, units: CountedUnits | None) -> PeriodQuality:
    """What the sums say, and which cases it occurs in; `units` restricts it to what these are responsible for."""
    seen_together = await together(snapshot, found)
    closer = _Closer(snapshot, found, units, seen_together)
    groups = await closer.groups()
    told_by = {group.source for group in groups}
    concerned = {
        key.officer
        for key in found.total
        if isinstance(key, NamingsOf) and (units is None or units.holds(key.unit_id, key.span))
    }
    ids = {officer.id for officer in concerned}
    in_units = {(officer.unit, officer.id) for officer in concerned}
    return PeriodQuality(
        groups=groups,
        officers=_officers(found, units),
        bursts=_bursts(found, seen_together, units),
        silences={
            (source, silence): closer.finished_meanwhile[source, silence]
            for source, silences in seen_together.silences.items()
            for silence in silences
            if (units is None and snapshot.sight is None) or source in told_by
        },
        several={officer: names for officer, names in seen_together.several.items() if officer in ids},
        shared={
            (unit, name): officers
            for (unit, name), officers in seen_together.shared.items()
            if any((unit, officer) in in_units for officer in officers)
        },
    )


def _officers(found: KeptSum, units: CountedUnits | None) -> dict[str, OfficerQuality]:
    officers: dict[str, OfficerQuality] = {}
    for key, values in found.total.items():
        if isinstance(key, SharesOf) and (units is None or units.holds(key.unit_id, key.span)):
            one = officers.setdefault(key.officer, OfficerQuality())
            one.minutes, one.doubtful = one.minutes + values[0], one.doubtful + values[1]
        elif isinstance(key, DoubtsOf) and key.officer is not None and _is_of(key.group, units):
            officers.setdefault(key.officer, OfficerQuality()).doubts[key.kind] += values[0]
    return officers


def _bursts(found: KeptSum, seen: Together, units: CountedUnits | None) -> dict[Burst, int]:
    """Each burst with cases of the units, with their number."""
    counted: Counter[Burst] = Counter()
    by_officer: dict[str, list[Burst]] = {}
    for burst in seen.bursts:
        by_officer.setdefault(burst.officer, []).append(burst)
    for key, (cases, *_) in found.total.items():
        if isinstance(key, ClicksOf) and (units is None or units.holds(key.unit_id, key.span)):
            for burst in by_officer.get(key.officer, ()):
                if burst.first_minute <= key.minute <= burst.last_minute:
                    counted[burst] += cases
    return {burst: counted[burst] for burst in seen.bursts if counted[burst]}


class _Closer:
    """Looks at the cases behind the sums: how many each kind is about, and which the first of them are."""

    def __init__(self, snapshot: Snapshot, found: KeptSum, units: CountedUnits | None, seen: Together) -> None:
        self._snapshot, self._found, self._units = snapshot, found, units
        self._period = found.period.period
        self._spans = spans_of(snapshot, self._period)
        self._across = conditions_together(seen, self._period)
        self._silences = [(source, silence) for source, silences in seen.silences.items() for silence in silences]
        self.finished_meanwhile: Counter[tuple[str, Silence]] = Counter()
        """Of each silence of a source the number of cases of the units that were finished meanwhile."""

    async def groups(self) -> dict[OfGroup, GroupQuality]:
        """The groups with what the sums say, with what occurs in single cases and in several together."""
        groups: dict[OfGroup, GroupQuality] = {}
        for key, values in self._found.total.items():
            if isinstance(key, CasesOf) and self._is_asked(key.group):
                cases, finished, minutes, doubtful, simulated = values
                _of(groups, key.group).add(
                    GroupQuality(
                        cases=cases, finished=finished, minutes=minutes, doubtful=doubtful, simulated=simulated
                    )
                )
            elif isinstance(key, DoubtsOf) and self._is_asked(key.group):
                _of(groups, key.group).doubts[key.kind] += values[0]
        connection, spans = self._snapshot.reader.connection, self._spans
        async for relation in self._snapshot.relations(self._period.as_at, Exactness.COUNTS, in_part=False):
            alone = await irregularities(connection, relation, self._period, spans)
            for (group, kind), occurring in alone.items():
                self._take(groups, group, kind, occurring)
            for across, condition in self._across.items():
                of_kind = await occurrences(connection, relation, self._period, condition, spans)
                for group, occurring in of_kind.items():
                    self._take(groups, group, across, occurring)
            if self._silences:
                await self._count_finished_meanwhile(relation)
        return groups

    async def _count_finished_meanwhile(self, relation: Relation) -> None:
        condition = of_silences(self._silences, self._period)
        connection = self._snapshot.reader.connection
        counted = await finished_meanwhile(connection, relation, self._period, condition, self._spans)
        for (source, began_at, unit_id, span), cases in counted.items():
            if self._units is None or self._units.holds(unit_id, span):
                silence = next(one for of, one in self._silences if (of, one.last_at) == (source, began_at))
                self.finished_meanwhile[source, silence] += cases

    def _is_asked(self, group: OfGroup) -> bool:
        return _is_of(group, self._units)

    def _take(self, groups: dict[OfGroup, GroupQuality], group: OfGroup, kind: str, occurring: Occurrences) -> None:
        if self._is_asked(group):
            _of(groups, group).add(GroupQuality(occurring={kind: occurring}))


def _is_of(group: OfGroup, units: CountedUnits | None) -> bool:
    return units is None or units.holds(group.unit_id, group.span)


def _of(groups: dict[OfGroup, GroupQuality], group: OfGroup) -> GroupQuality:
    """The entry of the group; a unit is told apart by its id, without one by its name."""
    one = replace(group, unit_name=group.unit_name if group.unit_id is None else None, span=0)
    return groups.setdefault(one, GroupQuality())
