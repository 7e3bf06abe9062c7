"""Difficulties summed up: the reasons by unit, procedure, step or month, each with what its cases are found by.

Minutes are added within one reason alone: who gives two reasons for one lateness bears it once.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from tiendo_query.breakdowns.given_reasons import GivenReason
from tiendo_read_models.queries.difficulties import DIFFICULTY_COUNTS, DifficultyFor, Unnamed


class GroupedBy(StrEnum):
    """What reasons are told by."""

    REASON = "reason"
    UNIT = "unit"
    PROCEDURE = "procedure"
    STEP = "step"
    MONTH = "month"


_MEMBERS: Final[Mapping[GroupedBy, Collection[str]]] = {
    GroupedBy.REASON: (),
    GroupedBy.UNIT: ("unit_id", "unit_name"),
    GroupedBy.PROCEDURE: ("procedure_id", "procedure_name"),
    GroupedBy.STEP: ("procedure_id", "procedure_name", "step_id", "step_name"),
    GroupedBy.MONTH: ("month",),
}
_EMPTY: Final = DifficultyFor(
    month="",
    reason="",
    unit_id=None,
    unit_name=None,
    span=0,
    procedure_id=None,
    procedure_name=None,
    step_id=None,
    step_name=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGroup:
    """A reason in the cases of one unit, procedure, step or month, with its counts by the names of `DIFFICULTY_COUNTS`.

    Members of `of` by which it is not told are empty.
    """

    by: GroupedBy
    of: DifficultyFor
    counts: Mapping[str, int]

    @property
    def cases(self) -> Mapping[str, object]:
        """What the list of its cases is asked."""
        return cases_of(self.of, self.by)


def grouped(reasons: Sequence[GivenReason], by: GroupedBy) -> list[ReasonGroup]:
    """The reasons told by that alone, those most often given first within the groups, and the groups in the order of what they hold."""
    found: dict[Hashable, tuple[DifficultyFor, list[int]]] = {}
    for one in reasons:
        of = replace(_EMPTY, reason=one.of.reason, **{name: getattr(one.of, name) for name in _MEMBERS[by]})
        counts = [one.counts[name] for name in DIFFICULTY_COUNTS]
        was, sums = found.get(_key(of), (of, [0] * len(counts)))
        found[_key(of)] = _greatest_names(was, of), [*map(int.__add__, sums, counts)]
    groups = [
        ReasonGroup(by=by, of=of, counts=dict(zip(DIFFICULTY_COUNTS, counts, strict=True)))
        for of, counts in found.values()
    ]
    held: dict[Hashable, int] = defaultdict(int)
    for group in groups:
        held[_place(group.of)] += group.counts["explanations"]
    order: Callable[[ReasonGroup], tuple[object, ...]] = lambda one: (  # noqa: E731 - the order of one list
        one.of.month,
        -held[_place(one.of)],
        _place(one.of),
        -one.counts["explanations"],
        one.of.reason,
    )
    return sorted(groups, key=order)


def cases_of(of: DifficultyFor, by: GroupedBy | None = None) -> Mapping[str, object]:
    """What the list of the cases behind a reason is asked; `by` says by what else it is told, None: by everything."""
    told = set(_MEMBERS[by]) if by is not None else {name for names in _MEMBERS.values() for name in names}
    asked: dict[str, object] = {"explained_reason": of.reason}
    without = []
    if "unit_id" in told:
        asked["explained_unit"] = of.unit_id if of.unit_id is not None else of.unit_name
        without += [Unnamed.UNIT] if asked["explained_unit"] is None else []
    if "procedure_id" in told:
        asked["procedure"] = of.procedure_id
        without += [Unnamed.PROCEDURE] if of.procedure_id is None else []
    if "step_id" in told:
        asked["explained_step"] = of.step_id
        without += [Unnamed.STEP] if of.step_id is None else []
    if "month" in told:
        asked["month"] = of.month
    return {**asked, "explained_without": ",".join(without) or None}


def _key(of: DifficultyFor) -> Hashable:
    return (of.reason, *_place(of))


def _place(of: DifficultyFor) -> tuple[str, ...]:
    """What is held together: units, procedures and steps are told by their ids, a unit without one by its name."""
    unit = of.unit_id if of.unit_id is not None else of.unit_name
    return (of.month, unit or "", of.procedure_id or "", of.step_id or "")


def _greatest_names(one: DifficultyFor, other: DifficultyFor) -> DifficultyFor:
    """Of several names of one thing the greatest by code point, so that no order of counting decides."""
    return replace(
        one,
        unit_name=_greatest(one.unit_name, other.unit_name),
        procedure_name=_greatest(one.procedure_name, other.procedure_name),
        step_name=_greatest(one.step_name, other.step_name),
    )


def _greatest(one: str | None, other: str | None) -> str | None:
    return max(one or "", other or "") or None
