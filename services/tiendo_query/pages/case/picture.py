"""A case's timeline as a picture: holds on a working-time axis, due instants, overrun in colour. Pure geometry; the template draws it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tiendo_contracts.explanation import minutes_in_words, moment_in_words, number_in_words
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import CaseTimeline, Hold, Party
from tiendo_query.pages.showing import Said

WIDTH = 1120
LABEL_WIDTH = 260
LANE_HEIGHT = 38
HEAD_HEIGHT = 44
FOOT_HEIGHT = 30
MARGIN = 16
TICKS_MAX = 12
TICK_WIDTH_MIN = 62
DAYS_LOOKED_AT_MAX = 1_000
LANES_MAX = 60
BARS_MAX = 2_000
BARS_OF_A_LANE_MIN = 30
BAR_WIDTH_MIN = 2.0

_DUE_ROOM = 300

PartyLabel = Callable[[Party], Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One hold, or several that cannot be told apart: [x, x + width), of which [over_x, over_x + over_width) lies beyond the allotment."""

    x: float
    width: float
    over_x: float
    over_width: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One party with all its holds."""

    y: int
    label: Said
    detail: Said
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisMark:
    """A moment on the axis: a day, or a due instant (`kind` stated or judged); `anchor` keeps its label within the picture."""

    x: float
    label: str
    kind: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that the template draws, in the picture's own units; `left_out` parties have no lane for want of room."""

    width: int
    height: int
    axis_y: int
    lanes: Sequence[Lane]
    days: Sequence[AxisMark]
    dues: Sequence[AxisMark]
    left_out: int


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
    parties = _parties(timeline)
    lanes = list(_lanes(timeline, scale, parties[:LANES_MAX], label, detail))
    axis_y = HEAD_HEIGHT + len(lanes) * LANE_HEIGHT
    return Picture(
        width=WIDTH,
        height=axis_y + FOOT_HEIGHT,
        axis_y=axis_y,
        lanes=lanes,
        days=list(_days(scale, begin, end)),
        dues=list(_dues(timeline, scale)),
        left_out=len(parties) - len(lanes),
    )


def _end(timeline: CaseTimeline) -> datetime:
    ended_at = timeline.holds[-1].ended_at
    return timeline.as_of if ended_at is None else ended_at.at


def _parties(timeline: CaseTimeline) -> list[list[Hold]]:
    """The holds of each party, the parties in the order in which they first held."""
    parties: dict[str, list[Hold]] = {}
    for hold in timeline.holds:
        parties.setdefault(hold.party.key, []).append(hold)
    return list(parties.values())


def _lanes(
    timeline: CaseTimeline, scale: _Scale, parties: Sequence[list[Hold]], label: PartyLabel, detail: PartyLabel
) -> Iterator[Lane]:
    room = max(BARS_OF_A_LANE_MIN, BARS_MAX // max(1, len(parties)))
    for number, holds in enumerate(parties):
        bars = [_bar(timeline, scale, hold) for hold in holds]
        yield Lane(
            y=HEAD_HEIGHT + number * LANE_HEIGHT,
            label=label(holds[-1].party),
            detail=detail(holds[-1].party),
            bars=bars if len(bars) <= room else _joined(bars, room),
        )


def _bar(timeline: CaseTimeline, scale: _Scale, hold: Hold) -> Bar:
    over = 0 if hold.paused else min(hold.overrun_minutes or 0, hold.working_minutes)
    x, width, over_width = scale.x(hold.started_at.at), scale.width(hold.working_minutes), scale.width(over)
    drawn = max(BAR_WIDTH_MIN, width)
    return Bar(
        x=x,
        width=drawn,
        over_x=round(x + drawn - over_width, 1),
        over_width=over_width,
        kind="paused" if hold.paused else hold.party.kind.value,
        title=_title(timeline, hold),
    )


def _joined(bars: Sequence[Bar], room: int) -> list[Bar]:
    """The bars, about `room` of them, those drawn as one that lie too close together to be told apart; red where any of them is."""
    gap = (WIDTH - LABEL_WIDTH) / room
    groups: list[list[Bar]] = []
    for bar in bars:
        last = groups[-1] if groups else []
        if last and last[0].kind == bar.kind and bar.x + bar.width - last[0].x <= gap:
            last.append(bar)
        else:
            groups.append([bar])
    return [group[0] if len(group) == 1 else _one_bar(group) for group in groups]


def _one_bar(group: Sequence[Bar]) -> Bar:
    first, last = group[0], group[-1]
    end = max(bar.x + bar.width for bar in group)
    red = [bar for bar in group if bar.over_width]
    return Bar(
        x=first.x,
        width=round(end - first.x, 1),
        over_x=red[0].over_x if red else first.x,
        over_width=round(max(bar.over_x + bar.over_width for bar in red) - red[0].over_x, 1) if red else 0.0,
        kind=first.kind,
        title=f"{number_in_words(len(group), Language.VIETNAMESE)} lần giữ: {first.title}; …; {last.title}",
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


def _days(scale: _Scale, begin: datetime, end: datetime) -> Iterator[AxisMark]:
    """Working days along the axis, at most TICKS_MAX of them and never so close that they overlap; with the year where there are two."""
    calendar = scale.timeline.calendar
    first, last = begin.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    step = -(-((last - first).days + 1) // DAYS_LOOKED_AT_MAX)
    days = [day for day in _dates(first, last, step) if calendar.is_working_day(day)]
    every = -(-len(days) // TICKS_MAX) or 1
    form, drawn_to = "%d/%m/%Y" if first.year != last.year else "%d/%m", 0.0
    for day in days[::every]:
        x = scale.x(max(begin, datetime.combine(day, time(), calendar.zone)))
        anchor = "end" if x > WIDTH - TICK_WIDTH_MIN else "start"
        left = x - TICK_WIDTH_MIN if anchor == "end" else x
        if left >= drawn_to:
            yield AxisMark(x=x, label=day.strftime(form), kind="day", anchor=anchor)
            drawn_to = left + TICK_WIDTH_MIN


def _dates(first: date, last: date, step: int) -> Iterator[date]:
    for number in range(0, (last - first).days + 1, step):
        yield first + timedelta(days=number)


def _dues(timeline: CaseTimeline, scale: _Scale) -> Iterator[AxisMark]:
    stated, judged = timeline.due_at, timeline.judged_due_at
    if stated is not None and (judged is None or stated.at != judged.at):
        yield _due(scale, stated, "stated", "hẹn trả")
    if judged is not None:
        yield _due(scale, judged, "judged", "hạn tính quá hạn")


def _due(scale: _Scale, at: Instant, kind: str, word: str) -> AxisMark:
    x = scale.x(at.at)
    anchor = "end" if x > WIDTH - _DUE_ROOM else "start" if x < LABEL_WIDTH + _DUE_ROOM / 2 else "middle"
    return AxisMark(x=x, label=f"{word} {moment_in_words(at)}", kind=kind, anchor=anchor)
