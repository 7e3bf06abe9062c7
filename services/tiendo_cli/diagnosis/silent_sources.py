"""Checks of the sources of events: whether any has fallen silent, or was for longer than a working day lately."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, warning
from tiendo_domain.quality import THRESHOLDS, Silence, silences_told
from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_event_store.reading.arrivals import ArrivalPause, arrival_pauses, arriving_sources

LOOKED_BACK: Final = timedelta(days=30)
_REMEDY: Final = (
    "find out at the source what was not sent; `tiendo quality` names the cases that were finished meanwhile. "
    "`tiendo sources retire SOURCE` where nothing more will come"
)


async def check_silences(engine: AsyncEngine) -> list[CheckFinding]:
    """What every source of cases has sent of late: a warning where nothing came for more than a working day."""
    rules = RuleBook.fold(await EventLog(engine).directory_facts())
    now = datetime.now(UTC)
    async with engine.connect() as connection:
        sources = await arriving_sources(connection)
        pauses = await arrival_pauses(
            connection,
            since=now - LOOKED_BACK,
            until=now,
            longer_than_seconds=THRESHOLDS.silence_minutes * 60,
        )
    return [_check(one.source, pauses, rules, now) for one in sources]


def _check(source: str, pauses: list[ArrivalPause], rules: RuleBook, now: datetime) -> CheckFinding:
    ends = [(pause.last_at, pause.next_at) for pause in pauses if pause.source == source]
    silences = list(silences_told(ends, rules.default_calendar, now))
    subject = f"arrivals of {source}"
    if not silences:
        return good(subject, f"no gap of more than {THRESHOLDS.silence_minutes} working minutes in 30 days")
    longest = max(silences, key=lambda silence: silence.working_minutes)
    lasting = next((f"; {_told(silence)}" for silence in silences if silence.next_at is None), "")
    word = f"{len(silences):,} gaps of more than {THRESHOLDS.silence_minutes} working minutes in 30 days, the longest: {_told(longest)}"
    return warning(subject, word if longest.next_at is None else f"{word}{lasting}", _REMEDY)


def _told(silence: Silence) -> str:
    until = "now" if silence.next_at is None else f"{silence.next_at:%Y-%m-%d %H:%M}Z"
    return f"{silence.working_minutes:,} working minutes from {silence.last_at:%Y-%m-%d %H:%M}Z to {until}"
