"""Another name for the log, another key: each ends with a last checkpoint under the old one, and is a fact that the old key has signed."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.house_facts import house_event
from tiendo_contracts.proofs.merkle import EMPTY_ROOT
from tiendo_contracts.proofs.notes import NoteKey, name_of_log, read_note
from tiendo_event_store import EventLog
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.appending.appending_transaction import Beside
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import RelayAtWork, SigningRefused
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.outcomes import Appended
from tiendo_event_store.proofs.checkpoints import StoredCheckpoint, last_checkpoint
from tiendo_event_store.proofs.log_facts import (
    KEY_ROTATED,
    RENAMED,
    Rename,
    loss_text,
    rotation_text,
    rotations,
    trusted_keys,
)
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.tiles import covered
from tiendo_event_store.publication import relay_is_at_work
from tiendo_event_store.stored import house_candidate

_RENAME: Final = "UPDATE tiendo.log_identity SET log_id = $1, drawn_at = clock_timestamp()"
_FORGET_FEEDS: Final = """
DELETE FROM tiendo.relay_agency_cases;
DELETE FROM tiendo.relay_cursors;
DELETE FROM tiendo.relay_partitions;
DELETE FROM tiendo.relay_feeds
"""


async def renew_log_id(signer: Signer, *, entered_by: str, at: datetime) -> UUID:
    """The new name that the log has from now on; what was noted of the relaying of the old one is forgotten. The signer's engine is the owner's.

    Raises RelayAtWork: what a relay sends under the old name may not lie behind the new one. Raises SigningRefused where what is stored
    contradicts itself; that the file of checkpoints knows of a longer log is what a restore looks like, and no reason.
    """
    async with signer.engine.connect() as connection:
        if await relay_is_at_work(connection):
            raise RelayAtWork
    was, now = await EventLog(signer.engine).log_id(), uuid4()
    last = await _last_under_the_name(signer)
    rename = Rename(
        was=was,
        now=now,
        size=0 if last is None else last.size,
        root=EMPTY_ROOT if last is None else last.root,
        signature=b"",
    )
    data = {
        "old_log_id": str(was),
        "new_log_id": str(now),
        "size": rename.size,
        "root_hash": rename.root.hex(),
        "entered_by": entered_by,
        "signature": signer.key.sign(rename.signed()).hex(),
    }

    async def beside(driver: asyncpg.Connection) -> None:
        await driver.execute(_RENAME, now)
        await driver.execute(_FORGET_FEEDS)

    await _append(signer.engine, house_event(RENAMED, str(now), data, at=at), beside)
    return now


async def rotate_key(signer: Signer, new: Ed25519PrivateKey, *, entered_by: str, at: datetime) -> int:
    """The position of the fact that from now on the log's checkpoints are signed by the `new` key. Raises SigningRefused."""
    await signer.last_turn()
    log_id = await EventLog(signer.engine).log_id()
    name, key = name_of_log(log_id), NoteKey(new.public_key().public_bytes_raw())
    data = {
        "old_key": signer.public.verifier_key(name),
        "new_key": key.verifier_key(name),
        "entered_by": entered_by,
        "signature": signer.key.sign(rotation_text(signer.public, key)).hex(),
        "acceptance": new.sign(rotation_text(signer.public, key)).hex(),
    }
    return await _append(signer.engine, house_event(KEY_ROTATED, str(log_id), data, at=at), None)


async def replace_lost_key(signer: Signer, was: NoteKey, *, entered_by: str, at: datetime) -> int:
    """The position of the fact that the signer's key takes the place of the key `was`, which is lost and signed the last checkpoint.

    There is no last checkpoint under the old key. Raises SigningRefused where another key signed the last one, or none is stored.
    """
    with unavailable_when_unreachable():
        async with lent_driver(signer.engine) as driver:
            last, facts = await last_checkpoint(driver), await rotations(driver)
    signers = trusted_keys(was, facts)
    if last is None or not any(read_note(last.note).is_signed_by(key) for key in signers):
        raise SigningRefused(
            "the last checkpoint stored is not signed by that key: give the verifier key that `tiendo log key` printed last"
        )
    log_id = await EventLog(signer.engine).log_id()
    name = name_of_log(log_id)
    data = {
        "old_key": was.verifier_key(name),
        "new_key": signer.public.verifier_key(name),
        "lost": True,
        "entered_by": entered_by,
        "acceptance": signer.key.sign(loss_text(was, signer.public)).hex(),
    }
    return await _append(signer.engine, house_event(KEY_ROTATED, str(log_id), data, at=at), None)


async def _last_under_the_name(signer: Signer) -> StoredCheckpoint | None:
    """A checkpoint over all that the log holds, or, where the file knows of a longer log, the last one that is stored and holds."""
    try:
        return await signer.last_turn()
    except SigningRefused:
        without_file = replace(signer, file=Path("/nonexistent"))
        with unavailable_when_unreachable():
            async with lent_driver(signer.engine) as driver:
                return await without_file.check(driver, await covered(driver))


async def _append(engine: AsyncEngine, fact: dict[str, object], beside: Beside | None) -> int:
    async with Appender(engine) as appender:
        [outcome] = await appender.append([house_candidate(fact)], beside=beside)
    assert isinstance(outcome, Appended)  # noqa: S101 - its instant is of this moment
    return outcome.position
