"""The bar at the head of a page: which period, unit, instant, basis and policy it shows, and what else may be chosen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.looking import Own, text_of
from tiendo_read_models.queries.units import UnitTree

UNITS_MAX: Final = 300


class Choice(StrEnum):
    """What can be chosen in the bar."""

    PERIOD = "period"
    UNIT = "unit"
    AS_OF = "as-of"
    BASIS = "basis"
    POLICY = "policy"


LISTS_ANSWER = frozenset({Choice.PERIOD, Choice.UNIT, Choice.AS_OF})
"""What lists and totals answer; basis and policy are had of single cases, and in the report of the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPreset:
    """A period to choose with one click, both days inclusive."""

    words: Words
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChoice:
    """A unit to choose; `depth` is how far below the highest it lies."""

    id: str
    label: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceBar:
    """What the page shows, and what may be chosen on it.

    `start` and `end` are the local dates shown, None where the page is about all time. `own` is what the page asks besides: the form keeps it.
    """

    answers: frozenset[Choice]
    start: date | None = None
    end: date | None = None
    presets: Sequence[PeriodPreset] = ()
    unit_path: str | None = None
    units: Sequence[UnitChoice] = ()
    offset: str = "+07:00"
    """Of the zone that local clocks are meant in, by which the form gives an instant."""
    as_of: str | None = None
    """The instant that is shown where the page is looked at as of it, though the period implies it."""
    own: Mapping[str, Own] = field(default_factory=dict)

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """What the page asks besides, as a form keeps it."""
        return ((name, text_of(value)) for name, value in self.own.items() if value is not None)

    def offers(self, choice: str) -> bool:
        """Whether the page answers that choice."""
        return Choice(choice) in self.answers

    def shows(self, preset: PeriodPreset) -> bool:
        """Whether this is the period that is shown."""
        return (preset.start, preset.end) == (self.start, self.end)


def presets_at(day: date, named: Sequence[PeriodPreset] = ()) -> Sequence[PeriodPreset]:
    """The month of the day and the one before, its quarter, its year, and the periods that have a name of their own."""
    month = _month(day)
    before = _month(month.start - timedelta(days=1))
    first_of_quarter = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    number = (day.month - 1) // 3
    quarter = PeriodPreset(
        words=Words(vi=f"Quý {('I', 'II', 'III', 'IV')[number]}/{day.year}", en=f"Q{number + 1} {day.year}"),
        start=first_of_quarter,
        end=_month(first_of_quarter + timedelta(days=65)).end,
    )
    year = PeriodPreset(
        words=Words(vi=f"Năm {day.year}", en=f"Year {day.year}"), start=date(day.year, 1, 1), end=date(day.year, 12, 31)
    )
    return (month, before, quarter, year, *named)


def offset_of(instant: str) -> str:
    """The offset with which an instant is written: `+07:00`."""
    return instant[-len("+07:00") :] if instant[-len("+07:00")] in "+-" else "+00:00"


def named_periods(setting: str) -> Iterator[PeriodPreset]:
    """The periods that the operator has named (TIENDO_PERIODS)."""
    for entry in filter(None, (one.strip() for one in setting.split(";"))):
        name, _, days = entry.rpartition("=")
        start, _, end = days.partition("/")
        words = Words(vi=name.strip(), en=name.strip())
        yield PeriodPreset(words=words, start=date.fromisoformat(start), end=date.fromisoformat(end))


def units_of(tree: UnitTree, chosen: str | None = None) -> Sequence[UnitChoice]:
    """The units of the tree below one another: as many levels from above as make at most `UNITS_MAX`, and the one that is chosen."""
    tops = sorted(unit for unit, node in tree.nodes.items() if node.parent is None or node.parent not in tree.nodes)
    seen: set[str] = set()
    found = [choice for top in tops for choice in _below(tree, top, 0, seen)]
    depth = max((one.depth for one in found), default=0)
    while depth > 0 and sum(one.depth <= depth for one in found) > UNITS_MAX:
        depth -= 1
    return [one for one in found if one.depth <= depth or one.id == chosen] if len(found) > 1 else ()


def _below(tree: UnitTree, unit: str, depth: int, seen: set[str]) -> Iterator[UnitChoice]:
    if unit in seen:
        return
    seen.add(unit)
    yield UnitChoice(id=unit, label=tree.nodes[unit].name or unit, depth=depth)
    for child in tree.children.get(unit, ()):
        yield from _below(tree, child, depth + 1, seen)


def _month(day: date) -> PeriodPreset:
    start = day.replace(day=1)
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    words = Words(vi=f"Tháng {day.month}/{day.year}", en=f"{day.month:02}/{day.year}")
    return PeriodPreset(words=words, start=start, end=end)
