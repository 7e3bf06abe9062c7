"""Any process of a running `tiendo up` may be killed at any moment while events come in: nothing acknowledged is lost, doubled, or reordered."""

import os
from pathlib import Path

import pytest
from tests.cli.running_up import all_gone
from tests.event_store.history import complaints
from tests.system.torture import KILLS_MIN, Torture

# A round takes a minute: most of it PostgreSQL recovers.
ROUNDS = max(1, int(os.environ.get("ROUNDS", "3")) // 3)
SEED = int(os.environ.get("SEED", "20220825"))
SECONDS = float(os.environ.get("ROUND_SECONDS", "8"))
STOP_SECONDS = 30


@pytest.mark.torture
@pytest.mark.timeout(400)
@pytest.mark.parametrize("number", range(ROUNDS))
async def test_whatever_is_killed_nothing_acknowledged_is_lost_doubled_or_reordered(
    number: int, tmp_path: Path
) -> None:
    torture = await Torture.begin(tmp_path / "data", seed=SEED + number, seconds=SECONDS)
    try:
        history = await torture.run()
        found = complaints(history)
        assert not found, f"seed {torture.seed}: {len(found)} complaints, the first: {found[:5]}"
        assert await torture.misfolded_cases() == []
        # The round has tried something: processes were killed, and answers came before and after.
        assert sum(torture.killed.values()) >= KILLS_MIN
        assert sum(call.told is not None for call in history.calls) > KILLS_MIN
        processes = torture.up.everything()
        assert await torture.up.stop() == 0
        await all_gone(processes, seconds=STOP_SECONDS)
    finally:
        if torture.up.process.returncode is None:
            await torture.up.stop()
