"""The policies of the live build are as this version states them, and `doctor` tells what somebody changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.proof import build_differences
from tiendo_contracts.database_roles import BOUND_READER
from tiendo_read_models.builds import ensure_live_build
from tiendo_read_models.row_security import IN_PART

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


async def test_what_a_bound_reader_sees_of_cases_is_found_by_indexes(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        build = await ensure_live_build(connection)
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        await connection.execute(text(f"SET LOCAL ROLE {BOUND_READER}"))
        for relation, index in (
            (build.cases, "cases_by_place"),
            (f"{build.schema_name}.{IN_PART}", "cases_by_party_places"),
        ):
            plan = (await connection.execute(text(f"EXPLAIN SELECT count(*) FROM {relation}"))).scalars().all()
            assert any(index in line for line in plan), plan
            assert not any("Seq Scan on cases" in line for line in plan), plan
        await connection.rollback()
