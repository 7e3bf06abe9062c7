"""From local civil time to minutes of UTC, exact across clock changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tiendo_domain.calendar.working_time import WorkingTime

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAY_SECONDS = 86_400
# No zone of the database changes its clock twice within this time.
_PROBE_SECONDS = 43_200


def year_start_minute(year: int) -> int:
    """The minute since 1970-01-01T00:00Z at which `year` begins in UTC."""
    return (date(year, 1, 1).toordinal() - _EPOCH_ORDINAL) * 1440


def working_intervals(working_time: WorkingTime, year: int) -> list[tuple[int, int]]:
    """The working intervals of one UTC year: rising, disjoint [start, end) in minutes since 1970-01-01T00:00Z.

    A minute of UTC is working when its first instant lies in a session by the local clock. So a session that crosses
    a gap is shorter by the gap, and one that crosses a repeated hour has it twice, as the people in the office had.
    """
    intervals: list[tuple[int, int]] = []
    bounds = (year_start_minute(year) * 60, year_start_minute(year + 1) * 60)
    for start, end, offset in _constant_offsets(working_time.zone, *bounds):
        for first, last in _sessions_between(working_time, start + offset, end + offset):
            interval = (_ceil_minutes(first - offset), _ceil_minutes(last - offset))
            if intervals and intervals[-1][1] == interval[0]:
                intervals[-1] = (intervals[-1][0], interval[1])
            elif interval[0] < interval[1]:
                intervals.append(interval)
    return intervals


def _sessions_between(working_time: WorkingTime, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sessions cut to local [start, end), all in seconds of the local clock since its 1970-01-01T00:00."""
    for day in range(start // _DAY_SECONDS, (end - 1) // _DAY_SECONDS + 1):
        midnight = day * _DAY_SECONDS
        for from_minute, to_minute in working_time.sessions_on(date.fromordinal(_EPOCH_ORDINAL + day)):
            first = max(start, midnight + from_minute * 60)
            last = min(end, midnight + to_minute * 60)
            if first < last:
                yield first, last


def _constant_offsets(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Stretches (start, end, offset) of [start, end), in seconds of UTC, in each of which the zone's offset is one."""
    begin, offset = start, _offset_seconds(zone, start)
    for probe in range(start, end, _PROBE_SECONDS):
        until = min(probe + _PROBE_SECONDS, end - 1)
        if _offset_seconds(zone, until) != offset:
            change = _first_change(zone, probe, until)
            yield begin, change, offset
            begin, offset = change, _offset_seconds(zone, until)
    yield begin, end, offset


def _first_change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second of UTC in (before, after] that has the offset of `after`; the offsets at the ends differ."""
    offset = _offset_seconds(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_seconds(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset_seconds(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else offset.days * _DAY_SECONDS + offset.seconds


def _ceil_minutes(seconds: int) -> int:
    return -(-seconds // 60)
