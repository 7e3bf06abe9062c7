"""The bar at the head of a page: which period, unit, instant, basis and policy it shows, and what else may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from tiendo_contracts.problem_kinds import Words
from tiendo_query.pages.looking import Own


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
    """A unit to choose; `label` is its path from above."""

    id: str
    label: str


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
    own: Mapping[str, Own] = field(default_factory=dict)

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


def _month(day: date) -> PeriodPreset:
    start = day.replace(day=1)
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    words = Words(vi=f"Tháng {day.month}/{day.year}", en=f"{day.month:02}/{day.year}")
    return PeriodPreset(words=words, start=start, end=end)
