"""A whole simulation: the plan, the stories in the order of their days, the lines in the order of their delivery."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from tiendo_simulation.case_telling import Order, Surroundings
from tiendo_simulation.conduct import Story
from tiendo_simulation.defects import with_defect
from tiendo_simulation.delivery import EventDelivery
from tiendo_simulation.minute_calendar import DAY, every_minute_calendar, minute_of, office_calendar
from tiendo_simulation.organisation import Group, Office, Party, Province, province
from tiendo_simulation.planned_course import Anchor, CoursePlanner
from tiendo_simulation.presets import Preset, preset
from tiendo_simulation.quotas import OPEN, OVERDUE, RESOLVED, Fate, Quotas, quotas, total
from tiendo_simulation.story_lines import truth_line
from tiendo_simulation.storyteller import story_of
from tiendo_simulation.truth import PartyKey, true_case

_FATES = tuple(Fate)
_BATCH_SHARE = 0.25
_BATCH_FROM = 16 * 60 + 20
_FRIDAY = 4
# How much is finished in a month beside the others: little at Tết, much before the summer.
_MONTHS = {1: 8, 2: 6, 3: 11, 4: 10, 5: 11, 6: 13, 7: 13, 8: 13}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFigures:
    """What a report on the simulated period must show."""

    resolved: int
    resolved_overdue: int
    actual: int
    late_entry: int
    unproven: int
    open: int
    open_overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One case: its story and its line of the ground truth."""

    story: Story
    truth: str


class Simulation:
    """A simulation of one preset, scale and seed; the same three give the same lines to the byte."""

    def __init__(self, name: str, *, scale: float = 1.0, seed: int = 1) -> None:
        self.preset: Preset = preset(name)
        self._seed = seed
        self.province: Province = province(Random(f"{name}/{seed}/officers"))
        self._quotas: Quotas = quotas(self.preset.figures, self.province.offices, scale)
        self._run = hashlib.sha256(f"{name}/{scale!r}/{seed}".encode()).hexdigest()[:4]
        self._office_hours = office_calendar()
        self.as_of = minute_of(self.preset.last_day + timedelta(days=1))
        window = (minute_of(self.preset.first_day), self.as_of)
        self._planner = CoursePlanner(self._office_hours, every_minute_calendar(self._office_hours), window)
        self._around = Surroundings(
            province=self.province, planner=self._planner, office_hours=self._office_hours, as_of=self.as_of
        )

    @property
    def seed(self) -> int:
        """What other cases and officers come of."""
        return self._seed

    @property
    def case_count(self) -> int:
        """How many cases there are."""
        return sum(self._quotas.values())

    def figures(self, group: Group | None = None) -> PlannedFigures:
        """What a report must show of the whole province, or of one kind of responsible units."""
        offices = [office for office in self.province.offices if group in {None, office.group}]

        def count(*fates: Fate) -> int:
            return total(self._quotas, fates, offices)

        return PlannedFigures(
            resolved=count(*RESOLVED),
            resolved_overdue=count(*OVERDUE),
            actual=count(Fate.ACTUAL),
            late_entry=count(Fate.LATE_ENTRY),
            unproven=count(Fate.UNPROVEN),
            open=count(*OPEN),
            open_overdue=count(Fate.OPEN_OVERDUE),
        )

    def cases(self, *, defects: bool = True) -> Iterator[Told]:
        """Every case with its truth, by the day on which it was finished; without `defects` all is told as it happened."""
        names = self._names()
        rng = Random(self._seed)
        for number, order in enumerate(self._orders()):
            rng.seed(self._seed << 32 | number)
            story = story_of(order, self._around, rng)
            truth = None
            if story.conduct is not None:
                calendar = self._planner.calendar(story.procedure)
                truth = true_case(story.conduct, story.fate, calendar, self.as_of)
            story = with_defect(story, rng) if defects else story
            yield Told(story=story, truth=truth_line(story, truth, names))

    def delivery(self) -> EventDelivery:
        """What puts the events in the order of their delivery."""
        return EventDelivery(Random(f"{self._seed}/delivery"))

    def _names(self) -> Mapping[PartyKey, str | None]:
        return {(party.kind, party.id): party.name for party in self._parties()}

    def _parties(self) -> Iterator[Party]:
        for office in self.province.offices:
            for room in (office.counter, *office.rooms):
                yield room.queue
                yield from room.officers
            yield from office.leaders
        for by_district in self.province.consulted.values():
            yield from by_district.values()

    def _orders(self) -> Iterator[Order]:
        """All cases to tell, in a shuffled order along the working days of the period."""
        rng = Random(f"{self._seed}/orders")
        wanted = [
            number * len(_FATES) + index
            for (number, fate), count in self._quotas.items()
            for index in [_FATES.index(fate)]
            for _ in range(count)
        ]
        rng.shuffle(wanted)
        days = self._working_days()
        weights = list(accumulate(_weight(day) for day in days))
        for number, entry in enumerate(wanted):
            office, fate = self.province.offices[entry // len(_FATES)], _FATES[entry % len(_FATES)]
            day = days[bisect_right(weights, weights[-1] * number / len(wanted))]
            yield Order(
                case_number=f"{self._run}{number:06}",
                office=office,
                fate=fate,
                anchor=Anchor(minute=self._anchor(office, fate, day, rng), month=day.month),
            )

    def _working_days(self) -> list[date]:
        length = (self.preset.last_day - self.preset.first_day).days + 1
        days = [self.preset.first_day + timedelta(days=number) for number in range(length)]
        return [day for day in days if self._office_hours.works_on(minute_of(day))]

    def _anchor(self, office: Office, fate: Fate, day: date, rng: Random) -> int:
        """The minute at which the case ends or is clicked: for some in the agency's batch of the late afternoon."""
        if fate in OPEN:
            return self.as_of
        if rng.random() < _BATCH_SHARE:
            return minute_of(day, _BATCH_FROM + office.number * 7 % 38)
        hours, start = self._office_hours, minute_of(day)
        first = hours.coordinate(start)
        return hours.instant(first + int(rng.random() * (hours.coordinate(start + DAY) - first)))


def _weight(day: date) -> int:
    return _MONTHS.get(day.month, 10) * (3 if day.weekday() == _FRIDAY else 2)
