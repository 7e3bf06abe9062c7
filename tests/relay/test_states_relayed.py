"""The whole relay beside a projector: what is told by all its feeds together, and that it ends and begins in order."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.conftest import running_projector
from tests.projector.logs import address_of, define, many_cases, rows_of, send
from tests.relay.relaying import made_topics, relay
from tests.relay.states import agreed, sent_states, state_topics
from tests.waiting import until

from tiendo_contracts.messages.agencies import Agency
from tiendo_domain.rules import UnitRule
from tiendo_event_store import EventLog
from tiendo_event_store.publication import feed_states
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings

OFFICE = Agency(unit="LAND", principals=("User:land",))


@pytest.fixture
async def settings(kafka: Kafka, generation: int, tmp_path: Path) -> Settings:
    path = tmp_path / "agencies.toml"
    path.write_text('[[agency]]\nunit = "LAND"\nprincipals = ["User:land"]\n')
    return await made_topics(kafka.bootstrap_servers, generation, agencies=path)


async def test_all_feeds_follow_the_log_and_stop_in_order(
    kafka: Kafka, settings: Settings, engine: AsyncEngine
) -> None:
    await define(engine, *(UnitRule(id=f"H34.{number}", parent="LAND") for number in (1, 2)))
    async with running_projector(address_of(engine)):
        for turn in range(2):
            async with relay(settings, address_of(engine)):
                await send(engine, many_cases(40 + 40 * turn, seed=11))
                await until(lambda: _all_told(engine), seconds=60, what="every feed has told everything")
            async with engine.connect() as connection:
                assert all(state.settled for state in await feed_states(connection))
                assert not await connection.scalar(
                    text("SELECT count(*) FROM tiendo.relay_cursors WHERE feed LIKE '%repeats'")
                )
    cases = dict(await rows_of(engine, "cases", "case_id", "unit_id"))
    assert agreed(await sent_states(kafka, state_topics(settings)[1])).keys() == cases.keys()
    of_the_agency = agreed(await sent_states(kafka, OFFICE.topic(generation=settings.kafka_generation).name))
    assert {case_id for case_id, unit in cases.items() if unit in {"H34.1", "H34.2"}} <= of_the_agency.keys()


async def _all_told(engine: AsyncEngine) -> bool:
    head = await EventLog(engine).head()
    async with engine.connect() as connection:
        states = {state.feed.split(":")[0]: state.position for state in await feed_states(connection)}
    of_events = {feed: position for feed, position in states.items() if feed != "checkpoints"}
    return of_events.keys() == {"events", "states", "agencies"} and min(of_events.values()) >= head


async def test_a_file_of_agencies_that_cannot_be_used_is_refused_at_once(
    settings: Settings, engine: AsyncEngine, tmp_path: Path
) -> None:
    unusable = settings.model_copy(update={"kafka_agencies": tmp_path / "missing.toml"})
    with pytest.raises(SettingsInvalid, match=r"missing\.toml"):
        async with relay(unusable, address_of(engine)) as task:
            await task
