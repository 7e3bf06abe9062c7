"""A case's timeline as a picture: holds on a working-time axis, due instants, overrun in colour. Pure geometry; the template draws it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tiendo_contracts.explanation import minutes_in_words, moment_in_words
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import CaseTimeline, Hold, Party

WIDTH = 1120
LABEL_WIDTH = 260
LANE_HEIGHT = 38
HEAD_HEIGHT = 44
FOOT_HEIGHT = 30
MARGIN = 16
TICKS_MAX = 12
DAYS_MAX = 4_000
BAR_WIDTH_MIN = 2.0

PartyLabel = Callable[[Party], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One hold: [x, x + width), of which the last `over_width` lies beyond the allotment."""

    x: float
    width: float
    over_width: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One party with all its holds."""

    y: int
    label: str
    detail: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment on the axis: a day, or a due instant (`kind` stated or judged)."""

    x: float
    label: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that the template draws, in the picture's own units."""

    width: int
    height: int
    axis_y: int
    lanes: Sequence[Lane]
    days: Sequence[Mark]
    dues: Sequence[Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From instants to places: working minutes since the first hold, over the width that the labels leave."""

    timeline: CaseTimeline
    first: int
    last: int

    def x(self, at: datetime) -> float:
        share = (self.timeline.calendar.coordinate(at) - self.first) / max(1, self.last - self.first)
        return round(LABEL_WIDTH + share * (WIDTH - LABEL_WIDTH - MARGIN), 1)

    def width(self, minutes: int) -> float:
        return round(minutes / max(1, self.last - self.first) * (WIDTH - LABEL_WIDTH - MARGIN), 1)


def picture_of(timeline: CaseTimeline, label: PartyLabel, detail: PartyLabel) -> Picture | None:
    """The picture of the timeline, None while nobody has held the case; `label` and `detail` say how a party is shown."""
    if not timeline.holds:
        return None
    began_at, ended_at = timeline.holds[0].started_at.at, _end(timeline)
    shown_dues = [due for due in (timeline.due_at, timeline.judged_due_at) if due is not None]
    begin = min([began_at, *(due.at for due in shown_dues)])
    end = max([ended_at, *(due.at for due in shown_dues)])
    coordinate = timeline.calendar.coordinate
    scale = _Scale(timeline=timeline, first=coordinate(begin), last=coordinate(end))
    lanes = list(_lanes(timeline, scale, label, detail))
    axis_y = HEAD_HEIGHT + len(lanes) * LANE_HEIGHT
    return Picture(
        width=WIDTH,
        height=axis_y + FOOT_HEIGHT,
        axis_y=axis_y,
        lanes=lanes,
        days=list(_days(scale, begin, end)),
        dues=list(_dues(timeline, scale)),
    )


def _end(timeline: CaseTimeline) -> datetime:
    ended_at = timeline.holds[-1].ended_at
    return timeline.as_of if ended_at is None else ended_at.at


def _lanes(timeline: CaseTimeline, scale: _Scale, label: PartyLabel, detail: PartyLabel) -> Iterator[Lane]:
    parties: dict[str, list[Hold]] = {}
    for hold in timeline.holds:
        parties.setdefault(hold.party.key, []).append(hold)
    for number, holds in enumerate(parties.values()):
        yield Lane(
            y=HEAD_HEIGHT + number * LANE_HEIGHT,
            label=label(holds[-1].party),
            detail=detail(holds[-1].party),
            bars=[_bar(timeline, scale, hold) for hold in holds],
        )


def _bar(timeline: CaseTimeline, scale: _Scale, hold: Hold) -> Bar:
    over = 0 if hold.paused else min(hold.overrun_minutes or 0, hold.working_minutes)
    return Bar(
        x=scale.x(hold.started_at.at),
        width=max(BAR_WIDTH_MIN, scale.width(hold.working_minutes)),
        over_width=scale.width(over),
        kind="paused" if hold.paused else hold.party.kind.value,
        title=_title(timeline, hold),
    )


def _title(timeline: CaseTimeline, hold: Hold) -> str:
    ended_at = hold.ended_at or Instant(timeline.as_of.astimezone(timeline.calendar.zone), "")
    parts = [f"{moment_in_words(hold.started_at)} – {moment_in_words(ended_at)}"]
    if hold.step is not None:
        parts.append(hold.step.name or hold.step.id)
    parts.append(minutes_in_words(hold.working_minutes).vi)
    if hold.overrun_minutes:
        parts.append(f"vượt {minutes_in_words(hold.overrun_minutes).vi}")
    return " · ".join(parts)


def _days(scale: _Scale, begin: datetime, end: datetime) -> Iterator[Mark]:
    """Working days along the axis, at most TICKS_MAX of them."""
    calendar = scale.timeline.calendar
    first, last = begin.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    days = [day for day in _dates(first, min(last, first + timedelta(days=DAYS_MAX))) if calendar.is_working_day(day)]
    every = -(-len(days) // TICKS_MAX) or 1
    for day in days[::every]:
        at = max(begin, datetime.combine(day, time(), calendar.zone))
        yield Mark(x=scale.x(at), label=f"{day:%d/%m}", kind="day")


def _dates(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _dues(timeline: CaseTimeline, scale: _Scale) -> Iterator[Mark]:
    stated, judged = timeline.due_at, timeline.judged_due_at
    if stated is not None and (judged is None or stated.at != judged.at):
        yield Mark(x=scale.x(stated.at), label=f"hẹn trả {moment_in_words(stated)}", kind="stated")
    if judged is not None:
        yield Mark(x=scale.x(judged.at), label=f"hạn dùng để tính quá hạn {moment_in_words(judged)}", kind="judged")
