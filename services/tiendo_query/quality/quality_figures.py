"""The quality of a period's figures: put together by source, unit and month, for all units or a subtree."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import nsmallest
from typing import Final

from tiendo_domain.quality import Burst, QualityVerdict, Silence, verdict_on
from tiendo_query.quality.quality_sums import AskedQuality, Together, concerned, together
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.carried_sums import KeptSum
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.quality import (
    CasesOf,
    ClicksOf,
    DoubtsOf,
    FinishedWhile,
    NamingsOf,
    OccursIn,
    OfGroup,
    SharesOf,
)
from tiendo_read_models.queries.tree_spans import CountedUnits

EXAMPLES_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """How many cases, and the first of them by case id."""

    cases: int
    examples: tuple[str, ...]

    def __add__(self, other: "Occurrences") -> "Occurrences":
        """Of both, which have no case in common."""
        examples = tuple(sorted({*self.examples, *other.examples})[:EXAMPLES_MAX])
        return Occurrences(cases=self.cases + other.cases, examples=examples)


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


async def period_quality(
    side: QuerySide, snapshot: Snapshot, asked: AskedQuality, found: KeptSum, units: CountedUnits | None
) -> PeriodQuality:
    """What the sums say, and which cases it occurs in; `units` restricts it to what these are responsible for."""
    sums = found.total
    seen = await together(snapshot, found)
    across = await concerned(side, snapshot, asked, found, seen)
    groups = _groups(sums, across, units)
    told_by = {group.source for group in groups}
    finished = _finished_meanwhile(across, units)
    named = {
        (key.officer.unit, key.officer.id)
        for key in sums
        if isinstance(key, NamingsOf) and (units is None or units.holds(key.unit_id, key.span))
    }
    ids = {officer for _, officer in named}
    return PeriodQuality(
        groups=groups,
        officers=_officers(sums, units),
        bursts=_bursts(sums, seen, units),
        silences={
            (source, silence): finished[source, silence.last_at]
            for source, silences in seen.silences.items()
            for silence in silences
            if (units is None and snapshot.sight is None) or source in told_by
        },
        several={officer: names for officer, names in seen.several.items() if officer in ids},
        shared={
            (unit, name): officers
            for (unit, name), officers in seen.shared.items()
            if any((unit, officer) in named for officer in officers)
        },
    )


def _officers(sums: Sums, units: CountedUnits | None) -> dict[str, OfficerQuality]:
    officers: dict[str, OfficerQuality] = {}
    for key, values in sums.items():
        if isinstance(key, SharesOf) and (units is None or units.holds(key.unit_id, key.span)):
            one = officers.setdefault(key.officer, OfficerQuality())
            one.minutes, one.doubtful = one.minutes + values[0], one.doubtful + values[1]
        elif isinstance(key, DoubtsOf) and key.officer is not None and _is_of(key.group, units):
            officers.setdefault(key.officer, OfficerQuality()).doubts[key.kind] += values[0]
    return officers


def _bursts(sums: Sums, seen: Together, units: CountedUnits | None) -> dict[Burst, int]:
    """Each burst with cases of the units, with their number."""
    counted: Counter[Burst] = Counter()
    by_officer: dict[str, list[Burst]] = {}
    for burst in seen.bursts:
        by_officer.setdefault(burst.officer, []).append(burst)
    for key, (cases, *_) in sums.items():
        if isinstance(key, ClicksOf) and (units is None or units.holds(key.unit_id, key.span)):
            for burst in by_officer.get(key.officer, ()):
                if burst.first_minute <= key.minute <= burst.last_minute:
                    counted[burst] += cases
    return {burst: counted[burst] for burst in seen.bursts if counted[burst]}


def _groups(sums: Sums, across: Sums, units: CountedUnits | None) -> dict[OfGroup, GroupQuality]:
    """The groups with what the sums say, with what occurs in single cases and in several together."""
    groups: dict[OfGroup, GroupQuality] = {}
    for key, values in sums.items():
        if isinstance(key, CasesOf) and _is_of(key.group, units):
            cases, finished, minutes, doubtful, simulated = values
            _of(groups, key.group).add(
                GroupQuality(cases=cases, finished=finished, minutes=minutes, doubtful=doubtful, simulated=simulated)
            )
        elif isinstance(key, DoubtsOf) and _is_of(key.group, units):
            _of(groups, key.group).doubts[key.kind] += values[0]
    for (group, kind), found in _occurring(sums, across, units).items():
        _of(groups, group).add(GroupQuality(occurring={kind: found}))
    return groups


def _occurring(sums: Sums, across: Sums, units: CountedUnits | None) -> dict[tuple[OfGroup, str], Occurrences]:
    """Group and kind -> the cases that are irregular so."""
    case_ids: dict[tuple[OfGroup, str], list[str]] = {}
    for key in (*sums, *across):
        if isinstance(key, OccursIn) and _is_of(key.group, units):
            case_ids.setdefault((key.group, key.kind), []).append(key.case_id)
    return {
        which: Occurrences(cases=len(found), examples=tuple(nsmallest(EXAMPLES_MAX, found)))
        for which, found in case_ids.items()
    }


def _finished_meanwhile(across: Sums, units: CountedUnits | None) -> Counter[tuple[str, datetime]]:
    """Of each silence, by its source and beginning, the number of cases of the units that were finished meanwhile."""
    counted: Counter[tuple[str, datetime]] = Counter()
    for key, (cases, *_) in across.items():
        if isinstance(key, FinishedWhile) and (units is None or units.holds(key.unit_id, key.span)):
            counted[key.source, key.began_at] += cases
    return counted


def _is_of(group: OfGroup, units: CountedUnits | None) -> bool:
    return units is None or units.holds(group.unit_id, group.span)


def _of(groups: dict[OfGroup, GroupQuality], group: OfGroup) -> GroupQuality:
    """The entry of the group; a unit is told apart by its id, without one by its name."""
    one = replace(group, unit_name=group.unit_name if group.unit_id is None else None, span=0)
    return groups.setdefault(one, GroupQuality())
