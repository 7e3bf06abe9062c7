"""Checks of the sources that are polled: whether each is read, and how far behind."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, wrong
from tiendo_event_store.sources.polled_sources import SourceStanding, source_standings

LAG_TOLERANCE: Final = timedelta(seconds=120)
"""How long the last good poll may be ago, or three times as long as polls are apart if that is longer."""

_START: Final = (
    "start `tiendo serve igate --config FILE`; `tiendo sources retire SOURCE` where it is to be polled no more"
)
_SEE_JOURNAL: Final = (
    "see the reason and the journal of `tiendo serve igate`; it goes on by itself, and nothing is lost meanwhile"
)


async def check_polled_sources(engine: AsyncEngine) -> list[CheckFinding]:
    """How each source stands that was ever polled on this database."""
    return [_check(standing) for standing in await source_standings(engine)]


def _check(standing: SourceStanding) -> CheckFinding:
    state = standing.state
    subject = f"source {state.source}"
    polled = "never read" if state.polled_at is None else f"last read {_ago(state.read_at, state.polled_at)}"
    changed = "" if state.changed_at is None else f", last change seen {_ago(state.read_at, state.changed_at)}"
    word = f"{polled}{changed}, {standing.open_cases:,} dossiers open"
    if standing.retired:
        return good(subject, f"{word}; retired")
    if state.failures:
        return wrong(subject, f"{word}; failed {state.failures:,} times in a row: {state.failure}", _SEE_JOURNAL)
    tolerance = max(LAG_TOLERANCE, timedelta(seconds=3 * state.poll_seconds))
    if state.polled_at is None or state.read_at - state.polled_at > tolerance:
        return wrong(subject, f"{word}; no poller seems to be at work", _START)
    return good(subject, word)


def _ago(now: datetime, then: datetime) -> str:
    return f"{max((now - then).total_seconds(), 0):,.0f} s ago"
