"""Periods as they are asked for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.instants import Instant
from tiendo_query.questions.parameter_refusals import refused
from tiendo_read_models.queries.periods import Period

FIRST_INSTANT: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AFTER_THE_LAST_MOMENT: Final = timedelta(microseconds=1)
_AFTER_FROM: Final = Words(en="a date or instant after `from`", vi="ngày hoặc thời điểm sau `from`")
_BEFORE_AS_OF: Final = Words(
    en="a date or instant before `as_of`, or before now where none is stated",
    vi="ngày hoặc thời điểm trước `as_of`, không nêu thì trước hiện tại",
)

Bound = date | Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPeriod:
    """A period with the texts that show it; `stated_as_of` is the `as_of` that was asked for, None where none was."""

    period: Period
    from_text: str | None
    to_text: str
    as_of_text: str
    stated_as_of: str | None


def asked_period(start: Bound, end: Bound, *, as_of: Instant | None, now: datetime, zone: ZoneInfo) -> AskedPeriod:
    """The period from `start` to `end`: dates inclusive, instants half-open; its open cases as at its end, or at `as_of` if that is earlier.

    Raises the refusal of a period that ends before it begins.
    """
    moment = now if as_of is None else as_of.at
    begin_at = FIRST_INSTANT if start is None else _moment(start, zone)
    # Without an end the last moment itself counts, as it does in a timeline as of that moment (rule T5).
    end_at = moment + _AFTER_THE_LAST_MOMENT if end is None else _moment(end, zone, after=True)
    if begin_at >= end_at:
        raise refused("from", _BEFORE_AS_OF) if end is None else refused("to", _AFTER_FROM)
    seen_at = min(moment, end_at)
    as_of_text = as_of.text if as_of is not None and as_of.at == seen_at else shown(seen_at, zone)
    return AskedPeriod(
        period=Period(start=begin_at, end=end_at, as_of=seen_at, explained_by=None if as_of is None else as_of.at),
        from_text=None if start is None else _text(start, begin_at, zone),
        to_text=as_of_text if end is None else _text(end, end_at, zone),
        as_of_text=as_of_text,
        stated_as_of=None if as_of is None else as_of.text,
    )


def shown(at: datetime, zone: ZoneInfo) -> str:
    """The instant in the zone, as answers show it."""
    return at.astimezone(zone).isoformat()


def _moment(bound: date | Instant, zone: ZoneInfo, *, after: bool = False) -> datetime:
    if isinstance(bound, Instant):
        return bound.at
    return datetime.combine(bound + timedelta(days=after), time(), zone)


def _text(bound: date | Instant, moment: datetime, zone: ZoneInfo) -> str:
    return bound.text if isinstance(bound, Instant) else shown(moment, zone)
