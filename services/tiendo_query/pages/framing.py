"""What stands around a page of figures or of a list, made of what was asked and of what was found."""

from datetime import datetime

from tiendo_query.pages.bar import ChoiceBar
from tiendo_query.pages.looking import Looking, LookingParameters
from tiendo_query.pages.rendering import Frame, NewsOf
from tiendo_query.pages.showing import kept_as_of
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.periods import AskedPeriod, Bound, asked_period, shown
from tiendo_runtime.authentication import Caller


def seen_period(snapshot: Snapshot, asked: LookingParameters, start: Bound, end: Bound, now: datetime) -> AskedPeriod:
    """The period from `start` to `end` at the instant that the bar chose; raises the refusal of one that ends before it begins."""
    return asked_period(start, end, as_of=asked.as_of, now=now, zone=snapshot.zone)


def frame_of(
    snapshot: Snapshot,
    caller: Caller | None,
    asked: LookingParameters,
    period: AskedPeriod,
    *,
    now: datetime,
    simulated: bool,
    bar: ChoiceBar | None = None,
    text: str = "",
    news_of: NewsOf | None = None,
) -> Frame:
    """The frame of a page that shows the period as at its end, or at the instant chosen if that is earlier."""
    at = period.period.as_of
    return Frame(
        caller=caller,
        simulated=simulated,
        position=snapshot.reader.position,
        as_of=period.as_of_text,
        kept_as_of=kept_as_of(period.as_of_text, asked=asked.as_of is not None, at=at, now=now),
        stated_as_of=period.stated_as_of,
        as_at=period.as_of_text if at < (now if asked.as_of is None else asked.as_of.at) else None,
        looking=asked.looking,
        bar=bar,
        text=text,
        news_of=news_of,
    )


def frame_of_now(
    snapshot: Snapshot,
    caller: Caller | None,
    now: datetime,
    *,
    simulated: bool,
    looking: Looking | None = None,
    bar: ChoiceBar | None = None,
    news_of: NewsOf | None = None,
) -> Frame:
    """The frame of a page that shows what is now, whichever period it is about; the way of looking is carried on where one is given."""
    return Frame(
        caller=caller,
        simulated=simulated,
        position=snapshot.reader.position,
        as_of=shown(now, snapshot.zone),
        kept_as_of=None,
        looking=looking or Looking(),
        bar=bar,
        news_of=news_of,
    )
