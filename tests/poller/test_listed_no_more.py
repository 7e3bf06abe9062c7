"""Dossiers and tasks that a gateway showed before and does not any more."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.poller.fake_igate import FakeGateway, Json
from tests.poller.polls import Polls

from tiendo_event_store.sources.disappeared_rows import disappeared_rows_of
from tiendo_sources.igate.configuration import load_configuration

RECEIVED = {"dossierStatus": {"id": 2}, "acceptedDate": "2022-08-15T07:00:00.000+0700"}
SOURCE = "/kontum/igate"


@pytest.fixture(params=["every poll reads everything", "everything is read now and then"])
def configuration(request: pytest.FixtureRequest, configuration_file: Path) -> Path:
    if request.param == "every poll reads everything":
        told = configuration_file.read_text(encoding="utf-8").replace('updated_from = "updated-from"\n', "")
        configuration_file.write_text(told, encoding="utf-8")
    return configuration_file


async def missed(engine: AsyncEngine) -> list[tuple[str, str]]:
    async with engine.connect() as connection:
        found = await disappeared_rows_of(connection, SOURCE)
    return [(one.row.case_id, one.row.item) for one in found]


async def poll_all(engine: AsyncEngine, polls: Polls) -> None:
    """A poll that reads everything."""
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.polled_sources SET whole_at = NULL"))
    await polls.poll()


async def test_an_open_dossier_that_is_listed_no_more_is_missed_until_it_is_listed_again(
    engine: AsyncEngine, gateway: FakeGateway, configuration: Path
) -> None:
    for number in range(8):
        gateway.put(f"d{number}", **RECEIVED)
    gateway.put("ended", dossierStatus={"id": 4}, acceptedDate=RECEIVED["acceptedDate"])
    async with Polls(engine, load_configuration(configuration)) as polls:
        await poll_all(engine, polls)
        assert await missed(engine) == []
        gone = gateway.dossiers.pop("d3")
        gateway.dossiers.pop("ended")
        await poll_all(engine, polls)
        assert await missed(engine) == [("H34-d3", "d3")]
        gateway.dossiers["d3"] = gone
        await poll_all(engine, polls)
        assert await missed(engine) == []


async def test_a_dossier_that_moved_while_pages_were_read_is_not_missed(
    engine: AsyncEngine, gateway: FakeGateway, configuration: Path
) -> None:
    for number in range(8):
        gateway.put(f"d{number}", **RECEIVED)
    async with Polls(engine, load_configuration(configuration)) as polls:
        await poll_all(engine, polls)
        hidden: list[Json] = []

        def hide(page: Json) -> None:
            """Of the first reading a dossier is on none of the pages, as if it had moved from one that was not read yet to one that was."""
            if page["number"] == 0 and not hidden:
                hidden.append(gateway.dossiers.pop("d5"))
            elif page["last"]:
                gateway.dossiers["d5"] = hidden[0]

        gateway.after_page = hide
        await poll_all(engine, polls)
    assert hidden
    assert await missed(engine) == []


async def test_a_gateway_that_lists_nothing_at_all_says_nothing_of_what_disappeared(
    engine: AsyncEngine, gateway: FakeGateway, configuration: Path
) -> None:
    gateway.put("d1", **RECEIVED)
    async with Polls(engine, load_configuration(configuration)) as polls:
        await poll_all(engine, polls)
        gateway.dossiers.clear()
        await poll_all(engine, polls)
    assert await missed(engine) == []


async def test_a_task_that_a_dossier_shows_no_more_is_missed_until_it_is_shown_again(
    engine: AsyncEngine, gateway: FakeGateway, configuration_file: Path
) -> None:
    tasks = [
        {"id": f"t{number}", "assignee": {"id": f"o{number}", "fullname": "A"}, "isCurrent": number, "createdDate": at}
        for number, at in enumerate(("2022-08-15T07:00:00.000+0700", "2022-08-15T07:30:00.000+0700"))
    ]
    gateway.tick(60)
    gateway.put("d1", **RECEIVED, task=tasks)
    async with Polls(engine, load_configuration(configuration_file)) as polls:
        await polls.poll()
        gateway.tick()
        gateway.put("d1", task=tasks[1:])
        await polls.poll()
        assert await missed(engine) == [("H34-d1", "d1/t0")]
        gateway.tick()
        gateway.put("d1", task=tasks)
        await polls.poll()
        assert await missed(engine) == []
