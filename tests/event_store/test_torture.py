"""Whatever is killed and cut, and whenever: nothing acknowledged is lost, nothing doubled, nothing reordered, no position missing."""

import os
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.chaos import Round
from tests.event_store.history import complaints

from tiendo_event_store import EventLog

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SEED = int(os.environ.get("SEED", "20220825"))
SECONDS = float(os.environ.get("ROUND_SECONDS", "5"))


@pytest.mark.torture
@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", range(ROUNDS))
async def test_no_trouble_makes_the_log_lose_double_reorder_or_skip(
    number: int, database_url: str, engine: AsyncEngine, owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    one = Round(url=database_url, owner=owner_engine, folder=tmp_path, seed=SEED + number, seconds=SECONDS)
    history = await one.run(EventLog(engine))
    found = complaints(history)
    assert not found, f"seed {one.seed}: {len(found)} complaints, the first: {found[:5]}"
    # The round has tried something: answers came, processes died in the middle of calls, connections were cut.
    answers = sum(call.told is not None for call in history.calls)
    assert answers > 50
    assert answers < len(history.calls)
    assert one.trouble.kills > 0
    assert one.trouble.cuts > 0
