"""`tiendo log verify` and `tiendo doctor` as an operator runs them: what they say of a log, and with which exit status."""

import asyncio
import json
from pathlib import Path
from subprocess import CompletedProcess

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import Run, tiendo_on
from tests.event_store.events import event
from tests.proofs.outsider import opened_note

from tiendo_cli.verified_state import VerifiedState
from tiendo_event_store import BulkLoader
from tiendo_runtime.log_signing import signer_of
from tiendo_runtime.settings import Settings


async def signed(engine: AsyncEngine, folder: Path, *names: str) -> str:
    """The note of a checkpoint over the log with further events."""
    async with BulkLoader(engine) as loader:
        await loader.append([event(name) for name in names])
    checkpoint = await (
        await signer_of(engine, Settings(data=folder / "data", database_url="postgresql://elsewhere"))
    ).take_turn()
    assert checkpoint is not None
    return checkpoint.note


async def tampered(owner_engine: AsyncEngine, statement: str) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.events DISABLE TRIGGER USER"))
        await connection.execute(text(statement))
        for trigger in ("events_append_only", "events_append_only_row"):
            await connection.execute(text(f"ALTER TABLE tiendo.events ENABLE ALWAYS TRIGGER {trigger}"))


async def doctors_words(run: Run) -> dict[str, str]:
    done = await asyncio.to_thread(run, "doctor", "--format", "json")
    findings = json.loads(done.stdout)["findings"]
    return {one["subject"]: one["found"] for one in findings if one["verdict"] == "wrong"}


async def test_a_log_verifies_until_it_is_changed_and_the_command_and_the_doctor_say_where(
    engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    run = tiendo_on(database_url, tmp_path)

    async def verify(*options: str) -> CompletedProcess[str]:
        return await asyncio.to_thread(run, "log", "verify", *options)

    note = await signed(engine, tmp_path, "a", "b", "c")
    (tmp_path / "held.txt").write_text(note)
    key = (await asyncio.to_thread(run, "log", "key")).stdout
    assert opened_note(note, key)[1] == 5
    done = await verify("--against", "held.txt", "--key", key.strip())
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 events, 3 checkpoints are beginnings of it" in done.stdout
    assert VerifiedState.load(tmp_path / "data").whole_at is not None
    assert "log" not in await doctors_words(run)

    await tampered(
        owner_engine, "UPDATE tiendo.events SET text = replace(text, 'CC-0001', 'CC-0002') WHERE position = 4"
    )
    done = await verify("--format", "json")
    assert done.returncode == 1
    [finding] = json.loads(done.stdout)["findings"]
    assert (finding["wrong"], finding["position"]) == ("altered", 4)
    words = await doctors_words(run)
    assert "position 4 is altered" in words["log"]
    assert "nothing is signed: the log does not hold at position 4" in words["checkpoints"]


async def test_a_backup_put_back_is_told_as_an_earlier_state_of_the_same_log(
    engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    await signed(engine, tmp_path, "a", "b")
    later = await signed(engine, tmp_path, "c")
    await tampered(owner_engine, "DELETE FROM tiendo.events WHERE position > 4")
    async with owner_engine.begin() as connection:
        for table in ("log_tiles", "log_checkpoints"):
            await connection.execute(text(f"ALTER TABLE tiendo.{table} DISABLE TRIGGER USER"))
        await connection.execute(text("UPDATE tiendo.log_tiles SET hashes = substring(hashes for 128)"))
        await connection.execute(text("DELETE FROM tiendo.log_checkpoints WHERE number = 2"))
    (tmp_path / "held.txt").write_text(later)
    done = await asyncio.to_thread(tiendo_on(database_url, tmp_path), "log", "verify", "--against", "held.txt")
    assert done.returncode == 1
    assert "position 5 is missing: this is an earlier state of the log, restored from a backup" in done.stderr
    assert "the largest checkpoint that holds: of 4 events; the smallest that does not: of 5 events" in done.stderr
