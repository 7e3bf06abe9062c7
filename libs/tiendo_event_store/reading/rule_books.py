"""The rules as they stood at a position of the log, or as they were known at an instant."""

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tiendo_domain.rules import RuleBook
from tiendo_event_store.reading.event_log import EventLog
from tiendo_event_store.reading.log_rules import LogFact, LogRules, rules_of_all

_REMEMBERED_MAX: Final = 64


def _position(one: LogFact) -> int:
    return one.fact.position


class RuleBooks:
    """The rules of each log, made from the directory facts in this one, which are read once and then only onwards.

    The log's positions have no holes, so what has been read up to a position is complete for ever.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._facts: list[LogFact] = []  # by position
        self._read_up_to = 0
        self._reading = asyncio.Lock()
        # By how many facts there are, the first of all; where some are left out, by their positions.
        self._made: dict[int | tuple[int, ...], tuple[LogRules, RuleBook]] = {}

    async def at(self, position: int, *, known_at: datetime | None = None) -> LogRules:
        """Each log's rules from the facts up to `position` that had been ingested by `known_at` (None: all of them)."""
        return (await self._at(position, known_at))[0]

    async def of_all_at(self, position: int, *, known_at: datetime | None = None) -> RuleBook:
        """One rule book of all logs, from the same facts."""
        return (await self._at(position, known_at))[1]

    async def _at(self, position: int, known_at: datetime | None) -> tuple[LogRules, RuleBook]:
        await self._read(position)
        count = bisect_right(self._facts, position, key=_position)
        if known_at is None:
            return self._made.get(count) or self._make(count, self._facts[:count])
        known = [one for one in self._facts[:count] if one.fact.ingested_at <= known_at]
        key = tuple(map(_position, known))
        return self._made.get(key) or self._make(key, known)

    def _make(self, key: int | tuple[int, ...], facts: Sequence[LogFact]) -> tuple[LogRules, RuleBook]:
        while len(self._made) >= _REMEMBERED_MAX:
            del self._made[next(iter(self._made))]
        rules = LogRules.fold(facts)
        single = next(iter(rules.books.values())) if len(rules.books) == 1 else None
        self._made[key] = (rules, single or rules_of_all(facts))
        return self._made[key]

    async def _read(self, position: int) -> None:
        if position <= self._read_up_to:
            return
        async with self._reading:
            if position > self._read_up_to:
                self._facts += await self._log.facts_of_logs(after=self._read_up_to, up_to=position)
                self._read_up_to = position
