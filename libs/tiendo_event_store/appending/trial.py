"""What would become of events if they were appended now, with nothing written."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_event_store.appending.appending_transaction import stored_under_keys
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.outcomes import AlreadyAppended, Appended, Conflict, Outcome
from tiendo_event_store.stored import case_candidate

NO_POSITION = 0
"""The position of what would be appended: it has none."""


async def outcomes_now(engine: AsyncEngine, events: Sequence[AcceptedEvent]) -> list[Outcome]:
    """One outcome per event by what the log has, the events not compared with one another; what is new is `Appended(NO_POSITION)`.

    Raises LogUnavailable.
    """
    batch = [case_candidate(event) for event in events]
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            stored = await stored_under_keys(driver, batch) if batch else {}
    outcomes: list[Outcome] = []
    for event in batch:
        found = stored.get((event.source, event.id))
        if found is None:
            outcomes.append(Appended(NO_POSITION))
        elif found.is_same(event):
            outcomes.append(AlreadyAppended(found.position))
        else:
            outcomes.append(Conflict(found.position))
    return outcomes
