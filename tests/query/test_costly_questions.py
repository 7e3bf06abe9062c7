"""A question that the database works on for too long is given up, and its answer says what to ask instead."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import new_key, sealed
from tests.query.serving import client_of, listening

import tiendo_query
from tiendo_runtime.authentication import Scope
from tiendo_runtime.web import create_service


async def test_what_one_question_may_cost_is_bounded(
    database_url: str, owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    settings = (await sealed(database_url, tmp_path)).model_copy(update={"query_seconds": 0.2})
    app = create_service([tiendo_query.part()], settings, database_url)
    async with listening(app) as port:
        _, secret = await new_key(app.state.running, Scope.READ)
        async with client_of(port, secret) as client, owner_engine.begin() as connection:
            assert (await client.get("/v1/events")).status_code == 200
            await connection.execute(text("LOCK TABLE tiendo.events IN ACCESS EXCLUSIVE MODE"))
            answer = await client.get("/v1/events")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/question-too-costly")
    assert "a shorter period" in answer.json()["remedy"]
    assert answer.headers["retry-after"]
