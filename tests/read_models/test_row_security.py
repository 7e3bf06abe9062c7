"""The policies of the live build are as this version states them, and `doctor` tells what somebody changed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import BigInteger, Boolean, DateTime, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_cli.diagnosis.proof import build_differences
from tiendo_contracts.database.database_roles import BOUND_READER
from tiendo_read_models.builds import ensure_live_build
from tiendo_read_models.queries.officers import held_by_officer, perhaps_held_by_officer
from tiendo_read_models.row_security import IN_PART, PLACES_ELSEWHERE_SETTING, PLACES_SETTING
from tiendo_read_models.tables import cases

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


FOUND_BY: dict[str, tuple[str, ...]] = {
    "SELECT count(*) FROM {cases}": ("cases_by_place",),
    "SELECT count(*) FROM {in_part}": ("cases_by_party_places",),
    # What an officer held, by the hold's key, and each such case by its own: also below the view of cases seen in part.
    "SELECT count(*) FROM {all_cases} c WHERE {held}": ("holds_by_officer", "cases_pkey"),
    "SELECT count(*) FROM {all_cases} c WHERE {perhaps_held}": ("holds_by_officer", "cases_pkey"),
}
"""Question -> indexes that lead to its answer."""


@pytest.mark.parametrize("question", FOUND_BY)
async def test_what_a_bound_reader_sees_of_cases_is_found_by_indexes(engine: AsyncEngine, question: str) -> None:
    async with engine.connect() as connection:
        build = replace(await ensure_live_build(connection), bound=True)
        statement = question.format(
            cases=build.cases,
            in_part=f"{build.schema_name}.{IN_PART}",
            all_cases=build.all_cases,
            held=held_by_officer(build),
            perhaps_held=perhaps_held_by_officer(build),
        )
        plan = await _plan(connection, statement)
        for index in FOUND_BY[question]:
            assert any(index in line for line in plan), plan
        assert not any("Seq Scan on cases" in line or "Seq Scan on holds" in line for line in plan), plan
        assert not any("HashAggregate" in line or "Join" in line for line in plan), plan
        await connection.rollback()


async def test_the_places_of_a_sight_are_read_from_their_setting_once_and_not_for_each_row(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        build = await ensure_live_build(connection)
        for relation in (build.cases, f"{build.schema_name}.{IN_PART}"):
            plan = await _plan(connection, f"SELECT count(*) FROM {relation}")
            asked = [line for line in plan if "Cond:" in line or "Filter:" in line]
            assert asked, plan
            assert not any("current_setting" in line or "::bigint[]" in line for line in asked), plan
        await connection.rollback()


SEEN_IN_PART = {"": {"NOWHERE", "ELSEWHERE"}, "{2}": {"NOWHERE", "ELSEWHERE"}, "{3}": {"NOWHERE"}, "{}": {"NOWHERE"}}
"""Places named as those elsewhere -> cases seen in part; there is none of place 3."""


async def test_cases_of_other_places_are_seen_in_part_while_any_lies_there_and_those_of_no_place_always(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        build = await ensure_live_build(connection)
        within = await connection.execution_options(schema_translate_map={None: build.schema_name})
        for case_id, place_id in (("INSIDE", 1), ("NOWHERE", None), ("ELSEWHERE", 2)):
            row = {**_ANY_CASE, "case_id": case_id, "place_id": place_id, "party_places": [1]}
            await within.execute(cases.insert().values(row))
        await connection.execute(text(f"SET LOCAL ROLE {BOUND_READER}"))
        for elsewhere, expected in SEEN_IN_PART.items():
            named = {PLACES_SETTING: "{1}", PLACES_ELSEWHERE_SETTING: elsewhere}
            for setting, value in named.items():
                await connection.execute(
                    text("SELECT set_config(:name, :value, TRUE)"), {"name": setting, "value": value}
                )
            seen = await connection.execute(text(f"SELECT case_id FROM {build.schema_name}.{IN_PART}"))
            assert set(seen.scalars()) == expected, elsewhere
        await connection.rollback()


_OF_TYPE: dict[type, object] = {
    **dict.fromkeys((BigInteger, Integer, SmallInteger), 0),
    Text: "",
    Boolean: False,
    DateTime: datetime(2022, 8, 1, tzinfo=UTC),
    ARRAY: [],
    JSONB: [],
}
_ANY_CASE = {column.name: _OF_TYPE[type(column.type)] for column in cases.columns if not column.nullable}


async def _plan(connection: AsyncConnection, statement: str) -> list[str]:
    """The plan of a bound reader's statement, where the tables are too small for an index to pay."""
    await connection.execute(text("SET LOCAL enable_seqscan = off"))
    await connection.execute(text(f"SET LOCAL ROLE {BOUND_READER}"))
    values = {"officer_key": "CC-1", "as_of": datetime(2022, 8, 1, tzinfo=UTC)}
    asked = {name: value for name, value in values.items() if f":{name}" in statement}
    return list((await connection.execute(text(f"EXPLAIN {statement}"), asked)).scalars())
