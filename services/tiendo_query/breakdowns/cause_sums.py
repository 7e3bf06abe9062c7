"""The lateness of a period's cases by cause."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tiendo_domain.lateness_causes import BORNE, LatenessCause
from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.lateness_by_cause import CauseFor, count_causes
from tiendo_read_models.queries.tree_spans import CountedUnits


@dataclass(frozen=True, slots=True, kw_only=True)
class CausedMinutes:
    """Cases that have minutes of a cause, and these minutes, after decisions; and the minutes by rule."""

    cause: LatenessCause
    cases: int
    minutes: int
    by_rule_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessCauses:
    """All causes in their order, those without a minute too."""

    causes: tuple[CausedMinutes, ...]

    @property
    def lateness_minutes(self) -> int:
        """The lateness after decisions (rule D4): what somebody bears."""
        return sum(one.minutes for one in self.causes if one.cause in BORNE)

    @property
    def lateness_by_rule_minutes(self) -> int:
        """The lateness without any decision (rule E1)."""
        return sum(one.by_rule_minutes for one in self.causes if one.cause in BORNE)

    @property
    def all_minutes(self) -> int:
        """Everything that the clocks show as late, what was only recorded late too."""
        return sum(one.minutes for one in self.causes)


async def cause_sums(side: QuerySide, snapshot: Snapshot, asked: AskedTime) -> Sums:
    """The sums of `count_causes` over the period, of all units and procedures."""
    return (await summed(side, snapshot, asked, "causes", count_causes)).total


def lateness_causes(sums: Sums, *, units: CountedUnits | None = None, procedure: str | None = None) -> LatenessCauses:
    """Of the sums those of the responsible `units` and of the `procedure`; None: of all."""
    found: dict[LatenessCause, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, numbers in sums.items():
        if (
            isinstance(key, CauseFor)
            and (units is None or units.holds(key.unit_id, key.span))
            and (procedure is None or key.procedure_id == procedure)
        ):
            found[key.cause] = [one + more for one, more in zip(found[key.cause], numbers, strict=True)]
    return LatenessCauses(causes=tuple(_caused(cause, found[cause]) for cause in LatenessCause))


def _caused(cause: LatenessCause, numbers: Sequence[int]) -> CausedMinutes:
    cases, minutes, by_rule = numbers
    return CausedMinutes(cause=cause, cases=cases, minutes=minutes, by_rule_minutes=by_rule)
