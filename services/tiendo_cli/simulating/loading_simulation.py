"""A simulation brought into the log directly: judged by the very acceptance that events sent over HTTP meet, and appended with the same outcomes.

The events of a simulation are always the same, so what an interrupted load has brought in counts as duplicates when it is run again.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.applying_rules import apply_rules
from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_event_store import AlreadyAppended, Appended, Conflict, Outcome, Unstorable
from tiendo_event_store.appending.bulk_load import BulkLoader
from tiendo_simulation import Simulation, Story, rules_text

BATCH_SIZE = 2_000


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What became of the events so far. `conflicting`: the log has another content under the same key."""

    cases: int = 0
    accepted: int = 0
    duplicates: int = 0
    conflicting: int = 0
    unstorable: int = 0

    @property
    def complete(self) -> bool:
        """Whether the log holds every event."""
        return not (self.conflicting or self.unstorable)


Progress = Callable[[Loaded], None]


async def load_simulation(engine: AsyncEngine, simulation: Simulation, *, progress: Progress) -> Loaded:
    """What became of the events of `simulation`, after the rules that go with it; `progress` is told after every batch.

    Raises LogUnavailable where the log cannot be written; what was told to `progress` is in it.
    """
    await apply_rules(engine, rules_text(simulation.province))
    loaded = Loaded()
    events = _events(simulation, loaded)
    async with BulkLoader(engine) as loader:
        batch = await asyncio.to_thread(_next, events)
        while batch:
            # The next batch is made while this one is written.
            following = asyncio.ensure_future(asyncio.to_thread(_next, events))
            try:
                _count(loaded, await loader.append(batch))
            finally:
                await asyncio.wait([following])
            progress(loaded)
            batch = following.result()
    return loaded


def _events(simulation: Simulation, loaded: Loaded) -> Iterator[AcceptedEvent]:
    return map(accept_text, simulation.delivery().lines(_stories(simulation, loaded)))


def _stories(simulation: Simulation, loaded: Loaded) -> Iterator[Story]:
    for told in simulation.cases():
        yield told.story
        loaded.cases += 1


def _next(events: Iterator[AcceptedEvent]) -> list[AcceptedEvent]:
    return list(islice(events, BATCH_SIZE))


def _count(loaded: Loaded, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        match outcome:
            case Appended():
                loaded.accepted += 1
            case AlreadyAppended():
                loaded.duplicates += 1
            case Conflict():
                loaded.conflicting += 1
            case Unstorable():
                loaded.unstorable += 1
            case _:
                assert_never(outcome)
