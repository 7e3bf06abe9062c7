"""Lists as a caller sees them: those of the units inside their subtrees, and of others what is said of the caller themself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.driver import driver_of
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, read_list
from tiendo_event_store.monthly_lists.stored_contents import read_content
from tiendo_query.query_side import QuerySide


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenList:
    """A list whose content the caller sees, and the content of one of its versions."""

    list: MonthlyList
    version: int
    content: dict[str, Any]


@asynccontextmanager
async def lists_seen_by(side: QuerySide) -> AsyncIterator[asyncpg.Connection]:
    """The driver's connection of a snapshot, which shows the lists that the caller sees."""
    async with side.snapshot() as snapshot:
        yield await driver_of(snapshot.reader.connection)


async def seen_list(side: QuerySide, publication_id: str, version: int | None = None) -> SeenList:
    """The list of this id with the content of a version, the newest for None. Raises the refusal of one that is not there, or not seen."""
    async with lists_seen_by(side) as driver:
        return await list_in(driver, publication_id, version)


async def list_in(driver: asyncpg.Connection, publication_id: str, version: int | None = None) -> SeenList:
    """The same, over a connection."""
    found = None if "\x00" in publication_id else await read_list(driver, publication_id)
    if found is None:
        raise Refusal(ProblemKind.PUBLICATION_UNKNOWN)
    asked = found.version if version is None else version
    if asked not in found.versions:
        raise Refusal(
            ProblemKind.PUBLICATION_VERSION_UNKNOWN,
            field="version",
            values={"versions": ", ".join(map(str, found.versions))},
        )
    content = await read_content(driver, found.content_digest(asked))
    if content is None:
        raise Refusal(ProblemKind.PUBLICATION_UNKNOWN)
    return SeenList(list=found, version=asked, content=content)
