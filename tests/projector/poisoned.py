"""Records that no log can have sent, though their digests hold: whoever may write to a topic can put them there."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from tiendo_contracts.texts.canonical_json import digest

CASE = b"HS-00001"


def poisoned(key: bytes = CASE, place: Mapping[str, str] | None = None, **members: Any) -> tuple[bytes, bytes]:
    """Key and value of a message of a log of its own: whole but for what is given."""
    event = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/elsewhere",
        "type": "vn.tiendo.case.received.v1",
        "subject": key.decode(),
        "time": "2026-01-05T08:00:00+07:00",
        "data": {},
        **members,
    }
    where = {
        "logid": str(uuid.uuid4()),
        "position": "1",
        "previousposition": "0",
        "ingestedat": "2026-01-05T01:00:00Z",
        **(place or {}),
    }
    return key, json.dumps({**event, **where, "digest": digest(event).hex()}).encode()


CASE_RECORDS: Mapping[str, tuple[bytes, bytes]] = {
    "nothing": (CASE, b""),
    "no JSON": (CASE, b"{"),
    "no object": (CASE, b"[]"),
    "no event": (CASE, b'{"data": 1}'),
    "no log": (CASE, b'{"logid": "x", "position": "9"}'),
    "too deep": (CASE, b"[" * 100_000),
    "zero in an id": poisoned(id="a\x00b"),
    "id without characters": poisoned(id=""),
    "no id": poisoned(id=None),
    "a number for a source": poisoned(source=5),
    "a case longer than any": poisoned(key=b"HS-" * 5_000),
    "position beyond any": poisoned(place={"position": str(2**63)}),
    "predecessor below any": poisoned(place={"previousposition": "-1"}),
    "taken at no instant": poisoned(place={"ingestedat": "2026-01-05T01:00:00"}),
    "taken before time began": poisoned(place={"ingestedat": "0001-01-01T00:00:00+14:00"}),
    "another case in the key": (b"HS-00002", poisoned()[1]),
}
DIRECTORY_RECORDS: Mapping[str, tuple[bytes, bytes]] = {
    "a fact that says nothing": poisoned(type="vn.tiendo.directory.unit-defined.v1"),
    "an event of a case": poisoned(),
    "no fact": poisoned(type="vn.tiendo.directory.unit-defined.v1", data=[]),
}
