"""Signing checkpoints: one process at a time, and only where all that was signed before is the beginning of what the log holds now."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.advisory_locks import SIGNER
from tiendo_contracts.proofs.notes import (
    NoteInvalidError,
    NoteKey,
    SignedNote,
    log_of_name,
    name_of_log,
    read_note,
    signed_note,
)
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import SigningRefused
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.proofs.checkpoint_file import append_notes, file_end, mend_end, sole_writer
from tiendo_event_store.proofs.checkpoints import (
    StoredCheckpoint,
    checkpoints_after,
    keep_checkpoint,
    last_checkpoint,
    number_of,
)
from tiendo_event_store.proofs.covering import cover, read_leaves
from tiendo_event_store.proofs.log_facts import Rename, renames, rotations, trusted_keys
from tiendo_event_store.proofs.tiles import TILE, TilesMissingError, covered, leaf_hashes, root_of

_NOTES_AT_ONCE: Final = 1_000
_COVERED_AT_ONCE: Final = 20_000
"""Events by which the tree grows in a transaction."""
_WAITS_MAX: Final = 100
_WAIT_SECONDS: Final = 0.1
_HEAD: Final = "SELECT coalesce(max(position), 0) FROM tiendo.events"
_LOG_ID: Final = "SELECT log_id FROM tiendo.log_identity"
_LOOK: Final = "see `tiendo log verify`; nothing is signed until it holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs, and the file to which every checkpoint is appended."""

    engine: AsyncEngine
    key: Ed25519PrivateKey
    file: Path

    @property
    def public(self) -> NoteKey:
        """The public half of the key."""
        return NoteKey(self.key.public_key().public_bytes_raw())

    async def take_turn(self) -> StoredCheckpoint | None:
        """The checkpoint over all that the log holds, signed now unless nothing is new; None while another process is at it.

        Raises SigningRefused where what was signed before is no beginning of the log, LogUnavailable, and OSError for the file.
        """
        with unavailable_when_unreachable():
            async with lent_driver(self.engine) as driver:
                while True:
                    async with _alone(driver) as alone:
                        if not alone:
                            return None
                        checkpoint = await self._signed(driver)
                    if checkpoint is not None:
                        await self._append_to_file(driver)
                        return checkpoint

    async def last_turn(self) -> StoredCheckpoint:
        """The same, waiting a little for another process that is at it. Raises SigningRefused also if that takes long."""
        for _ in range(_WAITS_MAX):
            checkpoint = await self.take_turn()
            if checkpoint is not None:
                return checkpoint
            await asyncio.sleep(_WAIT_SECONDS)
        raise SigningRefused("another process has been signing for long; try again")

    async def why_refused(self) -> str | None:
        """Why nothing would be signed now; None when all that was signed before is a beginning of the log."""
        with unavailable_when_unreachable():
            async with lent_driver(self.engine) as driver:
                try:
                    await self.check(driver, await covered(driver))
                except SigningRefused as refused:
                    return str(refused)
        return None

    async def _signed(self, driver: asyncpg.Connection) -> StoredCheckpoint | None:
        """The checkpoint over the whole log, or None after the tree has grown by a stretch and has to grow on."""
        size = reached = await covered(driver)
        head = int(await driver.fetchval(_HEAD))
        last = await self.check(driver, size)
        while reached < min(head, size + _COVERED_AT_ONCE):
            reached = await self._covered(driver, reached, head)
        if reached < head:
            return None
        if last is not None and (last.size, last.log_id) == (reached, await self._log_id(driver)):
            return last
        return await self.sign(driver, reached)

    async def _covered(self, driver: asyncpg.Connection, size: int, head: int) -> int:
        """How many events the tree has, grown by a stretch."""
        try:
            reached = await cover(driver, size, head)
        except ValueError as error:
            raise SigningRefused(f"an event behind position {size} has a text that is no JSON; {_LOOK}") from error
        if reached == size:
            raise SigningRefused(f"position {size + 1} is missing from the log; {_LOOK}")
        return reached

    async def sign(self, driver: asyncpg.Connection, size: int) -> StoredCheckpoint:
        """A checkpoint over the first `size` events, which the tree covers, stored in the caller's transaction."""
        log_id = await self._log_id(driver)
        root = await root_of(driver, size)
        note = signed_note(self.key, origin=name_of_log(log_id), size=size, root=root)
        return await keep_checkpoint(driver, log_id, size, root, note.whole)

    async def check(self, driver: asyncpg.Connection, size: int) -> StoredCheckpoint | None:
        """The last stored checkpoint. Raises SigningRefused where it, the file's last note, or the edge of the tree contradicts the log."""
        names = await renames(driver)
        keys = trusted_keys(self.public, await rotations(driver))
        await _check_edge(driver, size)
        last = await last_checkpoint(driver)
        if last is not None:
            note = _read(last.note)
            if not any(note.is_signed_by(key) for key in keys) or (note.size, note.root) != (last.size, last.root):
                raise SigningRefused(
                    f"the last checkpoint stored, of {last.size} events, is not signed by the log's key, nor by one that signed over to it: "
                    "put the right key into TIENDO_LOG_KEY_FILE, or see `tiendo log verify`"
                )
            await _check_prefix(driver, note, size, "the last checkpoint stored")
        await self._check_file(driver, size, names, keys)
        return last

    async def _check_file(
        self, driver: asyncpg.Connection, size: int, names: Sequence[Rename], keys: Sequence[NoteKey]
    ) -> None:
        try:
            end = file_end(self.file)
        except NoteInvalidError as error:
            raise SigningRefused(f"the end of the file of checkpoints cannot be read: {error}; {_LOOK}") from error
        note = end.note
        if note is None:
            await _check_beginning(driver, end.torn)
            return
        log_id = await self._log_id(driver)
        if note.origin != name_of_log(log_id):
            if log_of_name(note.origin) in former_names(log_id, names, keys):
                return
            raise SigningRefused(
                f"the last note in the file of checkpoints is of another log, {note.origin}: set TIENDO_CHECKPOINTS to a file of this log's own"
            )
        await _check_prefix(driver, note, size, "the last note in the file of checkpoints")

    async def _append_to_file(self, driver: asyncpg.Connection) -> None:
        """Append what the file lacks: what was signed since its last note, by whichever process; a note that was cut short is mended first."""
        with sole_writer(self.file) as alone:
            if not alone:
                return  # whoever writes appends this as well, or the next turn does
            end = file_end(self.file)
            number = await self._number_of_last(driver, end.note)
            if end.torn:
                following = await checkpoints_after(driver, number, 1)
                number += mend_end(self.file, end.torn, following[0].note if following else None)
            while checkpoints := await checkpoints_after(driver, number, _NOTES_AT_ONCE):
                append_notes(self.file, [checkpoint.note for checkpoint in checkpoints])
                number = checkpoints[-1].number

    async def _number_of_last(self, driver: asyncpg.Connection, note: SignedNote | None) -> int:
        """The number of the last checkpoint that need not be appended to a file with that last note."""
        number = 0 if note is None else await number_of(driver, note.whole, note.size)
        if number is not None:
            return number
        last = await last_checkpoint(driver)
        return 0 if last is None else last.number - 1

    async def _log_id(self, driver: asyncpg.Connection) -> UUID:
        return UUID(str(await driver.fetchval(_LOG_ID)))


