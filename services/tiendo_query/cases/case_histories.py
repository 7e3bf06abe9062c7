"""The histories of cases as the log tells them, and the rules for them: those of the log that accepted the case first."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_of
from tiendo_domain.timeline.counted import known_events
from tiendo_event_store import EventLog, StoredEvent
from tiendo_event_store.reading.case_history import CaseHistory, history_of
from tiendo_event_store.reading.rule_books import RuleBooks
from tiendo_event_store.stored import ProvenEvent
from tiendo_read_models.errors import UnreadableEvent
from tiendo_read_models.folding import StoredText, decoded
from tiendo_read_models.queries.cases.live_case import KnownCase
from tiendo_read_models.queries.cases.refolding import ToFold, View

EVENTS_READ_AT_ONCE: Final = 500


class CaseHistories:
    """Reads cases and rules from the log, whichever logs accepted what stands there."""

    def __init__(self, log: EventLog, books: RuleBooks) -> None:
        self._log = log
        self._books = books

    def of_log(self, log: EventLog) -> "CaseHistories":
        """The same rules, and cases as this log shows them."""
        return CaseHistories(log, self._books)

    async def rules(self, position: int, *, known_at: datetime | None = None) -> RuleBook:
        """The rule book at a position of the log: what all logs in it configure, for what is no single case's."""
        return await self._books.of_all_at(position, known_at=known_at)

    async def case(
        self, known: KnownCase, position: int, known_at: datetime | None, *, up_to: int
    ) -> tuple[Sequence[StoredText], RuleBook]:
        """What is told of a case, and of codes that were once joined with its own, and the rules at `position` that it is folded by.

        Of the events those up to `up_to`, ingested by `known_at` (None: all).
        """
        rules = await self._books.at(position, known_at=known_at)
        stored = [event for event in await self._piece_by_piece(known.told_codes, known_at) if event.position <= up_to]
        if not stored:
            return [], RuleBook()
        history = history_of(stored)
        return history.events, rules.of(history.log_of(known.codes))

    async def entries(self, code: str, after: int, limit: int) -> Sequence[ProvenEvent] | None:
        """At most `limit` events of the case of the code with positions after `after`, by position; None for a code that names no case."""
        codes = await self._codes(code)
        entries = await self._log.entries_of_codes(sorted(codes), after, limit)
        if not entries and not await self._log.read_codes(sorted(codes), limit=1):
            return None
        return entries

    async def entries_of(self, known: KnownCase, after: int, limit: int) -> Sequence[ProvenEvent]:
        """At most `limit` events of a case that was found, with positions after `after`, by position."""
        return await self._log.entries_of_codes(sorted(known.codes), after, limit)

    async def cases(
        self, cases: Sequence[ToFold], view: View
    ) -> list[tuple[Sequence[ToFold], Mapping[str, Sequence[StoredText]], View]]:
        """The cases in groups that are folded by the same rules, each with its events and the view with those rules."""
        histories = await self._histories(cases)
        logs = {one.case_id: histories[one.case_id].log_of(one.codes) for one in cases if one.case_id in histories}
        rules = await self._books.at(view.position, known_at=view.known_at)
        return [
            (
                [one for one in cases if logs.get(one.case_id, ...) == log_id],
                {case_id: histories[case_id].events for case_id, of_log in logs.items() if of_log == log_id},
                replace(view, rules=rules.of(log_id)),
            )
            for log_id in sorted(set(logs.values()), key=str)
        ]

    async def has_case(self, code: str) -> bool:
        """Whether the code names a case."""
        return bool(await self._log.read_codes(sorted(await self._codes(code)), limit=1))

    async def _codes(self, code: str) -> frozenset[str]:
        """The codes of the case that the code names now; it alone where nothing is told of it, or of what is told something cannot be read."""
        (group,) = await self._log.groups_of([code])
        if len(group) == 1:
            return group
        with suppress(UnreadableEvent):
            told = known_events(decoded(await self._piece_by_piece(sorted(group), None)), None)
            case = await asyncio.to_thread(case_of, told, code)
            return frozenset({code}) if case is None else case.codes
        return frozenset({code})

    async def _histories(self, cases: Sequence[ToFold]) -> dict[str, CaseHistory]:
        """The history of each case up to what its row was made of: also of codes that were once joined with it."""
        short = [case for case in cases if case.event_count <= EVENTS_READ_AT_ONCE]
        told = await self._log.read_cases({code for case in short for code in case.told_codes}) if short else {}
        found = {
            case.case_id: sorted(
                (event for code in case.told_codes for event in told.get(code, ())), key=lambda event: event.position
            )
            for case in short
        }
        for case in cases:
            if case.event_count > EVENTS_READ_AT_ONCE:
                found[case.case_id] = await self._piece_by_piece(case.told_codes, None)
        up_to = {case.case_id: case.last_position for case in cases}
        seen = {
            case_id: [event for event in stored if event.position <= up_to[case_id]]
            for case_id, stored in found.items()
        }
        return {case_id: history_of(stored) for case_id, stored in seen.items() if stored}

    async def _piece_by_piece(self, codes: Sequence[str], known_at: datetime | None) -> list[StoredEvent]:
        """All events of the codes, read piece by piece: one answer of very many rows would hold the event loop while it is decoded."""
        found: list[StoredEvent] = []
        while True:
            after = found[-1].position if found else 0
            piece = await self._log.read_codes(codes, known_at=known_at, after=after, limit=EVENTS_READ_AT_ONCE)
            found += piece
            if len(piece) < EVENTS_READ_AT_ONCE:
                return found
