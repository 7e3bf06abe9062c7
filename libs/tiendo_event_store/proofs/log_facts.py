"""What was done to the log itself, as facts of it: another name, another key, a text redacted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from tiendo_contracts.proofs.notes import NoteInvalidError, NoteKey, key_of_verifier, name_of_log

RENAMED: Final = "vn.tiendo.log.renamed.v1"
KEY_ROTATED: Final = "vn.tiendo.log.key-rotated.v1"
REDACTED: Final = "vn.tiendo.log.redacted.v1"

_FACTS: Final = """
SELECT position, text FROM tiendo.events WHERE shard IS NULL AND type = $1 AND position > $2 ORDER BY position
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """The log had the name `was` up to `size` events, with that root, and has had the name `now` since."""

    was: UUID
    now: UUID
    size: int
    root: bytes
    signature: bytes

    def signed(self) -> bytes:
        """What the key of the old name has signed."""
        return f"{name_of_log(self.was)}\n{name_of_log(self.now)}\n{self.size}\n{self.root.hex()}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """From the fact at `position` on the log's checkpoints are signed by the key `now`. `signature` is by the old key, `acceptance` by the new.

    Where the old key was lost it has signed nothing: the new one alone says that it was the log's before.
    """

    position: int
    was: NoteKey
    now: NoteKey
    signature: bytes
    acceptance: bytes
    lost: bool = False

    @property
    def holds(self) -> bool:
        """Whether both keys have signed it: else anybody's key could say of itself that it was the log's before."""
        if self.lost:
            return self.now.verifies(self.acceptance, loss_text(self.was, self.now))
        text = rotation_text(self.was, self.now)
        return self.was.verifies(self.signature, text) and self.now.verifies(self.acceptance, text)


def rotation_text(was: NoteKey, now: NoteKey) -> bytes:
    """What both keys sign when one takes the place of the other."""
    return f"tiendo log key\n{was.raw.hex()}\n{now.raw.hex()}\n".encode()


def loss_text(was: NoteKey, now: NoteKey) -> bytes:
    """What the new key signs when it takes the place of one that was lost."""
    return f"tiendo log key lost\n{was.raw.hex()}\n{now.raw.hex()}\n".encode()


async def renames(driver: asyncpg.Connection) -> list[Rename]:
    """Every name that the log has had before, in order; what cannot be read is none."""
    return [found for _, data in await _facts(driver, RENAMED) if (found := _rename(data)) is not None]


async def rotations(driver: asyncpg.Connection) -> list[Rotation]:
    """Every key that gave way to another, in order; what cannot be read is none."""
    facts = await _facts(driver, KEY_ROTATED)
    return [found for position, data in facts if (found := _rotation(position, data)) is not None]


def trusted_keys(key: NoteKey, facts: Sequence[Rotation]) -> list[NoteKey]:
    """The key, and those before it, one after the other, that have signed over to the next with its consent."""
    trusted = [key]
    for fact in reversed(facts):
        if fact.now == trusted[-1] and fact.holds:
            trusted.append(fact.was)
    return trusted


async def _facts(driver: asyncpg.Connection, fact_type: str, after: int = 0) -> list[tuple[int, Mapping[str, Any]]]:
    rows = await driver.fetch(_FACTS, fact_type, after)
    return [(position, data) for position, text in rows if (data := data_of(text)) is not None]


def data_of(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """What a fact says; None for a text that is no event: whoever owns the database can put anything there."""
    try:
        return json.loads(text)["data"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None


def _rename(data: Mapping[str, Any]) -> Rename | None:
    try:
        return Rename(
            was=UUID(data["old_log_id"]),
            now=UUID(data["new_log_id"]),
            size=int(data["size"]),
            root=bytes.fromhex(data["root_hash"]),
            signature=bytes.fromhex(data["signature"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _rotation(position: int, data: Mapping[str, Any]) -> Rotation | None:
    try:
        return Rotation(
            position=position,
            was=key_of_verifier(data["old_key"]),
            now=key_of_verifier(data["new_key"]),
            signature=bytes.fromhex(data.get("signature", "")),
            acceptance=bytes.fromhex(data["acceptance"]),
            lost=data.get("lost") is True,
        )
    except (KeyError, ValueError, TypeError, AttributeError, NoteInvalidError):
        return None
