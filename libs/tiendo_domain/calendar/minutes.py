"""Whole minutes (rule T2): every event instant is cut to its minute, every due instant rounded up to the next."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def minute_of(t: datetime) -> int:
    """The whole minutes from 1970-01-01T00:00Z to the aware instant `t`, rounded down; negative before."""
    since = t - EPOCH
    return since.days * 1440 + since.seconds // 60


def floor_minute(t: datetime) -> datetime:
    """The aware instant `t` cut to its minute, in the zone of `t`.

    Minutes are those of UTC, which are those of every zone whose offset is whole minutes; offsets with seconds
    (Africa/Monrovia until 1972) are cut in UTC too, so that all zones agree on what a minute is.
    """
    if not t.second and not t.microsecond and _offset_is_whole(t):
        return t
    if _offset_is_whole(t):
        cut = t.replace(second=0, microsecond=0)
        # Where such an offset ended, in the middle of a minute, the cut local time may be one that never was.
        if cut.utcoffset() == t.utcoffset():
            return cut
    return (EPOCH + minute_of(t) * MINUTE).astimezone(t.tzinfo)


def ceil_minute(t: datetime) -> datetime:
    """The aware instant `t` rounded up to the next whole minute, in the zone of `t`; `t` itself where it is whole."""
    cut = floor_minute(t)
    if cut == t:
        return t
    # Through UTC: adding a minute to a local time would jump an hour at the end of a repeated hour.
    return (EPOCH + (minute_of(t) + 1) * MINUTE).astimezone(t.tzinfo)


def _offset_is_whole(t: datetime) -> bool:
    offset = t.utcoffset()
    return offset is not None and offset.seconds % 60 == 0
