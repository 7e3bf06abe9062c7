"""The query side answers on a database that follows a log as on the log's own, and of several logs each case by its own rules."""

import re
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.followed_topics import publishing, topics_of
from tests.projector.followers import following, shown
from tests.projector.logs import address_of, define, many_cases, received_text, send
from tests.projector.test_refolding import OFF, calendar
from tests.query.serving import Asked, asked_service

from tiendo_cli.diagnosis.database_checks import check_database
from tiendo_cli.diagnosis.findings import Verdict
from tiendo_cli.diagnosis.relay import check_relay
from tiendo_event_store import EventLog

AS_OF = "2022-05-01T00:00:00+07:00"
QUESTIONS = (
    "/v1/cases?limit=500&as_of=",
    "/v1/cases/HS-00003?as_of=",
    "/v1/cases/HS-00003/timeline?as_of=",
    "/v1/cases/HS-00004/timeline?basis=recorded&policy=after-due/1&as_of=",
    "/v1/units?limit=500&as_of=",
    "/v1/indicators?from=2022-03-01&to=2022-06-30&as_of=",
)
PLAIN = (
    "/v1/cases/HS-00003/events",
    "/v1/officers/CB-1/timeline?from=2022-03-01&to=2022-06-30",
    "/v1/delays?from=2022-03-01&to=2022-06-30&limit=500",
)


async def test_a_followed_log_answers_as_the_log_itself(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int, tmp_path: Path
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await define(engine, calendar("huyện", "H34.2", overrides=(OFF,)))
    await send(engine, many_cases(60, seed=11))
    async with publishing(engine, settings) as publisher:
        await publisher.publish()
    async with (
        asked_service(address_of(engine), engine, tmp_path) as own,
        asked_service(address_of(other_engine), other_engine, tmp_path, follows=settings) as asked,
    ):
        await own.caught_up()
        await shown(other_engine, engine)
        position = str(await EventLog(other_engine).head())
        for question in (*(f"{question}{AS_OF.replace('+', '%2B')}" for question in QUESTIONS), *PLAIN):
            expected, found = await own.raw(question), await asked.raw(question)
            assert expected.status_code == 200, (question, expected.text)
            assert _without_positions(found.text) == _without_positions(expected.text), question
            assert found.headers.get("X-Tiendo-Position") in {None, position}, question


async def test_a_case_is_answered_by_the_rules_of_its_own_log(
    engine: AsyncEngine,
    other_engine: AsyncEngine,
    third_engine: AsyncEngine,
    kafka: Kafka,
    generation: int,
    *,
    tmp_path: Path,
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await send(engine, [received_text("A-1")])
    await send(other_engine, [received_text("B-1")])
    await define(engine, calendar("vn", overrides=(OFF,)))
    async with publishing(engine, settings) as one, publishing(other_engine, settings) as two:
        await one.publish()
        await two.publish()
    async with asked_service(address_of(third_engine), third_engine, tmp_path, follows=settings) as asked:
        await shown(third_engine, engine, other_engine)
        assert await _calendar(asked, "A-1") == "vn/2"
        assert await _calendar(asked, "B-1") == "vn/1"
        listed = await asked.get("/v1/cases")
        assert [item["case_id"] for item in listed["items"]] == ["A-1", "B-1"]
        entries = (await asked.get("/v1/cases/A-1/events"))["events"]
        assert [entry["event"]["subject"] for entry in entries] == ["A-1"]
        assert await _calendar(asked, "A-1", known_at=entries[0]["ingested_at"]) == "vn/1"
        await asked.get("/v1/cases/NOBODY/timeline", 404)


def _without_positions(text: str) -> str:
    """The answer, but for the positions that each log gives itself, and the salts that each draws."""
    return re.sub(r'"(\w*position|next)":\d+|"salt":"\w+"', "", text)


async def _calendar(asked: Asked, case_id: str, **parameters: str) -> str:
    answer = await asked.get(f"/v1/cases/{case_id}/timeline", **parameters)
    return str(answer["calendar_version"])


async def test_doctor_says_which_logs_are_followed_and_how_far(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await send(engine, many_cases(10))
    async with publishing(engine, settings) as publisher, following(settings, address_of(other_engine)):
        await publisher.publish()
        await shown(other_engine, engine)
    found = {finding.subject: finding for finding in await check_database(other_engine)}
    assert str(await EventLog(engine).log_id()) in found["follows"].found
    assert found["projection"].verdict is Verdict.GOOD
    head = await EventLog(other_engine).head()
    assert f"position {head} of {head}," in found["projection"].found
    assert found["calendar vn/1"].verdict is Verdict.GOOD
    assert await check_relay(other_engine, settings) == []
