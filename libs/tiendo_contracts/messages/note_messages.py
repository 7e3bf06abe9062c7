"""Signed checkpoints over Kafka: no CloudEvents, but the notes as they are, which any program that reads signed notes verifies."""

from typing import Any, Final
from uuid import UUID

from tiendo_contracts.messages.encoding import Record
from tiendo_contracts.proofs.notes import name_of_log

NOTE_TYPE: Final = "text/plain; charset=utf-8"
NOTE_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "description": "a signed note: a line each of the log's origin, the number of its events and the root of the tree in base64, an empty line, "
    "and a line for each signature (a dash, the key's name, and in base64 the key's id with the signature by Ed25519)",
    "pattern": r"^tiendo/[0-9a-f-]{36}\n(0|[1-9][0-9]{0,18})\n[A-Za-z0-9+/]{43}=\n([^\n—][^\n]*\n)*\n(— \S+ [A-Za-z0-9+/=]+\n)+$",
}
NOTE_HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "description": "values are UTF-8",
    "properties": {
        "content-type": {"type": "string", "const": NOTE_TYPE},
        "log-id": {"type": "string", "format": "uuid", "description": "the log, as `logid` of other messages"},
    },
    "required": ["content-type", "log-id"],
}


def checkpoint_record(note: str, *, log_id: UUID) -> Record:
    """The record of a signed checkpoint of the log; its key is the checkpoint's origin."""
    return Record(
        key=name_of_log(log_id).encode(),
        value=note.encode(),
        headers=[("content-type", NOTE_TYPE.encode()), ("log-id", str(log_id).encode())],
    )
