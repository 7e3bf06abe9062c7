"""An officer's own holds: as lanes over time, and what they say of each case."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tiendo_contracts.explanation import minutes_in_words
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.calendar import WorkingCalendar
from tiendo_query.figures.ranking import OfficerDelay
from tiendo_query.pages.charts import Chart, LaneSpan, TimeLane, TimeMark, time_lanes
from tiendo_query.pages.charts.drawing import Shown
from tiendo_query.pages.showing import NOTHING, Said, day, moment
from tiendo_read_models.queries.peers import StepOfProcedure

Hold = Mapping[str, Any]
LANES_SHOWN: Final = 12
HOLDS_IN_TABLE: Final = 100
MARKS_MAX: Final = 8
_NO_STEP: Final = Words(vi="không nêu bước", en="no step named")
_KINDS: Final = (
    ("series-1", Words(vi="trong thời hạn bước", en="within the allotment")),
    ("series-6", Words(vi="vượt thời hạn bước", en="over the allotment")),
)
_HEADS: Final = (
    Words(vi="Hồ sơ", en="Case"),
    Words(vi="Bước", en="Step"),
    Words(vi="Từ", en="From"),
    Words(vi="Đến", en="To"),
    Words(vi="Phút làm việc", en="Working minutes"),
    Words(vi="Phút vượt", en="Overrun"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOfACase:
    """In which steps and when the officer held a case."""

    steps: Sequence[Said]
    began_at: datetime
    first: str
    last: str
    minutes: int


def courses_of_cases(holds: Sequence[Hold]) -> dict[str, CourseOfACase]:
    """Case id -> the officer's course in it; `holds` are in the order of time."""
    by_case: dict[str, list[Hold]] = defaultdict(list)
    for hold in holds:
        by_case[hold["case_id"]].append(hold)
    return {case_id: _course(found) for case_id, found in by_case.items()}


def _course(holds: Sequence[Hold]) -> CourseOfACase:
    return CourseOfACase(
        steps=list(dict.fromkeys(step_of_hold(hold) for hold in holds)),
        began_at=holds[0]["started_at"],
        first=moment(holds[0]["started_text"]),
        last=moment(holds[-1]["ended_text"]),
        minutes=sum(hold["working_minutes"] for hold in holds),
    )


def steps_held(delay: OfficerDelay) -> dict[StepOfProcedure, Said]:
    """The steps of procedures in which the officer held a case, each with its name."""
    procedures = {one["case_id"]: one["procedure_id"] for one in delay.cases}
    found = dict[StepOfProcedure, Said]()
    for hold in delay.holds:
        procedure, step = procedures.get(hold["case_id"]), hold["step_id"] or hold["step_name"]
        if procedure is not None and step is not None:
            found[StepOfProcedure(procedure_id=procedure, step=step)] = step_of_hold(hold)
    return found


def step_of_hold(hold: Hold) -> Said:
    """What the step is called."""
    return hold["step_name"] or hold["step_id"] or _NO_STEP


def holds_chart(holds: Sequence[Hold], calendar: WorkingCalendar, end: datetime, days: tuple[date, date]) -> Chart:
    """A lane for each step, on working time; what of a hold is over the allotment stands at its end. Open holds run to `end`."""
    by_step: dict[Said, list[Hold]] = defaultdict(list)
    for hold in holds:
        by_step[step_of_hold(hold)].append(hold)
    steps = sorted(by_step, key=lambda step: -sum(hold["working_minutes"] for hold in by_step[step]))[:LANES_SHOWN]
    lanes = [
        TimeLane(words=step, spans=[span for hold in by_step[step] for span in _spans(hold, calendar, end)])
        for step in steps
    ]
    return time_lanes(
        "holds",
        Words(vi="Các lần giữ hồ sơ, trên trục thời gian làm việc", en="Holds, on an axis of working time"),
        lanes,
        list(_marks(calendar, days)) if lanes else [],
        _KINDS,
        heads=_HEADS,
        rows=[_row(hold) for hold in holds[:HOLDS_IN_TABLE]],
        note=Words(
            vi=f"Bảng ghi {min(len(holds), HOLDS_IN_TABLE)} trên {len(holds)} lần giữ.",
            en=f"The table has {min(len(holds), HOLDS_IN_TABLE)} of {len(holds)} holds.",
        ),
    )


def _spans(hold: Hold, calendar: WorkingCalendar, end: datetime) -> Iterator[LaneSpan]:
    begin, until = calendar.coordinate(hold["started_at"]), calendar.coordinate(hold["ended_at"] or end)
    within = max(begin, until - (hold["overrun_minutes"] or 0))
    spent = minutes_in_words(hold["working_minutes"])
    title = Words(vi=f"{hold['case_id']}: {spent.vi}", en=f"{hold['case_id']}: {spent.en}")
    if within > begin or until == begin:
        yield LaneSpan(start=begin, end=within, title=title)
    if until > within:
        yield LaneSpan(start=within, end=until, kind=1, title=title)


def _marks(calendar: WorkingCalendar, days: tuple[date, date]) -> Iterator[TimeMark]:
    """Some days of the period, evenly spread."""
    first, last = days
    zone: ZoneInfo = calendar.zone
    step = max(1, ((last - first).days + 1) // MARKS_MAX)
    for number in range(0, (last - first).days + 1, step):
        on = first + timedelta(days=number)
        yield TimeMark(at=calendar.coordinate(datetime.combine(on, time(), zone)), words=day(on)[:5])


def _row(hold: Hold) -> list[Shown]:
    overrun = hold["overrun_minutes"]
    return [
        hold["case_id"],
        step_of_hold(hold),
        moment(hold["started_text"]),
        moment(hold["ended_text"]),
        hold["working_minutes"],
        NOTHING if overrun is None else overrun,
    ]