async def was_ever_signed(engine: AsyncEngine) -> bool:
    """Whether a checkpoint of the log is stored. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            return await last_checkpoint(driver) is not None


async def key_in_force(engine: AsyncEngine) -> NoteKey | None:
    """The key that the last rotation put in force; None where there was none. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            facts = await rotations(driver)
    return facts[-1].now if facts else None


def former_names(log_id: UUID, names: Sequence[Rename], keys: Sequence[NoteKey]) -> dict[UUID, Rename]:
    """The names that the log had before, each with the rename that ended it, by the facts that one of the keys has signed."""
    former: dict[UUID, Rename] = {}
    for rename in reversed(names):
        if rename.now == log_id and any(key.verifies(rename.signature, rename.signed()) for key in keys):
            former[rename.was] = rename
            log_id = rename.was
    return former


@asynccontextmanager
async def _alone(driver: asyncpg.Connection) -> AsyncIterator[bool]:
    """A transaction that is the only one of its kind; False where there is another."""
    async with driver.transaction():
        yield bool(await driver.fetchval(f"SELECT pg_try_advisory_xact_lock({SIGNER.key})"))


async def _check_edge(driver: asyncpg.Connection, size: int) -> None:
    """Whether the youngest leaves of the tree are what the log has at their positions: an end that was cut off shows here at once."""
    start = max(0, size - 1) // TILE * TILE
    stored = await leaf_hashes(driver, start, size)
    try:
        found = await read_leaves(driver, start, size)
    except ValueError as error:
        raise SigningRefused(f"an event behind position {start} has a text that is no JSON; {_LOOK}") from error
    if found != stored:
        place = next((place for place, pair in enumerate(zip(found, stored, strict=False)) if pair[0] != pair[1]), None)
        position = start + 1 + (len(found) if place is None else place)
        raise SigningRefused(f"the log does not hold at position {position} what the tree over it holds; {_LOOK}")


async def _check_beginning(driver: asyncpg.Connection, torn: bytes) -> None:
    """Whether a file without any note is empty, or holds the beginning of the very first one."""
    first = await checkpoints_after(driver, 0, 1)
    if torn and not (first and first[0].note.encode().startswith(torn)):
        raise SigningRefused(
            "the file of checkpoints holds no checkpoint, but something else: put its copy back, or set TIENDO_CHECKPOINTS to another file"
        )


async def _check_prefix(driver: asyncpg.Connection, note: SignedNote, size: int, which: str) -> None:
    if note.size > size:
        raise SigningRefused(
            f"{which} is of {note.size} events, and the tree has {size}: if the database was restored from a backup, "
            "run `tiendo log renew-id`; else see `tiendo log verify`"
        )
    try:
        holds = await root_of(driver, note.size) == note.root
    except TilesMissingError as error:
        raise SigningRefused(f"{error}; {_LOOK}") from error
    if not holds:
        raise SigningRefused(f"{which}, of {note.size} events, contradicts the log; {_LOOK}")


def _read(note: str) -> SignedNote:
    try:
        return read_note(note)
    except NoteInvalidError as error:
        raise SigningRefused(f"the last checkpoint stored cannot be read: {error}; {_LOOK}") from error
