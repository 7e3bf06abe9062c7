"""Which shard of the projection a case belongs to."""

import hashlib

SHARD_COUNT = 16


def shard_of(case_id: str) -> int:
    """The first byte of SHA-256 of the UTF-8 text, mod 16."""
    return hashlib.sha256(case_id.encode()).digest()[0] % SHARD_COUNT
