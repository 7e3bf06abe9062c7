"""Polls one after the other in this process, and what the log holds of them then."""

import asyncio
import json
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.poller.known_history import Course, Held

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline, PartyKind
from tiendo_event_store.sources.polled_sources import PolledSource
from tiendo_poller.dossier_intake import DossierIntake
from tiendo_poller.gateway_client import GatewayClient
from tiendo_poller.polling import Poll
from tiendo_runtime.stop_aware_waiting import BackOff
from tiendo_sources.igate.configuration import GatewayConfiguration

MORNING_AFTER = datetime.fromisoformat("2022-08-20T00:00:00+07:00")


class Polls:
    """A poller that polls when it is told to."""

    def __init__(self, engine: AsyncEngine, configuration: GatewayConfiguration) -> None:
        self._engine, self._configuration = engine, configuration
        self._opened = AsyncExitStack()
        self.source = PolledSource(engine, configuration.source)

    async def __aenter__(self) -> Self:
        await self.source.begin(self._configuration.poll_seconds)
        self._gateway = await self._opened.enter_async_context(GatewayClient(self._configuration))
        self._intake = await self._opened.enter_async_context(
            DossierIntake(self._engine, self.source, self._configuration)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._opened.aclose()

    async def poll(self) -> None:
        back_off = BackOff(asyncio.Event(), first_seconds=0.01)
        state = await self.source.state()
        progress = await Poll(self._gateway, self._intake, self._configuration, state, back_off).run()
        await self.source.note_good(progress)


@dataclass(slots=True)
class Logged:
    """The log's events by case."""

    by_case: dict[str, list[dict[str, Any]]]

    def timeline(self, case_id: str) -> CaseTimeline:
        facts = [
            case_event(json.dumps(event), position=number, ingested_at=MORNING_AFTER)
            for number, event in enumerate(self.by_case[case_id], 1)
        ]
        return case_timeline(facts, RuleBook(), as_of=MORNING_AFTER)

    def held(self, case_id: str) -> list[Held]:
        """Who held the case from when to when; holds of no length are left out."""
        found: list[Held] = []
        for hold in self.timeline(case_id).holds:
            party = hold.party
            name = party.id if party.kind in {PartyKind.OFFICER, PartyKind.UNIT} else party.kind.value
            ended_at = None if hold.ended_at is None else hold.ended_at.at
            if ended_at is None or ended_at > hold.started_at.at:
                if found and found[-1][0] == name:  # what lies between two steps of one party is no matter here
                    found[-1] = (found[-1][0], found[-1][1], ended_at)
                else:
                    found.append((name or "", hold.started_at.at, ended_at))
        return found


async def logged(engine: AsyncEngine) -> Logged:
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT subject, text FROM tiendo.events WHERE shard IS NOT NULL ORDER BY position")
        )
        by_case = defaultdict(list)
        for subject, said in rows:
            by_case[subject].append(json.loads(said))
    return Logged(dict(by_case))


def joined(held: list[Held]) -> list[Held]:
    """What is true, neighbours of one party as one."""
    found: list[Held] = []
    for name, start, end in held:
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], end)
        else:
            found.append((name, start, end))
    return found


def true_holds(course: Course) -> list[Held]:
    return joined(course.held)
