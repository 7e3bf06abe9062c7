"""The policies of the live build are as this version states them, and `doctor` tells what somebody changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.proof import build_differences
from tiendo_read_models.builds import ensure_live_build

SPOILT = {
    "DROP POLICY sight ON {schema}.holds": ["the policy sight of holds is missing"],
    "ALTER POLICY sight ON {schema}.cases USING (true)": ["the policy sight of cases is another than was made"],
    "ALTER POLICY everything ON {schema}.attributions TO tiendo_query, tiendo_query_all, tiendo_relay, tiendo_cli": [
        "the policy everything of attributions is another than was made"
    ],
    "ALTER TABLE {schema}.explanations DISABLE ROW LEVEL SECURITY": [
        "row-level security of explanations is switched off: whoever may read it sees every row"
    ],
}


@pytest.mark.parametrize("statement", SPOILT)
async def test_a_policy_of_the_live_build_that_was_dropped_or_widened_is_told(
    engine: AsyncEngine, statement: str
) -> None:
    async with engine.connect() as connection:
        build = await ensure_live_build(connection)
        assert await build_differences(connection) == []
        await connection.execute(text(statement.format(schema=build.schema_name)))
        assert await build_differences(connection) == SPOILT[statement]
        await connection.rollback()
