"""Applicants' data of the national format stands on no page and in no message: the marks of every field are looked for in what really lies there."""

from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.keys import new_key
from tests.query.serving import Asked, asked_service
from tests.relay.relaying import made_topics, relay, relayed
from tests.sources.national.marked_records import RECORDS, ROWS, marks_in
from tests.sources.national.national_records import CODE
from tests.waiting import until

from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.settings import Settings

PAGES = (
    "/",
    "/cases",
    f"/cases/{CODE}",
    f"/cases?text={CODE}",
    "/cases/H34-2",
    "/quality",
    "/v1/quality",
    "/v1/delays?format=csv",
)


async def lying_on_topics(settings: Settings) -> str:
    """Keys, headers and values of every record of every topic that the broker has."""
    access = settings.kafka
    assert access is not None
    consumer = AIOKafkaConsumer(
        **access.options(), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        partitions = [
            TopicPartition(name, number)
            for name in sorted(await consumer.topics())
            for number in sorted(await consumer._client._wait_on_metadata(name))
        ]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[str] = []
        while any([await consumer.position(where) < ends[where] for where in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    told = (record.key, record.value, *(value for _, value in record.headers))
                    found += [part.decode("utf-8", "replace") for part in told if part is not None]
        return "\n".join(found)
    finally:
        await consumer.stop()


async def pages_of(service: Asked) -> str:
    """What pages, lists and extractions show to who may see everything."""
    found = []
    for path in PAGES:
        response = await service.raw(path, headers={"Accept": "text/html, */*;q=0.5"})
        assert response.status_code == 200, (path, response.text[:200])
        found.append(response.text)
    return "\n".join(found)


async def test_nothing_of_an_applicant_stands_on_a_page_or_a_topic(
    kafka: Kafka, generation: int, database_url: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    settings = await made_topics(kafka.bootstrap_servers, generation)
    async with asked_service(database_url, engine, tmp_path) as service:
        _, secret = await new_key(service.app.state.running, Scope.INGEST, bounds=Bounds(sources=["/kontum"]))
        headers = {"Authorization": f"Bearer {secret}"}
        for kind, records in (("DongBoHoSoMC", RECORDS), ("CapNhatTienDoHoSoMC", ROWS)):
            answer = await service.client.post(f"/v1/sources/national/{kind}", json=records, headers=headers)
            assert {one["error_code"] for one in answer.json()["result"]} == {"0", "-1"}
        await service.caught_up()
        shown = await pages_of(service)
        async with relay(settings, database_url):
            await relayed(settings, engine)

            async def states_too() -> bool:
                return '"judged_due_at"' in await lying_on_topics(settings)

            await until(states_too, seconds=60, what="the states of the cases are relayed")
            sent = await lying_on_topics(settings)
    assert CODE in shown
    assert CODE in sent
    assert "[…]" in sent, "the text stands there without the applicant"
    assert marks_in(shown) == []
    assert marks_in(sent) == []
