"""The histories of cases as the log tells them, and the rules for them: those of the log that accepted the case first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog, StoredEvent
from tiendo_event_store.case_history import CaseHistory, history_of
from tiendo_query.rule_books import RuleBooks
from tiendo_read_models.folding import StoredText
from tiendo_read_models.queries.refolding import ToFold, View

EVENTS_READ_AT_ONCE: Final = 500


class CaseHistories:
    """Reads cases and rules from the log, whichever logs accepted what stands there."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._log = EventLog(engine)
        self._books = RuleBooks(self._log)

    async def rules(self, position: int, *, known_at: datetime | None = None) -> RuleBook:
        """The rule book at a position of the log: what all logs in it configure, for what is no single case's."""
        return await self._books.of_all_at(position, known_at=known_at)

    async def case(
        self, case_id: str, position: int, known_at: datetime | None, *, up_to: int
    ) -> tuple[Sequence[StoredText], RuleBook]:
        """The events of a case up to `up_to` and ingested by `known_at` (None: all), and the rules at `position` that it is folded by."""
        rules = await self._books.at(position, known_at=known_at)
        stored = [event for event in await self._piece_by_piece(case_id, known_at) if event.position <= up_to]
        if not stored:
            return [], RuleBook()
        history = history_of(stored)
        return history.events, rules.of(history.log_id)

    async def entries(self, case_id: str, after: int, limit: int) -> Sequence[StoredText]:
        """At most `limit` events of a case with positions after `after`, by position."""
        return await self._log.read_case(case_id, after=after, limit=limit)

    async def cases(
        self, cases: Sequence[ToFold], view: View
    ) -> list[tuple[Sequence[ToFold], Mapping[str, Sequence[StoredText]], View]]:
        """The cases in groups that are folded by the same rules, each with its events and the view with those rules."""
        histories = await self._histories(cases)
        rules = await self._books.at(view.position, known_at=view.known_at)
        return [
            (
                [one for one in cases if one.case_id in histories and histories[one.case_id].log_id == log_id],
                {case_id: history.events for case_id, history in histories.items() if history.log_id == log_id},
                replace(view, rules=rules.of(log_id)),
            )
            for log_id in sorted({history.log_id for history in histories.values()}, key=str)
        ]

    async def has_case(self, case_id: str) -> bool:
        """Whether anything is told of the case."""
        return await self._log.has_case(case_id)

    async def _histories(self, cases: Sequence[ToFold]) -> dict[str, CaseHistory]:
        """The history of each case up to what its row was made of."""
        short = [case.case_id for case in cases if case.event_count <= EVENTS_READ_AT_ONCE]
        found = await self._log.read_cases(short) if short else {}
        for case in cases:
            if case.event_count > EVENTS_READ_AT_ONCE:
                found[case.case_id] = await self._piece_by_piece(case.case_id, None)
        up_to = {case.case_id: case.last_position for case in cases}
        seen = {
            case_id: [event for event in stored if event.position <= up_to[case_id]]
            for case_id, stored in found.items()
        }
        return {case_id: history_of(stored) for case_id, stored in seen.items() if stored}

    async def _piece_by_piece(self, case_id: str, known_at: datetime | None) -> list[StoredEvent]:
        """All events of the case, read piece by piece: one answer of very many rows would hold the event loop while it is decoded."""
        found: list[StoredEvent] = []
        while True:
            after = found[-1].position if found else 0
            piece = await self._log.read_case(case_id, known_at=known_at, after=after, limit=EVENTS_READ_AT_ONCE)
            found += piece
            if len(piece) < EVENTS_READ_AT_ONCE:
                return found
