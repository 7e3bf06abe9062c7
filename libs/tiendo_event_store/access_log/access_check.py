"""The access log read from its beginning: whether each entry rests on the one before, and the heads in the log are those of the chain."""

import json
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.access_log.access_entries import hash_after
from tiendo_event_store.access_log.heads import noted_heads
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable

_PAGE: Final = 5_000
_AFTER: Final = """
SELECT number, at, who, kind, subject, text, hash FROM tiendo.access_log WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3
"""
_START: Final = "SELECT number, hash FROM tiendo.access_log_start"
_END: Final = "SELECT coalesce(max(number), 0) FROM tiendo.access_log"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCheck:
    """How many entries there are, from which number on, and the first thing that is wrong with them; None when all is well."""

    first: int
    entries: int
    fault: str | None


async def check_access_log(engine: AsyncEngine) -> AccessCheck:
    """What became of the access log; entries that are added meanwhile are not read. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            return await _checked(driver)


async def _checked(driver: asyncpg.Connection) -> AccessCheck:
    heads: dict[int, bytes] = {}
    for head in await noted_heads(driver):
        heads.setdefault(head.number, head.hash)  # one that is noted later under another hash is of a chain made anew
    start = await driver.fetchrow(_START)
    end = await driver.fetchval(_END)
    if start is None:
        return AccessCheck(first=1, entries=0, fault="the note of where the access log begins is missing")
    number, last = start["number"], bytes(start["hash"])
    first = number + 1
    fault = _head_fault(heads, number, last)
    while fault is None and (rows := await driver.fetch(_AFTER, number, end, _PAGE)):
        for row in rows:
            fault = fault or _fault(row, number + 1, last) or _head_fault(heads, row["number"], bytes(row["hash"]))
            number, last = row["number"], bytes(row["hash"])
            if fault is not None:
                break
    newest = max(heads, default=0)
    if fault is None and newest > number:
        fault = f"entry {number + 1} and those after it are missing: the log knows of {newest}"
    return AccessCheck(first=first, entries=number + 1 - first, fault=fault)


def _fault(row: Any, expected: int, last: bytes) -> str | None:  # noqa: ANN401 - a row of the driver
    if row["number"] != expected:
        return f"entry {expected} is missing"
    if bytes(row["hash"]) != hash_after(last, row["text"]):
        return f"entry {expected} is not what was written, or not behind what it was written behind"
    columns = {name: row[name] for name in ("who", "kind", "subject")}
    columns["at"] = row["at"].isoformat(timespec="microseconds")
    if not columns.items() <= _said(row["text"]).items():
        return f"entry {expected}: a column says otherwise than its text"
    return None


def _said(text: str) -> dict[str, Any]:
    """The entry as its text has it; nothing where the text is no entry."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _head_fault(heads: dict[int, bytes], number: int, found: bytes) -> str | None:
    if heads.get(number, found) == found:
        return None
    return f"entry {number} is not the one that the log noted as the head"
