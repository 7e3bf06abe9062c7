"""`tiendo doctor` folds cases anew: rows that somebody has changed behind the projector's back are named."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import running_projector
from tests.projector.logs import followed_to_the_end, many_cases, send
from tests.waiting import until

from tiendo_cli.diagnosis.findings import Verdict
from tiendo_cli.diagnosis.read_models import check_read_models
from tiendo_read_models.builds import reading

CHANGES = (
    "UPDATE {schema}.holds SET working_minutes = working_minutes + 1 WHERE case_id = '{code}'",
    "DELETE FROM {schema}.holds WHERE case_id = '{code}'",
    "UPDATE {schema}.cases SET unit_name = 'another' WHERE case_id = '{code}'",
    "UPDATE {schema}.cases SET anomalies = '[{{}}]' WHERE case_id = '{code}'",
    "DELETE FROM {schema}.cases WHERE case_id = '{code}'",
    "UPDATE {schema}.cases SET case_id = 'of-nobody' WHERE case_id = '{code}'",
)


async def test_rows_that_are_not_what_the_log_gives_are_named_and_others_are_not(
    database_url: str, engine: AsyncEngine, owner_engine: AsyncEngine
) -> None:
    assert await check_read_models(engine) == []
    await send(engine, many_cases(30))
    async with running_projector(database_url):
        await until(lambda: followed_to_the_end(engine), seconds=60)
    async with reading(engine) as reader:
        schema = reader.build.schema_name
        codes = list(await reader.connection.scalars(text(f"SELECT case_id FROM {schema}.holds GROUP BY 1 ORDER BY 1")))
    (finding,) = await check_read_models(engine)
    assert (finding.verdict, finding.found) == (Verdict.GOOD, "30 cases folded anew, each as it is shown")

    async with owner_engine.begin() as connection:
        for change, code in zip(CHANGES, codes, strict=False):
            await connection.execute(text(change.format(schema=schema, code=code)))

    (finding,) = await check_read_models(engine)
    assert finding.verdict is Verdict.WRONG
    assert set(finding.found.partition(": ")[2].split(", ")) == {*codes[: len(CHANGES)], "of-nobody"}
