"""Checkpoints: one signer, only over a log that begins with all that was signed before, and each of them in the file."""

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import event
from tests.proofs.outsider import opened_note

from tiendo_contracts.database.advisory_locks import SIGNER
from tiendo_contracts.proofs.notes import name_of_log, read_notes
from tiendo_event_store import CoalescingWriter, EventLog, LogUnavailable
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import SigningRefused
from tiendo_event_store.proofs import signing
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.proofs.tiles import covered

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def signer(engine: AsyncEngine, tmp_path: Path) -> Signer:
    return Signer(engine=engine, key=KEY, file=tmp_path / "checkpoints")


async def append(engine: AsyncEngine, *names: str) -> int:
    async with CoalescingWriter(engine) as writer:
        await writer.append([event(name) for name in names])
    return await EventLog(engine).head()


async def change(owner_engine: AsyncEngine, statement: str) -> None:
    async with owner_engine.begin() as connection:
        for table in ("events", "log_tiles", "log_checkpoints"):
            await connection.execute(text(f"ALTER TABLE tiendo.{table} DISABLE TRIGGER USER"))
        await connection.execute(text(statement))


async def test_every_checkpoint_is_signed_once_and_stands_in_the_file(engine: AsyncEngine, signer: Signer) -> None:
    sizes = []
    for names in (["a", "b"], ["c"], []):
        head = await append(engine, *names)
        checkpoint = await signer.take_turn()
        assert checkpoint is not None
        assert checkpoint.size == head
        sizes.append(head)
    notes = list(read_notes(signer.file.read_text()))
    assert [note.size for note in notes] == sizes[:2]
    name = name_of_log(await EventLog(engine).log_id())
    assert [opened_note(note.whole, signer.public.verifier_key(name))[1] for note in notes] == sizes[:2]


async def test_what_one_signer_signed_stands_in_the_others_file_too(
    engine: AsyncEngine, signer: Signer, tmp_path: Path
) -> None:
    other = Signer(engine=engine, key=KEY, file=tmp_path / "others")
    await append(engine, "a")
    await signer.take_turn()
    await append(engine, "b")
    await other.take_turn()
    await signer.take_turn()
    assert signer.file.read_text() == other.file.read_text()


async def test_of_several_signers_one_is_at_work(engine: AsyncEngine, signer: Signer) -> None:
    await append(engine, "a")
    async with engine.connect() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({SIGNER.key})"))
        assert await signer.take_turn() is None
    assert len({one.number for one in await asyncio.gather(*(signer.take_turn() for _ in range(5))) if one}) == 1


REFUSED = {
    "an event of the end altered": (
        "UPDATE tiendo.events SET text = replace(text, 'CC-0001', 'CC-0002')",
        "position 3",
    ),
    "an instant altered": (
        "UPDATE tiendo.events SET ingested_at = ingested_at + interval '1 s' WHERE position = 4",
        "position 4",
    ),
    "the end cut off": ("DELETE FROM tiendo.events WHERE position > 3", "position 4"),
    "a hash altered": (
        "UPDATE tiendo.log_tiles SET hashes = sha256(hashes) || substring(hashes from 33)",
        "position 1",
    ),
    "the tree cut off": ("DELETE FROM tiendo.log_tiles", "the tree has 0"),
    "a checkpoint of another key": (
        "UPDATE tiendo.log_checkpoints SET note = overlay(note placing 'AAAA' from 190 for 4)",
        "not signed by the log's key",
    ),
    "no checkpoint left": ("DELETE FROM tiendo.log_checkpoints; DELETE FROM tiendo.log_tiles", "last note in the file"),
    "text that is no JSON": ("UPDATE tiendo.events SET text = 'x' WHERE position = 4", "no JSON"),
}


@pytest.mark.parametrize("tampering", REFUSED)
async def test_nothing_is_signed_over_what_contradicts_what_was_signed(
    engine: AsyncEngine, owner_engine: AsyncEngine, signer: Signer, tampering: str
) -> None:
    await append(engine, "a", "b", "c")
    await signer.take_turn()
    assert await signer.why_refused() is None
    statement, word = REFUSED[tampering]
    for part in statement.split("; "):
        await change(owner_engine, part)
    with pytest.raises(SigningRefused, match=word):
        await signer.take_turn()
    assert word in str(await signer.why_refused())
    assert len(list(read_notes(signer.file.read_text()))) == 1


async def test_a_whole_log_written_anew_contradicts_the_file(
    engine: AsyncEngine, owner_engine: AsyncEngine, signer: Signer, tmp_path: Path
) -> None:
    await append(engine, "a", "b", "c")
    await signer.take_turn()
    await change(owner_engine, "UPDATE tiendo.events SET text = replace(text, 'CC-0001', 'CC-0002')")
    await change(owner_engine, "DELETE FROM tiendo.log_tiles")
    await change(owner_engine, "DELETE FROM tiendo.log_checkpoints")
    await Signer(engine=engine, key=KEY, file=tmp_path / "forged").take_turn()
    with pytest.raises(SigningRefused, match="last note in the file of checkpoints, of 5 events, contradicts the log"):
        await signer.take_turn()


