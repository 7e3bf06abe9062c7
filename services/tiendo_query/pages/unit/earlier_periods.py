"""Earlier periods that a period is compared with."""

from datetime import date, timedelta


def period_before(start: date, end: date) -> tuple[date, date]:
    """The period of the same length right before, both days inclusive; before whole months as many whole months."""
    last = start - timedelta(days=1)
    if start.day == 1 and (end + timedelta(days=1)).day == 1:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        number = start.year * 12 + start.month - 1 - months
        return date(number // 12, number % 12 + 1, 1), last
    return last - (end - start), last


def year_before(start: date, end: date) -> tuple[date, date]:
    """The same days of the year before; the last day of February stays the last."""
    return _a_year_earlier(start), _a_year_earlier(end)


def _a_year_earlier(on: date) -> date:
    following = on + timedelta(days=1)
    if following.day == 1:
        return following.replace(year=following.year - 1) - timedelta(days=1)
    return on.replace(year=on.year - 1)
