"""Folding some cases and writing their rows, so that no case keeps another from being written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_event_store import EventLog
from tiendo_event_store.case_history import history_of
from tiendo_event_store.faults import driver_error, is_transient
from tiendo_event_store.log_rules import LogRules
from tiendo_read_models.builds import Build
from tiendo_read_models.folding import FoldFault, cause_of, fold_case
from tiendo_read_models.refolding import CaseKey
from tiendo_read_models.row_writing import Folded, replace_cases

CHUNK_CASES_MAX = 250
CHUNK_EVENTS_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedCase:
    """A case and about how many events it has."""

    key: CaseKey
    events: int


def chunks_of(cases: Sequence[SizedCase]) -> Iterator[list[CaseKey]]:
    """The cases in their order, in pieces that one transaction holds; a case larger than that is a piece by itself."""
    chunk: list[CaseKey] = []
    events = 0
    for case in cases:
        if chunk and (len(chunk) >= CHUNK_CASES_MAX or events + case.events > CHUNK_EVENTS_MAX):
            yield chunk
            chunk, events = [], 0
        chunk.append(case.key)
        events += case.events
    if chunk:
        yield chunk


async def fold_cases(log: EventLog, cases: Sequence[CaseKey], rules: LogRules) -> list[Folded]:
    """The rows of the cases from all that the log holds of them now; by the order of `cases`, without those that it holds nothing of."""
    stored = await log.read_cases([key.case_id for key in cases])
    histories = [(key, history_of(stored[key.case_id])) for key in cases if key.case_id in stored]
    return [fold_case(key.case_id, key.shard, case.events, rules.of(case.log_id)) for key, case in histories]


async def write_cases(
    connection: AsyncConnection, build: Build, folded: Sequence[Folded], *, position: int | None
) -> list[FoldFault]:
    """The faults among what was written. A case whose rows the database does not take becomes a fault, the others are written.

    `connection` is `within` the build; savepoints keep its transaction usable. `position` as in `replace_cases`.
    """
    if not folded:
        return []
    try:
        async with connection.begin_nested():
            await replace_cases(connection, build, folded, position=position)
    except Exception as error:
        if not is_unstorable(error) or (len(folded) == 1 and isinstance(folded[0], FoldFault)):
            raise
        if len(folded) == 1:
            return await write_cases(connection, build, [_fault_of(folded[0], error)], position=position)
        middle = len(folded) // 2
        return [
            *await write_cases(connection, build, folded[:middle], position=position),
            *await write_cases(connection, build, folded[middle:], position=position),
        ]
    return [one for one in folded if isinstance(one, FoldFault)]


def is_unstorable(error: BaseException) -> bool:
    """Whether what was to be written is at fault, so that smaller pieces may be taken.

    A value that the driver cannot encode shows as any error of Python's; what speaks against it is named here.
    """
    return not is_transient(error) and not isinstance(driver_error(error), asyncpg.SyntaxOrAccessError)


def _fault_of(folded: Folded, error: BaseException) -> FoldFault:
    return FoldFault(
        case_id=folded.case_id,
        shard=folded.shard,
        event_count=folded.event_count,
        last_position=folded.last_position,
        cause=cause_of(driver_error(error)),
    )
