"""Which tree of units a case belongs to: that of the day of its finish, and an open one that of the period's end (CONTRACT, directory).

A *span* is a run of local days on which the tree stays the same; spans are numbered from 0, the one before the first change.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSpans:
    """The local `days`, of `zone`, on which the tree changes, rising; `last` is the span of open cases."""

    days: tuple[date, ...]
    zone: str
    last: int

    @classmethod
    def up_to(cls, last_moment: datetime, *, days: tuple[date, ...], zone: ZoneInfo) -> "TreeSpans":
        """The spans for a period whose last moment is `last_moment`."""
        return cls(days=days, zone=zone.key, last=bisect_right(days, last_moment.astimezone(zone).date()))

    @property
    def of_case(self) -> str:
        """The SQL of the span of a case `c`."""
        if not self.days:
            return "0"
        finished_on = "(c.finished_at AT TIME ZONE CAST(:tree_zone AS text))::date"
        finished_in = f"width_bucket({finished_on}, CAST(:tree_days AS date[]))"
        return f"CASE WHEN c.finished_at IS NULL THEN CAST(:tree_last AS integer) ELSE {finished_in} END"

    @property
    def parameters(self) -> Mapping[str, object]:
        """The values of the parameters that `of_case` names."""
        if not self.days:
            return {}
        return {"tree_days": list(self.days), "tree_zone": self.zone, "tree_last": self.last}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedUnits:
    """The ids of a unit and of all below it, sorted, in each span."""

    spans: TreeSpans
    by_span: tuple[tuple[str, ...], ...]
    _sets: tuple[frozenset[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note the units of each span to be looked up: sums are asked for each of their keys."""
        object.__setattr__(self, "_sets", tuple(map(frozenset, self.by_span)))

    @property
    def ever(self) -> list[str]:
        """The units that belong to it in any span, sorted."""
        return sorted(set().union(*self.by_span))

    def at_the_end(self) -> tuple[str, ...]:
        """The units that belong to it at the period's end."""
        return self.by_span[self.spans.last]

    def holds(self, unit_id: str | None, span: int) -> bool:
        """Whether a case of the unit belongs to it in that span."""
        return unit_id in self._sets[span]

    @property
    def _moves(self) -> bool:
        return len(set(self.by_span)) > 1

    @property
    def has_case(self) -> str:
        """The SQL of whether a case `c` belongs to it."""
        return self.has("c.unit_id")

    @property
    def parameters(self) -> Mapping[str, object]:
        """The values of the parameters that `has_case` names."""
        return self.parameters_of()

    def has(self, unit_id: str, *, name: str = "units") -> str:
        """The SQL of whether the unit of the column belongs to it by the tree of a case `c`; `name` begins the names of the parameters."""
        ever = f"{unit_id} = ANY(CAST(:{name} AS text[]))"
        if not self._moves:
            return ever
        then = f"SELECT * FROM unnest(CAST(:{name}_spans AS integer[]), CAST(:{name}_then AS text[]))"
        return f"({ever} AND ({self.spans.of_case}, {unit_id}) IN ({then}))"

    def parameters_of(self, name: str = "units") -> Mapping[str, object]:
        """The values of the parameters that `has` names."""
        if not self._moves:
            return {name: self.ever}
        pairs = [(span, unit) for span, units in enumerate(self.by_span) for unit in units]
        then = {f"{name}_spans": [span for span, _ in pairs], f"{name}_then": [unit for _, unit in pairs]}
        return {name: self.ever, **then, **self.spans.parameters}
