"""Of a long log the doctor reads what is new, and the old part again in turn: what was changed there is found before long."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import event

from tiendo_cli.diagnosis import proof
from tiendo_cli.diagnosis.findings import Verdict
from tiendo_cli.verified_state import VerifiedState
from tiendo_event_store import BulkLoader
from tiendo_runtime.log_signing import signer_of
from tiendo_runtime.settings import Settings

BLOCKS = 4
CHANGES = {
    "an instant": (
        "UPDATE tiendo.events SET ingested_at = ingested_at - interval '1 s' WHERE position = 700",
        "513 to 768",
    ),
    "a digest": ("UPDATE tiendo.events SET digest = sha256(digest) WHERE position = 700", "position 700 is altered"),
    "a row": ("DELETE FROM tiendo.events WHERE position = 700", "position 700 is missing"),
}


async def words(engine: AsyncEngine, settings: Settings) -> str:
    """What the doctor says of the log, and nothing where all is well."""
    found = await proof.check_proof(engine, settings)
    return "; ".join(one.found for one in found if one.subject == "log" and one.verdict is Verdict.WRONG)


@pytest.mark.parametrize("change", CHANGES)
async def test_what_was_changed_in_the_old_part_of_a_long_log_is_found_in_its_turn(
    engine: AsyncEngine, owner_engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(proof, "READ_WHOLE_MAX", 2 * 256)
    settings = Settings(data=tmp_path)
    async with BulkLoader(engine) as loader:
        await loader.append([event(f"e-{number}") for number in range(BLOCKS * 256)])
    await (await signer_of(engine, settings)).last_turn()
    assert await words(engine, settings) == ""
    first_whole = VerifiedState.load(tmp_path).whole_at
    for _ in range(BLOCKS):
        assert await words(engine, settings) == ""
    again = VerifiedState.load(tmp_path).whole_at
    assert first_whole is not None
    assert again is not None
    assert again > first_whole

    statement, said = CHANGES[change]
    async with owner_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.events DISABLE TRIGGER USER"))
        await connection.execute(text(statement))
    found = [await words(engine, settings) for _ in range(BLOCKS)]
    assert [said in one for one in found] == [False, False, True, True]
