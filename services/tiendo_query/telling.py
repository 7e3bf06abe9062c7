"""Where the events of cases and the rules for them come from: the database's own log, or the logs that are followed into it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_domain.rules import DirectoryFact, RuleBook
from tiendo_event_store import EventLog
from tiendo_event_store.followed import (
    FollowedEvent,
    followed_directory,
    followed_directory_state,
    has_own_cases,
    read_followed,
    told_case,
)
from tiendo_event_store.followed_positions import is_followed
from tiendo_query.rule_books import RuleBooks
from tiendo_read_models.folding import StoredText
from tiendo_read_models.queries.refolding import ToFold, View

EVENTS_READ_AT_ONCE: Final = 500


class Telling:
    """Tells cases from whichever of the two this database has; a database with neither yet is asked again each time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._own = EventLog(engine)
        self._own_books = RuleBooks(self._own)
        self._followed_books = _FollowedBooks()
        self._follows: bool | None = None

    async def rules(self, position: int, *, known_at: datetime | None = None) -> RuleBook:
        """The rule book at a position of the log. Where several logs are followed, what all of them configure, for what is no single case's."""
        if not await self.follows():
            return await self._own_books.at(position, known_at=known_at)
        return (await self._books()).of_all(known_at)

    async def case(
        self, case_id: str, position: int, known_at: datetime | None
    ) -> tuple[Sequence[StoredText], RuleBook]:
        """The events of a case ingested by `known_at` (None: all), and the rules that it is folded by."""
        if not await self.follows():
            rules = await self._own_books.at(position, known_at=known_at)
            return await self._own_events(case_id, known_at), rules
        told = (await self._told([case_id])).get(case_id)
        if not told:
            return [], RuleBook()
        case = told_case(told)
        books = await self._books()
        events = [event for event in case.events if known_at is None or event.ingested_at <= known_at]
        return events, books.of(case.log_id, known_at)

    async def _own_events(self, case_id: str, known_at: datetime | None) -> list[StoredText]:
        """All events of the case, read piece by piece: one answer of very many rows would hold the event loop while it is decoded."""
        found: list[StoredText] = []
        while True:
            after = found[-1].position if found else 0
            piece = await self._own.read_case(case_id, known_at=known_at, after=after, limit=EVENTS_READ_AT_ONCE)
            found += piece
            if len(piece) < EVENTS_READ_AT_ONCE:
                return found

    async def _own_cases(self, cases: Sequence[ToFold]) -> dict[str, Sequence[StoredText]]:
        short = [case.case_id for case in cases if case.event_count <= EVENTS_READ_AT_ONCE]
        found: dict[str, Sequence[StoredText]] = dict(await self._own.read_cases(short)) if short else {}
        for case in cases:
            if case.event_count > EVENTS_READ_AT_ONCE:
                found[case.case_id] = await self._own_events(case.case_id, None)
        return found

    async def entries(self, case_id: str, after: int, limit: int) -> Sequence[StoredText]:
        """At most `limit` events of a case with positions after `after`, by position."""
        if not await self.follows():
            return await self._own.read_case(case_id, after=after, limit=limit)
        told = (await self._told([case_id])).get(case_id, [])
        behind = [event for event in told if event.position > after]
        return sorted(behind, key=lambda event: (event.position, event.log_id))[:limit]

    async def cases(
        self, cases: Sequence[ToFold], view: View
    ) -> list[tuple[Sequence[ToFold], Mapping[str, Sequence[StoredText]], View]]:
        """The cases in groups that are folded by the same rules, each with its events and the view with those rules."""
        case_ids = [one.case_id for one in cases]
        if not await self.follows():
            return [(cases, await self._own_cases(cases), view)]
        told = {case_id: told_case(events) for case_id, events in (await self._told(case_ids)).items()}
        books = await self._books()
        return [
            (
                [one for one in cases if one.case_id in told and told[one.case_id].log_id == log_id],
                {case_id: case.events for case_id, case in told.items() if case.log_id == log_id},
                replace(view, rules=books.of(log_id, view.known_at)),
            )
            for log_id in sorted({case.log_id for case in told.values()})
        ]

    async def has_case(self, case_id: str) -> bool:
        """Whether anything is told of the case."""
        return bool(await self.entries(case_id, 0, 1))

    async def follows(self) -> bool:
        """Whether the read models are made from followed events."""
        if self._follows is None:
            async with self._engine.connect() as connection:
                if await is_followed(connection):
                    self._follows = True
                elif await has_own_cases(connection):
                    self._follows = False
        return bool(self._follows)

    async def _told(self, case_ids: Sequence[str]) -> dict[str, list[FollowedEvent]]:
        async with self._engine.connect() as connection:
            return await read_followed(connection, case_ids)

    async def _books(self) -> "_FollowedBooks":
        async with self._engine.connect() as connection:
            state = await followed_directory_state(connection)
            if state != self._followed_books.state:
                self._followed_books = _FollowedBooks(state, await followed_directory(connection))
        return self._followed_books


class _FollowedBooks:
    """The rule books of the followed logs while their directories are in one state."""

    def __init__(self, state: object = None, facts: Mapping[UUID, Sequence[DirectoryFact]] | None = None) -> None:
        self.state = state
        self._facts = facts or {}
        self._made: dict[tuple[UUID | None, int], RuleBook] = {}

    def of(self, log_id: UUID, known_at: datetime | None) -> RuleBook:
        """The book of a log by what was ingested by `known_at` (None: everything)."""
        return self._book(log_id, self._facts.get(log_id, ()), known_at)

    def of_all(self, known_at: datetime | None) -> RuleBook:
        """One book of all logs' facts, one log after the other."""
        return self._book(None, [fact for log_id in sorted(self._facts) for fact in self._facts[log_id]], known_at)

    def _book(self, name: UUID | None, facts: Sequence[DirectoryFact], known_at: datetime | None) -> RuleBook:
        known = [fact for fact in facts if known_at is None or fact.ingested_at <= known_at]
        key = (name, len(known))
        if key not in self._made:
            self._made[key] = RuleBook.fold(known)
        return self._made[key]
