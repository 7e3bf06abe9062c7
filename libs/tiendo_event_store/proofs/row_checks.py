"""Whether a row of the log says what its text says, and fits its own salt, digest and redaction; what the tree has of it is another question."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
from msgspec import Struct

from tiendo_contracts.events.case_events import joined_alias
from tiendo_contracts.events.event_types import DIRECTORY_TYPE_PREFIX
from tiendo_contracts.events.house_facts import is_of_the_house
from tiendo_contracts.proofs.leaves import canonical_event, commitment, leaf_of
from tiendo_contracts.shards import shard_of
from tiendo_contracts.texts.canonical_json import digest
from tiendo_event_store.proofs.log_facts import REDACTED, data_of
from tiendo_event_store.tables import TOLD_AT


class LogRow(Struct, frozen=True, gc=False):
    """A row of the log with all its columns; `ingested_at` is the instant that the event's leaf has, of a followed one that of its own log."""

    position: int
    ingested_at: datetime
    source: str
    id: str
    subject: str
    type: str
    shard: int | None
    digest: bytes | None
    text: str
    log_id: UUID | None
    origin_position: int | None
    salt: bytes | None
    commitment: bytes | None
    redacted: Sequence[str] | None


_COLUMNS: Final = ", ".join(TOLD_AT if name == "ingested_at" else name for name in LogRow.__struct_fields__)
ROWS: Final = f"""
SELECT {_COLUMNS} FROM tiendo.events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
"""
_REDACTIONS: Final = """
SELECT text FROM tiendo.events WHERE shard IS NULL AND type = $1 AND log_id IS NULL ORDER BY position
"""


class Redaction(NamedTuple):
    """What the latest fact of a position's redaction says of it."""

    members: Sequence[str]
    digest: bytes


class CheckedRow(NamedTuple):
    """The hash of a row's leaf, and what is wrong with the row by itself; None when nothing is."""

    leaf: bytes
    fault: str | None


async def redactions(driver: asyncpg.Connection) -> dict[int, Redaction]:
    """The latest redaction of each position; what cannot be read is none."""
    found: dict[int, Redaction] = {}
    for (text,) in await driver.fetch(_REDACTIONS, REDACTED):
        data = data_of(text)
        try:
            found[int(data["position"])] = Redaction(data["members"], bytes.fromhex(data["redacted_digest"]))
        except (KeyError, ValueError, TypeError):
            continue
    return found


def checked(row: LogRow, redaction: Redaction | None) -> CheckedRow:
    """What a row gives and what is wrong with it by itself."""
    try:
        event = json.loads(row.text)
        canonical = canonical_event(row.type, row.text)
    except (ValueError, RecursionError):
        return CheckedRow(b"", "its text is no JSON")
    committed = row.commitment if row.salt is None else commitment(row.salt, canonical)
    leaf = leaf_of(committed or b"", ingested_at=row.ingested_at, position=row.position)
    return CheckedRow(leaf, _columns_fault(row, event) or _content_fault(row, canonical, redaction))


def join_of(row: LogRow) -> tuple[int, str, str] | None:
    """The line that the row has among the joined codes, if it joins any."""
    alias = joined_alias(row.type, row.text)
    return None if alias is None else (row.position, row.subject, alias)


def _columns_fault(row: LogRow, event: Mapping[str, Any]) -> str | None:
    if not isinstance(event, dict):
        return "its text is no event"
    for column, said in (("source", row.source), ("id", row.id), ("subject", row.subject), ("type", row.type)):
        if event.get(column) != said:
            return f"its column {column} is not what its text says"
    of_no_case = row.type.startswith(DIRECTORY_TYPE_PREFIX) or is_of_the_house(row.type)
    if row.shard != (None if of_no_case else shard_of(row.subject)):
        return "its column shard is not what its subject gives"
    return None


def _content_fault(row: LogRow, canonical: bytes, redaction: Redaction | None) -> str | None:
    if row.salt is not None:
        if redaction is not None:
            return "it was redacted, and is not any more"
        return None if row.digest == sha256(canonical).digest() else "its digest is not that of its text"
    if redaction is None:
        return "its salt is erased, and no fact says that it was redacted"
    if row.digest is not None or row.commitment is None:
        return "it is redacted in part only"
    if list(row.redacted or ()) != list(redaction.members) or digest(json.loads(row.text)) != redaction.digest:
        return "its text is not what its latest redaction left"
    return None
