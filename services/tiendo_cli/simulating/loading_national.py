"""A simulation brought into the log as the national format sends it: by the way that messages take which are sent over HTTP."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.applying_rules import apply_rules
from tiendo_cli.simulating.national_simulation import SOURCE, told_cases
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_ingest.ingest_state import Ingest, opened_ingest
from tiendo_ingest.national.national_taking import Records, take_records
from tiendo_runtime.authentication import Key, Scope
from tiendo_simulation import Simulation, directory_text, rules_text
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.reader import Message, message_of

CASES_AT_ONCE = 1_000

_KEY = Key(key_id="simulation", name="simulation", scopes=frozenset({Scope.INGEST}), sources=(SOURCE,))


@dataclass(slots=True, kw_only=True)
class NationalLoaded:
    """What became of the records so far."""

    cases: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0


async def load_national(
    engine: AsyncEngine, simulation: Simulation, *, progress: Callable[[NationalLoaded], None]
) -> NationalLoaded:
    """What became of the records of the simulation, after the rules and the directory that go with it. Raises LogUnavailable, `Refusal` (503).

    The messages of a case are taken in their order.
    """
    await apply_rules(engine, rules_text(simulation.province) + "\n" + directory_text(simulation.province))
    loaded = NationalLoaded()
    cases = (messages for messages, _ in told_cases(simulation))
    async with opened_ingest(engine, CollectorRegistry()) as ingest:
        while batch := list(islice(cases, CASES_AT_ONCE)):
            for message in _rounds(batch):
                await _take(ingest, engine, message, loaded)
            loaded.cases += len(batch)
            progress(loaded)
    return loaded


def _rounds(cases: list[list[dict[str, Any]]]) -> Iterator[Message]:
    """The first messages of all cases, then the second ones, and so on; those of one unit and service together."""
    for number in range(max(map(len, cases))):
        records: defaultdict[tuple[str, str | None], list[Any]] = defaultdict(list)
        for sent in (message_of(messages[number]) for messages in cases if number < len(messages)):
            records[sent.service, sent.unit] += sent.records
        for (service, unit), together in records.items():
            yield Message(session="", service=service, unit=unit, sent_at=None, records=together)


async def _take(ingest: Ingest, engine: AsyncEngine, message: Message, loaded: NationalLoaded) -> None:
    arrival = Arrival(
        source=f"{SOURCE}/national",
        unit=message.unit,
        received_at=datetime.now(UTC),
        sent_at=None,
        history_until=None,
        directory=await ingest.directory.now(),
    )
    records = Records.of_message(message, arrival)
    for outcome in (await take_records(ingest, engine, _KEY, records)).values():
        if isinstance(outcome, Refusal):
            loaded.refused += 1
        elif outcome:
            loaded.accepted += 1
        else:
            loaded.duplicates += 1