async def test_a_signer_that_ends_between_the_tree_and_the_checkpoint_leaves_both_as_they_were(
    engine: AsyncEngine, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(*_: object) -> None:
        raise ConnectionResetError

    await append(engine, "a")
    await signer.take_turn()
    head = await append(engine, *(f"b-{number}" for number in range(600)))
    with monkeypatch.context() as patched:
        patched.setattr(signing, "keep_checkpoint", ended)
        with pytest.raises(LogUnavailable):
            await signer.take_turn()
    async with lent_driver(engine) as driver:
        assert await covered(driver) == 3
    checkpoint = await signer.take_turn()
    assert checkpoint is not None
    assert checkpoint.size == head
    assert [note.size for note in read_notes(signer.file.read_text())] == [3, head]


async def test_a_checkpoint_that_never_came_to_the_file_comes_with_the_next(
    engine: AsyncEngine, signer: Signer, tmp_path: Path
) -> None:
    await append(engine, "a")
    await Signer(engine=engine, key=KEY, file=tmp_path / "lost").take_turn()
    await append(engine, "b")
    await signer.take_turn()
    assert [note.size for note in read_notes(signer.file.read_text())] == [3, 4]


async def test_a_key_that_is_not_the_logs_signs_nothing(engine: AsyncEngine, signer: Signer) -> None:
    await append(engine, "a")
    await signer.take_turn()
    other = Signer(engine=engine, key=Ed25519PrivateKey.generate(), file=signer.file)
    with pytest.raises(SigningRefused, match="not signed by the log's key"):
        await other.take_turn()


async def two_notes(engine: AsyncEngine, signer: Signer) -> tuple[str, str]:
    """The file's text when the log was signed once, and when it was signed again."""
    texts = []
    for name in ("a", "b"):
        await append(engine, name)
        await signer.take_turn()
        texts.append(signer.file.read_text())
    return texts[0], texts[1]


@pytest.mark.parametrize("cut", [1, 2, 3, 40, 100, 150])
async def test_a_note_that_a_crash_cut_short_is_completed_and_signing_goes_on(
    engine: AsyncEngine, signer: Signer, cut: int
) -> None:
    first, both = await two_notes(engine, signer)
    signer.file.write_text(both[:-cut])
    await signer.take_turn()
    assert signer.file.read_text().rstrip("\n") == both.rstrip("\n")
    head = await append(engine, "c")
    await signer.take_turn()
    assert [note.size for note in read_notes(signer.file.read_text())][-1] == head
    assert len(list(read_notes(signer.file.read_text()))) == 3
    assert first in signer.file.read_text()


async def test_the_very_first_note_is_completed_as_well(engine: AsyncEngine, signer: Signer) -> None:
    await append(engine, "a")
    await signer.take_turn()
    whole = signer.file.read_text()
    signer.file.write_text(whole[:30])
    await signer.take_turn()
    assert signer.file.read_text() == whole


async def test_an_end_that_is_no_beginning_of_a_note_is_put_aside(engine: AsyncEngine, signer: Signer) -> None:
    """What a file system has left of a write is often zeros."""
    first, both = await two_notes(engine, signer)
    signer.file.write_bytes(first.encode() + bytes(200))
    await signer.take_turn()
    assert signer.file.read_text() == both
    assert signer.file.with_name(f"{signer.file.name}.torn").read_bytes() == bytes(200) + b"\n"


async def test_nothing_is_signed_beside_a_file_that_holds_something_else(engine: AsyncEngine, signer: Signer) -> None:
    await two_notes(engine, signer)
    signer.file.write_text("Dear diary,\n")
    with pytest.raises(SigningRefused, match="holds no checkpoint, but something else"):
        await signer.take_turn()
    assert signer.file.read_text() == "Dear diary,\n"


async def test_a_last_line_without_its_empty_line_is_a_whole_note(engine: AsyncEngine, signer: Signer) -> None:
    _, both = await two_notes(engine, signer)
    signer.file.write_text(both[:-1])
    await append(engine, "c")
    await signer.take_turn()
    await append(engine, "d")
    await signer.take_turn()
    assert len(list(read_notes(signer.file.read_text()))) == 4


async def test_two_signers_of_one_file_write_one_after_the_other(engine: AsyncEngine, signer: Signer) -> None:
    other = Signer(engine=engine, key=KEY, file=signer.file)
    for number in range(4):
        await append(engine, f"a-{number}")
        await asyncio.gather(signer.take_turn(), other.take_turn())
    await signer.take_turn()
    sizes = [note.size for note in read_notes(signer.file.read_text())]
    assert sizes == sorted(set(sizes))
