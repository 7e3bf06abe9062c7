"""A process of its own that counts cases folded for another view: `python -m tiendo_query.sums.counting_worker`, told by lines of JSON what to do.

The first line says what is counted. Each further line is a list of cases; it is answered by their counts.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_query.official_forms.counted_forms import CountedForm
from tiendo_query.query_side import QuerySide
from tiendo_query.sums.counted_views import CountedView, plain_sums
from tiendo_read_models.queries.cases.refolding import ToFold
from tiendo_runtime.database import engine_of
from tiendo_runtime.lines_of_work import Lines, answer_line, serve_lines

_POOL_SIZE = 2
_KINDS: Mapping[str, type[CountedView | CountedForm]] = {kind.__name__: kind for kind in (CountedView, CountedForm)}


async def _serve(lines: Lines) -> None:
    asked = next(lines, None)
    if asked is None:
        return
    engine = engine_of(asked["url"], pool_size=_POOL_SIZE)
    side = QuerySide(engine)
    try:
        counted = msgspec.convert(asked["counted"], _KINDS[asked["kind"]])
        async with engine.connect() as connection:
            for line in lines:
                await answer_line(_answer(side, connection, counted, line))
                await connection.rollback()
    finally:
        await side.close()
        await engine.dispose()


async def _answer(
    side: QuerySide, connection: AsyncConnection, counted: CountedView | CountedForm, line: list[Any]
) -> list[Any]:
    return plain_sums(await counted.of(side, connection, msgspec.convert(line, list[ToFold])))


if __name__ == "__main__":
    serve_lines(_serve)
