"""Cases as the log tells them at this moment, for judging what is said about them: no projection is waited for."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tiendo_domain.accountability import ExplainedCase
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import EventKey
from tiendo_domain.rules import RuleBook, UnitLines
from tiendo_domain.timeline import case_of, standing_events, timeline_of, unit_parents
from tiendo_domain.timeline.counted import known_events
from tiendo_event_store import EventLog
from tiendo_event_store.reading.case_history import CaseHistory, history_of
from tiendo_event_store.reading.log_rules import LogRules
from tiendo_event_store.reading.rule_books import RuleBooks
from tiendo_read_models.errors import UnreadableEvent
from tiendo_read_models.folding import decoded

_FOLDED_AT_ONCE_MAX: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCase:
    """What the log tells of a code, also of codes joined with it: by default as of now, and every event by its key. `case` None: nothing of a course."""

    case: ExplainedCase | None
    events: Mapping[EventKey, CaseEvent]


class ToldCases:
    """Reads and folds cases one after the other, beside the event loop."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._books = RuleBooks(log)
        self._folding = asyncio.Semaphore(_FOLDED_AT_ONCE_MAX)

    async def lines(self) -> UnitLines:
        """The tree of units as it is configured now, with the rules of all logs."""
        rules = await self._books.of_all_at(await self._log.head())
        return UnitLines(rules=rules, on=datetime.now(UTC).astimezone(rules.default_calendar.zone).date())

    async def case(self, code: str) -> ToldCase:
        """The case that the code names. One that cannot be folded is as one of which nothing is told. Raises LogUnavailable."""
        async with self._folding:
            groups = await self._log.read_groups([code])
            if not groups:
                return ToldCase(case=None, events={})
            history = history_of(groups[0].events)
            rules = await self._books.at(await self._log.head())
            return await asyncio.to_thread(_told, code, history, rules)


def _told(code: str, history: CaseHistory, rules: LogRules) -> ToldCase:
    try:
        events = known_events(decoded(history.events), None)
    except UnreadableEvent:
        return ToldCase(case=None, events={})
    by_key = {EventKey(source=event.source, id=event.id): event for event in events}
    case = case_of(events, code)
    if case is None:
        return ToldCase(case=None, events=by_key)
    book: RuleBook = rules.of(history.log_of(case.codes))
    timeline = timeline_of(case, book, as_of=datetime.now(UTC))
    return ToldCase(
        case=ExplainedCase(timeline=timeline, parents=unit_parents(standing_events(case.events))), events=by_key
    )
