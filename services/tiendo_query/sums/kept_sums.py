"""Sums over all cases that are kept from question to question: an event costs its case's part and not the province's.

Each is kept with the snapshot that it was made of, from which it is carried on.
"""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import datetime
from functools import partial

from tiendo_domain.calendar.minutes import minute_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.carried_sums import Kept, KeptSum, SumOver, carried, counted
from tiendo_query.sums.kept_snapshots import IDLE_SECONDS, KeptSnapshot, KeptSnapshots, State


async def kept_sum(side: QuerySide, snapshot: Snapshot, asked: SumOver, *, now: datetime) -> KeptSum:
    """The sum over the cases of the snapshot as at `now`."""
    kept_snapshots = side.kept
    if kept_snapshots is None:
        return await counted(snapshot, asked, now)
    state = await kept_snapshots.state_of(snapshot.reader)
    async with side.answering(asked.key):
        found = await _carried_from(side, snapshot, asked, now) or await counted(snapshot, asked, now)
        asked_at = asyncio.get_running_loop().time()
        made = partial(Kept, key=asked.key, asked=asked, asked_at=asked_at, found=found, rules=snapshot.rules)
        await _keep(side, kept_snapshots, snapshot, state, made)
    return found


async def make_ready(side: QuerySide, snapshot: Snapshot, at: datetime) -> int:
    """How many sums that were asked for lately, and move with time, were carried on to `at`, an instant of the coming minute.

    Whoever asks in that minute has theirs carried on from there, so that nobody waits while all open cases are folded.
    """
    kept_snapshots, number = side.kept, 0
    if kept_snapshots is None:
        return number
    state = await kept_snapshots.state_of(snapshot.reader)
    long_ago = asyncio.get_running_loop().time() - IDLE_SECONDS
    for kept in _moving(side, at):
        if kept.asked_at > long_ago and kept.belongs_to(snapshot):
            found = await carried(snapshot, kept.asked, at, kept)
            if found is not None:
                made = partial(replace, kept, key=_ready(kept.asked.key), found=found)
                await _keep(side, kept_snapshots, snapshot, state, made)
                number += 1
    return number


def _ready(key: Hashable) -> Hashable:
    return ("ready", key)


def _moving(side: QuerySide, at: datetime) -> list[Kept]:
    """The sums that people asked for and that are others at `at`, in another minute than when they were asked."""
    asked = [kept for key, kept in side.sums.items() if isinstance(kept, Kept) and key == kept.asked.key]
    return [kept for kept in asked if kept.found.period.period.as_of < kept.asked.period(at).period.as_of]


async def _keep(
    side: QuerySide, kept_snapshots: KeptSnapshots, snapshot: Snapshot, state: State, made: Callable[..., Kept]
) -> None:
    """Keep the sum with a snapshot of its own state, what `snapshot` shows."""
    async with kept_snapshots.changing:
        own = await kept_snapshots.like(snapshot.reader, state)
        kept = made(snapshot=own)
        side.keep_sum(kept.key, kept)
        await _make_room(side, kept_snapshots, snapshot, own)


async def _carried_from(side: QuerySide, snapshot: Snapshot, asked: SumOver, now: datetime) -> KeptSum | None:
    """What was kept of the question, carried on; None where there is nothing to carry on."""
    before = None
    while before is not (before := _nearest(side, asked, now)):
        if not isinstance(before, Kept) or not before.belongs_to(snapshot):
            return None
        found = await carried(snapshot, asked, now, before)
        if found is not None:
            return found
        # Its snapshot may have been let go just now: then the sum has been carried over to another.
    return None


def _nearest(side: QuerySide, asked: SumOver, now: datetime) -> object:
    """What was kept of the question, as at the minute of `now` if there is any such."""
    minute = minute_of(asked.period(now).period.as_of)
    ready, kept = side.sums.get(_ready(asked.key)), side.sums.get(asked.key)
    if isinstance(ready, Kept) and minute_of(ready.found.period.period.as_of) == minute:
        is_of_the_minute = isinstance(kept, Kept) and minute_of(kept.found.period.period.as_of) == minute
        return kept if is_of_the_minute else ready
    return kept


async def _make_room(side: QuerySide, kept_snapshots: KeptSnapshots, snapshot: Snapshot, own: KeptSnapshot) -> None:
    """Let a snapshot go if there are too many: that on which fewest sums rest, which are carried over to `own`, of what `snapshot` shows."""
    others = kept_snapshots.too_many(own)
    if not others:
        return
    resting = {kept.state: _resting_on(side, kept) for kept in others}
    going = min(others, key=lambda kept: (len(resting[kept.state]), kept.used_at))
    try:
        for kept in resting[going.state]:
            if not kept.belongs_to(snapshot) or kept.asked_at < own.used_at - IDLE_SECONDS:
                continue
            moved = await carried(snapshot, kept.asked, kept.found.now, kept)
            if moved is not None:
                side.sums[kept.key] = replace(kept, found=moved, snapshot=own)
    finally:
        for kept in _resting_on(side, going):
            del side.sums[kept.key]
        await kept_snapshots.let_go(going)


def _resting_on(side: QuerySide, snapshot: KeptSnapshot) -> list[Kept]:
    return [kept for kept in side.sums.values() if isinstance(kept, Kept) and kept.snapshot is snapshot]
