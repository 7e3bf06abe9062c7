"""The advisory locks of a database, and the order in which they may be taken: a contract between processes, also of different versions.

Whoever holds one takes only others that stand after it in `ADVISORY_LOCKS`. So no two processes wait for each other.
A key is never given another meaning; no other module names one.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisoryLock:
    """A lock under `key`, a bigint; where `numbered` it is a lock for each number, and `key` the first of two integers."""

    key: int
    guards: str
    numbered: bool = False


MIGRATION: Final = AdvisoryLock(
    key=0x7469656E_646F0003,
    guards="the one transaction that brings the schema up to date; others wait for it",
)
GENERATIONS: Final = AdvisoryLock(
    key=0x74696571,
    numbered=True,
    guards="shared, by number of a generation of topics: those who follow it; nobody follows another meanwhile",
)
PROJECTORS: Final = AdvisoryLock(
    key=0x7469656F,
    numbered=True,
    guards="shared, number 0: the projectors that are there, among whom shards are shared out",
)
SHARDS: Final = AdvisoryLock(
    key=0x7469656E,
    numbered=True,
    guards="by number of a shard: the one process that projects it; nobody waits, whoever finds it taken goes on without it",
)
REBUILD: Final = AdvisoryLock(
    key=0x74696570,
    numbered=True,
    guards="number 0: the one process that makes or drops builds; nobody waits",
)
RELAYS: Final = AdvisoryLock(
    key=0x74696572,
    numbered=True,
    guards="by number of a generation of topics: the one relay that writes to them; nobody waits in the database",
)
CASES: Final = AdvisoryLock(
    key=0x74696573,
    numbered=True,
    guards="by a number of a source and a case: the one transaction around reading what is known of it and appending what follows; others wait",
)
POLLER: Final = AdvisoryLock(
    key=0x7469656E_646F0004,
    guards="the one process that polls sources; nobody waits for long, whoever finds it taken ends",
)
SIGNER: Final = AdvisoryLock(
    key=0x7469656E_646F0005,
    guards="the one transaction that adds to the tree over the log or signs a checkpoint; nobody waits, whoever finds it taken comes later",
)
REJECTIONS: Final = AdvisoryLock(
    key=0x7469656E_646F0002,
    guards="the one transaction that adds to the list of refused events, until its ids are visible; others wait for it",
)
APPEND: Final = AdvisoryLock(
    key=0x7469656E_646F0001,
    guards="the one transaction that appends to the log, until its events are visible; others wait for it",
)
ACCESS: Final = AdvisoryLock(
    key=0x7469656E_646F0006,
    guards="the one transaction that adds to the access log, or drops old entries of it; others wait for it",
)
TABLES_OF_CONSUMERS: Final = AdvisoryLock(
    key=4716,
    guards="in a consumer's own database: the one transaction that makes the client's tables; others wait for it",
)

ADVISORY_LOCKS: Final = (
    MIGRATION,
    GENERATIONS,
    PROJECTORS,
    SHARDS,
    REBUILD,
    RELAYS,
    POLLER,
    CASES,
    SIGNER,
    REJECTIONS,
    APPEND,
    ACCESS,
    TABLES_OF_CONSUMERS,
)
"""Every lock, in the order in which they may be taken."""
