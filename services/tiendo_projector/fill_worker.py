"""A process of its own that fills a build: `python -m tiendo_projector.fill_worker`, told by lines of JSON what to do.

The first line says where. Each further line is a list of `[case, shard]` to fill, or `null` to finish; each is answered by one line.
It ends when its standard input does, which is when the rebuild ends, however that came about and whatever it waits for itself.
"""

import asyncio
import json
import os
import queue
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tiendo_event_store.faults import is_transient
from tiendo_projector.cycle_collection import few_collections
from tiendo_projector.filling import Filler
from tiendo_read_models.builds import Build
from tiendo_read_models.refolding import CaseKey
from tiendo_runtime.database import application_engine

_POOL_SIZE = 3
_END_SECONDS = 5.0


def main() -> None:
    """Answer line by line."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    try:
        with few_collections(), asyncio.Runner() as runner:
            runner.run(_serve(map(json.loads, iter(lines.get, ""))))
    except BrokenPipeError:
        os._exit(1)  # nobody reads the answers any more; what is still buffered has nowhere to go


def _read(lines: queue.SimpleQueue[str]) -> None:
    """Pass on the lines, the empty one at the end; then there is little time left, though a database does not answer."""
    for line in iter(sys.stdin.readline, ""):
        lines.put(line)
    lines.put("")
    timer = threading.Timer(_END_SECONDS, os._exit, (1,))
    timer.daemon = True
    timer.start()


async def _serve(lines: Iterator[Any]) -> None:
    where = next(lines, None)
    if where is None:
        return
    engine = application_engine(where["url"], pool_size=_POOL_SIZE)
    try:
        build = Build(**where["build"])
        filler = await Filler.open(engine, build, where["head"])
        for line in lines:
            _answer(await _answered(filler, line))
    finally:
        await engine.dispose()


async def _answered(filler: Filler, line: list[list[Any]] | None) -> dict[str, Any]:
    try:
        if line is None:
            await filler.finish()
            return {}
        return asdict(await filler.fill([CaseKey(case_id=case_id, shard=shard) for case_id, shard in line]))
    except Exception as error:
        if is_transient(error):
            return {"away": True}
        raise


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
