"""Another name, another key: the log goes on, what was signed before stays proved, and a restored backup is known for what it is."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import event

from tiendo_contracts.events.house_facts import house_event
from tiendo_contracts.proofs.notes import NoteKey, name_of_log
from tiendo_event_store import BulkLoader, EventLog
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import SigningRefused
from tiendo_event_store.proofs.checkpoint_file import all_notes
from tiendo_event_store.proofs.log_facts import KEY_ROTATED, loss_text, rotation_text, rotations, trusted_keys
from tiendo_event_store.proofs.log_findings import Verification
from tiendo_event_store.proofs.renewing import renew_log_id, replace_lost_key, rotate_key
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.verifying import HeldNotes, LogVerifier
from tiendo_event_store.stored import house_candidate

AT = datetime(2026, 11, 30, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NEW_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


@pytest.fixture
def signer(engine: AsyncEngine, tmp_path: Path) -> Signer:
    return Signer(engine=engine, key=KEY, file=tmp_path / "checkpoints")


async def signed(signer: Signer, *names: str) -> int:
    async with BulkLoader(signer.engine) as loader:
        await loader.append([event(name) for name in names])
    return (await signer.last_turn()).size


async def verified(signer: Signer, *, given: bool = False) -> Verification:
    held = HeldNotes(whence="notes", notes=all_notes(signer.file), own=not given)
    async with lent_driver(signer.engine) as driver:
        verifier = LogVerifier(driver=driver, key=signer.public, held=[held])
        async for _ in verifier.verify():
            pass
    return verifier.outcome


async def test_a_rotated_key_signs_on_and_what_the_old_one_signed_still_holds(signer: Signer) -> None:
    await signed(signer, "a")
    position = await rotate_key(signer, NEW_KEY, entered_by="test", at=AT)
    rotated = replace(signer, key=NEW_KEY)
    assert await signed(rotated, "b") == position + 1
    assert (await verified(rotated)).findings == []
    with pytest.raises(SigningRefused, match="not signed by the log's key"):
        await signed(signer, "c")
    other = replace(signer, key=Ed25519PrivateKey.generate())
    assert any("not signed by a key of this log" in one.message for one in (await verified(other)).findings)


async def test_a_key_that_says_of_itself_that_it_was_the_logs_before_is_not_trusted(signer: Signer) -> None:
    """Whoever writes into the database can make a key and have it sign over to the log's: the log's has not consented."""
    await signed(signer, "a")
    name = name_of_log(await EventLog(signer.engine).log_id())
    forged = replace(signer, key=Ed25519PrivateKey.generate())
    signature = forged.key.sign(rotation_text(forged.public, signer.public)).hex()
    data = {
        "old_key": forged.public.verifier_key(name),
        "new_key": signer.public.verifier_key(name),
        "signature": signature,
    }
    async with Appender(signer.engine) as appender:
        for acceptance in ({}, {"acceptance": signature}):
            fact = house_event(KEY_ROTATED, name, {**data, **acceptance}, at=AT)
            await appender.append([house_candidate(fact)])
    async with lent_driver(signer.engine) as driver:
        assert trusted_keys(signer.public, await rotations(driver)) == [signer.public]


async def test_a_renamed_log_ends_its_old_name_with_a_checkpoint_and_begins_the_new_one_with_the_next(
    signer: Signer,
) -> None:
    await signed(signer, "a")
    was = await EventLog(signer.engine).log_id()
    async with BulkLoader(signer.engine) as loader:
        await loader.append([event("b")])
    now = await renew_log_id(signer, entered_by="test", at=AT)
    assert now != was
    head = await signed(signer, "c")
    notes = [(note.origin, note.size) for note in all_notes(signer.file)]
    assert notes == [(name_of_log(was), 3), (name_of_log(was), 4), (name_of_log(now), head)]
    assert (await verified(signer)).findings == []


async def test_a_restored_log_signs_again_once_it_has_another_name_and_what_was_lost_holds_for_nobody(
    signer: Signer, owner_engine: AsyncEngine
) -> None:
    size = await signed(signer, "a", "b")
    await signed(signer, "c")
    async with owner_engine.begin() as connection:  # what a backup had that was taken before the third event
        for table in ("events", "log_tiles", "log_checkpoints"):
            await connection.execute(text(f"ALTER TABLE tiendo.{table} DISABLE TRIGGER USER"))
        await connection.execute(text(f"DELETE FROM tiendo.events WHERE position > {size}"))
        await connection.execute(text(f"UPDATE tiendo.log_tiles SET hashes = substring(hashes for {32 * size})"))
        await connection.execute(text(f"DELETE FROM tiendo.log_checkpoints WHERE size > {size}"))
    with pytest.raises(SigningRefused, match="restored from a backup"):
        await signed(signer)
    await renew_log_id(signer, entered_by="test", at=AT)
    await signed(signer, "d")
    assert (await verified(signer)).findings == []
    outcome = await verified(signer, given=True)
    assert ["after a restore" in one.message for one in outcome.findings] == [True]


async def test_notes_that_an_editor_has_saved_are_read(signer: Signer, tmp_path: Path) -> None:
    await signed(signer, "a")
    saved = tmp_path / "saved.txt"
    text = signer.file.read_text(encoding="utf-8").strip()
    saved.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert list(all_notes(saved)) == list(all_notes(signer.file))


async def test_a_name_that_somebody_else_gave_the_log_is_none(signer: Signer, owner_engine: AsyncEngine) -> None:
    await signed(signer, "a")
    async with owner_engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.log_identity SET log_id = gen_random_uuid()"))
    with pytest.raises(SigningRefused, match="is of another log"):
        await signed(signer, "b")


async def test_a_lost_key_gives_way_to_one_that_says_so_and_what_it_signed_still_holds(signer: Signer) -> None:
    await signed(signer, "a")
    found = replace(signer, key=NEW_KEY)
    with pytest.raises(SigningRefused, match="not signed by the log's key"):
        await signed(found, "b")
    position = await replace_lost_key(found, signer.public, entered_by="test", at=AT)
    assert await signed(found, "c") > position
    assert (await verified(found)).findings == []
    # Who trusts the old key alone is told: nothing that it signed leads to the new one.
    assert any("not signed by a key of this log" in one.message for one in (await verified(signer)).findings)


async def test_only_the_key_that_signed_last_can_be_lost(signer: Signer) -> None:
    await signed(signer, "a")
    found = replace(signer, key=NEW_KEY)
    other = NoteKey(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    with pytest.raises(SigningRefused, match="not signed by that key"):
        await replace_lost_key(found, other, entered_by="test", at=AT)


async def test_a_key_that_says_of_another_that_it_was_lost_is_not_trusted_for_it(signer: Signer) -> None:
    """Whoever writes into the database may say so of any key, but not with the log's own."""
    await signed(signer, "a")
    name = name_of_log(await EventLog(signer.engine).log_id())
    forged = replace(signer, key=Ed25519PrivateKey.generate())
    data = {
        "old_key": forged.public.verifier_key(name),
        "new_key": signer.public.verifier_key(name),
        "lost": True,
        "acceptance": forged.key.sign(loss_text(forged.public, signer.public)).hex(),
    }
    async with Appender(signer.engine) as appender:
        await appender.append([house_candidate(house_event(KEY_ROTATED, name, data, at=AT))])
    async with lent_driver(signer.engine) as driver:
        assert trusted_keys(signer.public, await rotations(driver)) == [signer.public]
