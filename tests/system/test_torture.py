"""Whatever goes wrong with a running `tiendo up` while events come in: nothing acknowledged is lost, doubled, or reordered.

`make torture FAULT=kill|disk|fsync|clock|connections` makes one kind of trouble, ROUNDS= rounds of it from SEED= on.
"""

import os
from pathlib import Path

import pytest
from tests.cli.running_up import all_gone, run_tiendo
from tests.event_store.history import complaints
from tests.system.fire.place import Fault, place
from tests.system.torture import DEEDS_MIN, Torture

# A round takes a minute: most of it PostgreSQL recovers.
ROUNDS = max(1, int(os.environ.get("ROUNDS", "3")) // 3)
SEED = int(os.environ.get("SEED", "20220825"))
SECONDS = float(os.environ.get("ROUND_SECONDS", "8" if ROUNDS > 1 else "4"))
STOP_SECONDS = 60
AT_ONCE = (Fault.KILL, Fault.DISK, Fault.FSYNC, Fault.CLOCK)
"""What may go wrong in one round; connections to the database need one of their own."""
KINDS = [(Fault(os.environ["FAULT"]),)] if os.environ.get("FAULT") else [AT_ONCE, (Fault.CONNECTIONS,)]


@pytest.mark.torture
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kinds", KINDS, ids="-".join)
@pytest.mark.parametrize("number", range(ROUNDS))
async def test_whatever_goes_wrong_nothing_acknowledged_is_lost_doubled_or_reordered(
    number: int, kinds: tuple[Fault, ...], tmp_path: Path
) -> None:
    seed = SEED + number
    async with place(tmp_path / "place", kinds) as there:
        torture = Torture(place=there, seed=seed, seconds=SECONDS)
        history = await torture.run()
        found = complaints(history)
        told = sum(call.told is not None for call in history.calls)
        print(f"seed {seed}: {told} of {len(history.calls)} calls answered; {there.account()}")  # noqa: T201 - shown by `make torture`
        assert not found, f"seed {seed}: {len(found)} complaints, the first: {found[:5]}"
        assert await torture.misfolded_cases() == []
        # The round has tried something: things went wrong, and answers came before and after.
        assert there.done.total() >= DEEDS_MIN
        assert told > DEEDS_MIN
        status, said, complained = await run_tiendo(there.data, "log", "verify", **there.environment)
        assert status == 0, said + complained
        processes = there.up.everything()
        assert await there.up.stop() == 0
        await all_gone(processes, seconds=STOP_SECONDS)
