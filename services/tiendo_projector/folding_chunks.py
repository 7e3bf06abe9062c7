"""Folding some cases and writing their rows, so that no case keeps another from being written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_event_store.faults import driver_error, is_transient
from tiendo_event_store.reading.case_history import CaseHistory, history_of
from tiendo_event_store.reading.log_rules import LogRules
from tiendo_event_store.stored import ToldGroup
from tiendo_read_models.builds import Build
from tiendo_read_models.folding import FoldedGroup, FoldFault, faulty_group, fold_group
from tiendo_read_models.refolding import CaseKey
from tiendo_read_models.row_writing import replace_cases
from tiendo_read_models.rows import CaseRows

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


def fold_groups(groups: Sequence[ToldGroup], rules: LogRules) -> list[FoldedGroup]:
    """The rows of the cases of groups of codes, from all that is told of them."""
    return [_folded(group, history_of(group.events), rules) for group in groups]


def _folded(group: ToldGroup, history: CaseHistory, rules: LogRules) -> FoldedGroup:
    return fold_group(group.codes, history.events, lambda codes: rules.of(history.log_of(codes)))


async def write_cases(
    connection: AsyncConnection, build: Build, folded: Sequence[FoldedGroup], *, position: int | None
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
        if not is_unstorable(error) or (len(folded) == 1 and folded[0].faults):
            raise
        if len(folded) == 1:
            return await write_cases(connection, build, [_faulty(folded[0], error)], position=position)
        middle = len(folded) // 2
        return [
            *await write_cases(connection, build, folded[:middle], position=position),
            *await write_cases(connection, build, folded[middle:], position=position),
        ]
    return [fault for group in folded for fault in group.faults]


def is_unstorable(error: BaseException) -> bool:
    """Whether what was to be written is at fault, so that smaller pieces may be taken.

    A value that the driver cannot encode shows as any error of Python's; what speaks against it is named here.
    """
    return not is_transient(error) and not isinstance(driver_error(error), asyncpg.SyntaxOrAccessError)


def _faulty(folded: FoldedGroup, error: BaseException) -> FoldedGroup:
    rows = [one for one in folded.cases if isinstance(one, CaseRows)]
    sizes = {code: one.event_count for one in rows for code in (one.case_id, *one.aliases)}
    position = max(one.last_position for one in folded.cases)
    return faulty_group(folded.codes, driver_error(error), sizes, position)
