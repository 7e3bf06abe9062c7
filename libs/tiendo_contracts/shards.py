"""The shards into which cases are divided: the log stores a case's with each event, projectors share them out among themselves."""

import hashlib

SHARD_COUNT = 16
"""Never changed: the log holds what it gave."""


def shard_of(case_id: str) -> int:
    """The shard of a case: the first byte of SHA-256 of its id in UTF-8, mod 16."""
    return hashlib.sha256(case_id.encode()).digest()[0] % SHARD_COUNT
