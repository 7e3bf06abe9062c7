"""Rows taken one after the other, each as often as its time allows."""

import os
import time
from collections.abc import Callable, Sequence
from itertools import groupby

from tests.bench.results import Result, left_out, result
from tests.bench.row import LeftOut, Row, Sample
from tests.bench.stage import Stage


async def measured(stage: Stage, rows: Sequence[Row], say: Callable[[str], None]) -> list[Result]:
    """The results of the rows, ground by ground; programs that rows of one ground share end with it."""
    results = []
    for _, of_ground in groupby(rows, key=lambda row: row.ground):
        for row in of_ground:
            say(f"{row.name}: {row.what}")
            results.append(await _result(stage, row))
        await stage.leave_ground()
    return results


async def _result(stage: Stage, row: Row) -> Result:
    load = os.getloadavg()[0]
    try:
        return result(row, await samples(stage, row), stage.size.scale, load)
    except LeftOut as reason:
        return left_out(row, str(reason))


async def samples(stage: Stage, row: Row) -> list[Sample]:
    """`runs` samples; no further one is begun that would, as long as the last one, end after `row_seconds`."""
    taken, begun = list[Sample](), time.monotonic()
    while len(taken) < stage.size.runs:
        last = time.monotonic()
        taken.append(await row.take(stage))
        now = time.monotonic()
        if now - begun + now - last > stage.size.row_seconds:
            break
    return taken
