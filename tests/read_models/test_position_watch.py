"""Waiting for a position of the log costs the database the same, however many wait."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_read_models import position_watch
from tiendo_read_models.errors import PositionNotReached
from tiendo_read_models.position_watch import PositionWatch

MANY = 100


async def test_many_who_wait_ask_together(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def reached(_: AsyncEngine) -> int:
        nonlocal asked
        await asyncio.sleep(0)
        asked += 1
        return asked

    monkeypatch.setattr(position_watch, "reached_position", reached)
    watch = PositionWatch(engine)
    found = await asyncio.gather(*(watch.wait_for(3, timeout_seconds=60) for _ in range(MANY)))
    assert len(found) == MANY
    assert min(found) == 3
    assert asked < MANY, "each for itself would have asked three times"


async def test_a_position_that_does_not_come_is_told_with_the_one_reached(engine: AsyncEngine) -> None:
    with pytest.raises(PositionNotReached) as missed:
        await PositionWatch(engine).wait_for(9, timeout_seconds=0)
    assert (missed.value.wanted, missed.value.reached) == (9, 0)
