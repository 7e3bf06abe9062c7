"""The events of the log as files: as they are, and as logs for process mining. Everything is read page by page, up to where the log stood."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import IO

from tiendo_cli.exporting.exported_cases import NamedCase, NamedCases
from tiendo_contracts.events.event_types import FACT_TYPES, TYPE_PREFIX, TYPE_SUFFIX
from tiendo_event_store import EventLog, StoredEvent
from tiendo_sources.exported_events import SIMULATED_SOURCES, ExportedEvent, exported
from tiendo_sources.ocel.writing import OcelText
from tiendo_sources.xes import writing as xes

_EVENTS_A_PAGE = 2_000
_CASES_A_PAGE = 200


async def write_events(log: EventLog, file: IO[bytes]) -> bool:
    """Whether any event is simulated, after all events of cases were written in the order of the log, each as it was accepted."""
    simulated = False
    async for page in _pages(log):
        simulated = simulated or any(_is_simulated(event) for event in page)
        file.write("".join(f"{event.text}\n" for event in page).encode())
    return simulated


async def write_xes(log: EventLog, file: IO[bytes]) -> bool:
    """The same as an XES log, case by case."""
    simulated = False
    file.write(xes.HEAD.encode())
    async for case, events in _cases(log):
        simulated = simulated or any(event.is_simulated for event in events)
        file.write(xes.trace_text(case.case_id, events, aliases=case.aliases).encode())
    file.write(xes.TAIL.encode())
    return simulated


async def write_ocel(log: EventLog, file: IO[bytes]) -> bool:
    """The same as an OCEL 2.0 log in JSON: the events in the order of the log, and then their objects."""
    simulated = False
    text = OcelText(name.removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX) for name in FACT_TYPES)
    file.write(text.head().encode())
    cases = NamedCases(log, await log.head())
    async for page in _pages(log):
        of_cases = await cases.of({event.subject for event in page})
        told = [
            replace(exported(event.text), case_id=of_cases[event.subject].case_id)
            for event in page
            if event.type in FACT_TYPES
        ]
        simulated = simulated or any(event.is_simulated for event in told)
        file.write("".join(map(text.event, told)).encode())
    file.write(text.middle().encode())
    async for named in _named_cases(log, cases):
        file.write("".join(text.case(case.case_id, case.aliases) for case in named).encode())
    file.write(text.tail().encode())
    return simulated


async def _pages(log: EventLog) -> AsyncIterator[Sequence[StoredEvent]]:
    end = await log.head()
    after = 0
    while page := await log.read_after(after, _EVENTS_A_PAGE, up_to=end):
        after = page[-1].position
        yield [event for event in page if event.shard is not None]


async def _cases(log: EventLog) -> AsyncIterator[tuple[NamedCase, Sequence[ExportedEvent]]]:
    async for page in _named_cases(log, NamedCases(log, await log.head())):
        by_code = await log.read_cases([code for case in page for code in case.codes])
        for case in page:
            stored = sorted(chain(*(by_code.get(code, ()) for code in case.codes)), key=_position)
            told = [exported(event.text) for event in stored if event.type in FACT_TYPES]
            if told:
                yield case, sorted(told, key=_instant)


async def _named_cases(log: EventLog, cases: NamedCases) -> AsyncIterator[Sequence[NamedCase]]:
    """Yield the cases of the log page by page, each once: at the first of its codes of which anything is told."""
    after = ""
    while page := await log.case_ids(after, _CASES_A_PAGE):
        after = page[-1]
        found = await cases.of(page)
        yield [found[code] for code in page if found[code].first_told == code]


def _position(event: StoredEvent) -> int:
    return event.position


def _instant(event: ExportedEvent) -> datetime:
    """When it happened; events of one instant stay in the order in which they came."""
    return datetime.fromisoformat(event.time.upper())


def _is_simulated(event: StoredEvent) -> bool:
    return event.source.startswith(SIMULATED_SOURCES)
