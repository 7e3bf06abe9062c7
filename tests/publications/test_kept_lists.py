"""A list that somebody changes in the database is found, whatever they switch off for it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.domain.decided_cases import LATE
from tests.publications.publishing import Desk
from tests.query.test_decisions import texts

from tiendo_event_store.driver import lent_driver
from tiendo_event_store.monthly_lists.content_checks import content_faults

CHANGES = {
    "UPDATE tiendo.publication_contents SET content = replace(content, '30', '31')": "was changed",
    "UPDATE tiendo.publication_contents SET cases = '\\x00'": "cases of the list",
    "DELETE FROM tiendo.publication_contents": "is not there",
    "DELETE FROM tiendo.publication_steps": "stands in one of both alone",
    "UPDATE tiendo.publication_steps SET text = replace(text, '2022-08', '2022-07')": "is not what the log says",
}


async def test_a_list_that_was_changed_is_found_and_no_change_is_taken(desk: Desk) -> None:
    await desk.service.tell(texts("one", *LATE))
    await desk.draft("T")
    async with lent_driver(desk.service.engine) as driver:
        assert await content_faults(driver) == []
        for statement, found in CHANGES.items():
            table = statement.split()[1 if statement.startswith("UPDATE") else 2]
            with pytest.raises(DBAPIError, match="stays as it was"):
                await _change(desk, statement)
            attempt = driver.transaction()
            await attempt.start()
            await driver.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            await driver.execute("ALTER TABLE tiendo.publication_contents DROP CONSTRAINT publication_contents_digest")
            await driver.execute(statement)
            assert found in " ".join(fault.message for fault in await content_faults(driver)), statement
            await attempt.rollback()


async def _change(desk: Desk, statement: str) -> None:
    async with desk.service.engine.begin() as connection:
        await connection.execute(text(statement))
