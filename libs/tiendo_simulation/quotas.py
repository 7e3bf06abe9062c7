"""How many cases of which fate each responsible unit has: planned exactly at every scale, never left to luck."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tiendo_simulation.errors import ScaleOutOfRange
from tiendo_simulation.organisation import Group, Office

SCALE_MIN, SCALE_MAX = 0.0005, 20.0


class Fate(StrEnum):
    """How a case ends, or stands at the end of the reporting day."""

    ON_TIME = "on-time"
    ACTUAL = "actual"
    LATE_ENTRY = "late-entry"
    UNPROVEN = "unproven"
    OPEN_IN_TIME = "open-in-time"
    OPEN_OVERDUE = "open-overdue"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    SUBMITTED = "submitted"


OVERDUE = (Fate.ACTUAL, Fate.LATE_ENTRY, Fate.UNPROVEN)
RESOLVED = (Fate.ON_TIME, *OVERDUE)
OPEN = (Fate.OPEN_IN_TIME, Fate.OPEN_OVERDUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """The figures of one kind of responsible units at scale 1."""

    resolved: int
    overdue: int
    open_in_time: int
    open_overdue: int
    withdrawn: int
    declined: int
    submitted: int


Figures = Mapping[Group, GroupFigures]
Quotas = dict[tuple[int, Fate], int]

# Of the overdue ones: late indeed, finished in time but clicked late with proof, and the same without proof.
_OVERDUE_WEIGHTS = {Fate.ACTUAL: 72, Fate.LATE_ENTRY: 10, Fate.UNPROVEN: 18}


def quotas(figures: Figures, offices: Sequence[Office], scale: float) -> Quotas:
    """How many cases of each fate each office (by number) has; totals are the rounded proportions of `figures`.

    First the totals of all groups and those of the first group are rounded, so that both come out exactly; the others share what is left.
    """
    if not SCALE_MIN <= scale <= SCALE_MAX:
        raise ScaleOutOfRange(scale, SCALE_MIN, SCALE_MAX)
    planned: Quotas = {}
    scaled = {
        name: _scaled({group: getattr(entry, name) for group, entry in figures.items()}, scale)
        for name in GroupFigures.__slots__
    }
    for group in figures:
        members = [office for office in offices if office.group is group]
        overdue = scaled["overdue"][group]
        classes = divided(overdue, list(_OVERDUE_WEIGHTS.values()))
        wanted = {
            Fate.ON_TIME: scaled["resolved"][group] - overdue,
            **dict(zip(_OVERDUE_WEIGHTS, classes, strict=True)),
            Fate.OPEN_IN_TIME: scaled["open_in_time"][group],
            Fate.OPEN_OVERDUE: scaled["open_overdue"][group],
            Fate.WITHDRAWN: scaled["withdrawn"][group],
            Fate.DECLINED: scaled["declined"][group],
            Fate.SUBMITTED: scaled["submitted"][group],
        }
        for fate, count in wanted.items():
            shares = divided(count, [office.weight for office in members])
            planned.update({(office.number, fate): share for office, share in zip(members, shares, strict=True)})
    return planned


def total(planned: Quotas, fates: Iterable[Fate], offices: Iterable[Office]) -> int:
    """How many cases of `fates` the plan has in `offices`."""
    numbers = {office.number for office in offices}
    wanted = frozenset(fates)
    return sum(count for (number, fate), count in planned.items() if number in numbers and fate in wanted)


def divided(count: int, weights: Sequence[int]) -> list[int]:
    """`count` divided in proportion to `weights`, by the largest remainders; of equal ones the first."""
    whole = sum(weights)
    shares = [count * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda index: (-(count * weights[index] % whole), index))
    for index in remainders[: count - sum(shares)]:
        shares[index] += 1
    return shares


def _scaled(counts: Mapping[Group, int], scale: float) -> dict[Group, int]:
    first, *others = counts
    fixed = _rounded(counts[first] * scale)
    rest = _rounded(sum(counts.values()) * scale) - fixed
    shares = divided(max(rest, 0), [counts[group] for group in others])
    return {first: fixed, **dict(zip(others, shares, strict=True))}


def _rounded(number: float) -> int:
    return int(number + 0.5)
