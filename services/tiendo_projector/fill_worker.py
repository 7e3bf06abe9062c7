"""A process of its own that fills a build: `python -m tiendo_projector.fill_worker`, told by lines of JSON what to do.

The first line says where. Each further line is a list of `[case, shard]` to fill, or `null` to finish.
"""

from dataclasses import asdict
from typing import Any

from tiendo_projector.filling import Filler
from tiendo_read_models.builds import Build
from tiendo_read_models.refolding import CaseKey
from tiendo_runtime.database import engine_of
from tiendo_runtime.lines_of_work import Lines, answer_line, serve_lines

_POOL_SIZE = 3


async def _serve(lines: Lines) -> None:
    where = next(lines, None)
    if where is None:
        return
    engine = engine_of(where["url"], pool_size=_POOL_SIZE)
    try:
        filler = await Filler.open(engine, Build(**where["build"]), where["head"])
        for line in lines:
            await answer_line(_answer(filler, line))
    finally:
        await engine.dispose()


async def _answer(filler: Filler, line: list[list[Any]] | None) -> dict[str, Any]:
    if line is None:
        await filler.finish()
        return {}
    return asdict(await filler.fill([CaseKey(case_id=case_id, shard=shard) for case_id, shard in line]))


if __name__ == "__main__":
    serve_lines(_serve)
