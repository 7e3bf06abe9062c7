"""The leaves of the tree over the log: a commitment to each event, with its position and the instant at which it was taken."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Final

import orjson

from tiendo_contracts.events.event_types import FACT_TYPES
from tiendo_contracts.proofs.merkle import leaf_hash
from tiendo_contracts.texts.canonical_json import canonical

_BLOCK: Final = 64
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))


def canonical_event(event_type: str, text: str) -> bytes:
    """The canonical form (RFC 8785) of an event's stored text. Raises ValueError for what is no JSON.

    The door takes facts of cases with integers and ASCII names of members only, of which it is had several times as fast.
    """
    if event_type in FACT_TYPES:
        return orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS)
    try:
        return canonical(json.loads(text))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def commitment(salt: bytes, canonical_event: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of an event's canonical form; written out, which is twice as fast as the library's for short texts."""
    key = salt.ljust(_BLOCK, b"\x00")
    inner = sha256(key.translate(_INNER) + canonical_event).digest()
    return sha256(key.translate(_OUTER) + inner).digest()


def leaf_of(committed: bytes, *, ingested_at: datetime, position: int) -> bytes:
    """The hash of the leaf `position` - 1; `ingested_at` is shown as in `/v1/events`."""
    return leaf_hash(
        f'{{"commitment":"{committed.hex()}","ingested_at":"{ingested_at.isoformat()}","position":{position}}}'.encode()
    )
