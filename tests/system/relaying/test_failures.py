"""Single failures, made on purpose: a full disk, a partition without a leader, clocks that are wrong, a log restored from a backup."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from tests.kafka import java
from tests.kafka.brokers import Kafka, free_ports
from tests.kafka.layouts import one_broker
from tests.preloaded.commands import tiendo_beside
from tests.system.relaying.checking import Topics, event_complaints, log_complaints
from tests.system.relaying.full_disk import small_disk
from tests.system.relaying.load import Sender, send_some
from tests.system.relaying.programs import Program
from tests.system.relaying.province import PARTITIONS, Province, province
from tests.waiting import until

from tiendo_contracts.messages import TopicKind
from tiendo_runtime.embedded import Cluster

RELAYED_SECONDS = 120
BATCHES = "tiendo_relay_batches_total"
MANY = int(os.environ.get("ROUNDS", "3")) > 3
"""Whether there is time to fail in every way."""

pytestmark = pytest.mark.torture


@asynccontextmanager
async def small_province(
    folder: Path, server: Cluster, kafka: Kafka, generation: int, **environment: str
) -> AsyncIterator[tuple[Province, httpx.AsyncClient]]:
    """A province whose ingest runs, and a client for it; nothing is relayed yet."""
    async with province(folder, server, kafka, generation) as there, there.client() as client:
        await there.serving("web", "web", "--port", str(there.port), **environment).start()
        await until(there.answers, seconds=60, what="the province answers")
        yield there, client


async def relay(
    there: Province, name: str = "relay", *, ahead_seconds: int = 0, metrics_port: int | None = None
) -> Program:
    """A relay that has been started, with a clock that is ahead, or behind."""
    shown = {} if metrics_port is None else {"TIENDO_METRICS_PORT": str(metrics_port)}
    if ahead_seconds == 0:
        program = there.serving(name, "relay", **shown)
    else:  # the clock is put before anything is loaded
        arguments = [str(ahead_seconds), "serve", "relay"]
        program = there.program(
            name, "tests.system.relaying.shifted_clock", arguments, there.environment(), preloaded=False
        )
    await program.start()
    return program


async def relayed(there: Province) -> None:
    """Return when everything in the log is known to be acknowledged."""

    async def is_relayed() -> bool:
        position, head = await there.relayed()
        return position == head > 0

    await until(is_relayed, seconds=RELAYED_SECONDS, what="everything is relayed")


async def complaints(there: Province, *senders: Sender) -> list[str]:
    """What is wrong with log and topics."""
    log = await there.log()
    topics = Topics(
        case_events=await there.messages(TopicKind.CASE_EVENTS),
        directory=await there.messages(TopicKind.DIRECTORY),
        partitions=PARTITIONS,
    )
    acknowledged = [each for sender in senders for each in sender.acknowledged]
    return log_complaints(acknowledged, log) + event_complaints(there.log_id, log, topics)


async def test_a_broker_whose_disk_is_full_loses_nothing(
    tmp_path: Path, postgres_server: Cluster, generation: int
) -> None:
    java.require()
    with small_disk(tmp_path / "disk") as disk:
        kafka = one_broker(tmp_path / "kafka", properties={"log.dirs": str(disk.folder / "data")})
        try:
            await kafka.start()
            async with small_province(tmp_path, postgres_server, kafka, generation) as (there, client):
                before = await send_some(client, 200, seed="before")
                await relay(there)
                await relayed(there)
                (broker,) = kafka.brokers
                disk.fill_for(broker)
                during = await send_some(client, 400, seed="during")
                await until(lambda: not broker.is_running(), seconds=60, what="the broker gave up")
                disk.empty()
                await broker.start()
                await relayed(there)
                after = await send_some(client, 100, seed="after")
                await relayed(there)
                assert await complaints(there, before, during, after) == []
        finally:
            await kafka.remove()


@pytest.mark.parametrize("trouble", ["kill", "hold"] if MANY else ["kill"])
async def test_a_batch_that_expires_while_others_are_stored_leaves_no_gap(
    trouble: str, tmp_path: Path, postgres_server: Cluster, kafka_cluster: Kafka, generation: int
) -> None:
    """One partition lies on one broker alone, which is away for longer than a batch waits; it may store what expired when it comes back."""
    async with small_province(tmp_path, postgres_server, kafka_cluster, generation) as (there, client):
        await _lay_partition_0_on_one_broker(there)
        program = await relay(there)
        before = await send_some(client, 100, seed="before")
        await relayed(there)
        alone = kafka_cluster.brokers[0]
        if trouble == "kill":
            await alone.kill()
        else:
            alone.pause()
        during = await send_some(client, 200, seed="during")

        async def has_expired() -> bool:
            """Also of a relay that would take what expired for sent: the next batch then leaves a gap."""
            position, head = await there.relayed()
            return position == head or "nothing is sent for now" in program.said()

        await until(has_expired, seconds=60, what="a batch has expired")
        await kafka_cluster.restore()
        after = await send_some(client, 200, seed="after")
        await relayed(there)
        assert await complaints(there, before, during, after) == []


async def _lay_partition_0_on_one_broker(there: Province) -> None:
    """Make the topic of case events anew, with one copy of each partition: the first one's on the first broker, the others' elsewhere."""
    name = there.topic(TopicKind.CASE_EVENTS)
    copies = {0: [1], **{number: [2 + number % 2] for number in range(1, PARTITIONS)}}
    settings = {"min.insync.replicas": "1", "retention.ms": "-1", "retention.bytes": "-1"}
    admin = AIOKafkaAdminClient(bootstrap_servers=there.kafka.bootstrap_servers)
    await admin.start()
    try:
        await admin.delete_topics([name])

        async def is_made() -> bool:
            new = NewTopic(name, -1, -1, replica_assignments=copies, topic_configs=settings)
            return all(error[1] == 0 for error in (await admin.create_topics([new])).topic_errors)

        await until(is_made, what="the old topic is gone and the new one there")
    finally:
        await admin.close()


async def test_what_was_under_way_when_relay_and_broker_died_is_sent_again(
    tmp_path: Path, postgres_server: Cluster, kafka: Kafka, generation: int
) -> None:
    """The broker has the batches in its hands, but has stored and acknowledged nothing of them."""
    async with small_province(tmp_path, postgres_server, kafka, generation) as (there, client):
        (broker,) = kafka.brokers or pytest.skip("a broker of somebody else's is not killed")
        (metrics_port,) = free_ports(1)
        program = await relay(there, metrics_port=metrics_port)
        before = await send_some(client, 100, seed="before")
        await relayed(there)
        sent = await there.metric(metrics_port, BATCHES)
        broker.pause()
        during = await send_some(client, 200, seed="during")

        async def are_under_way() -> bool:
            return await there.metric(metrics_port, BATCHES) > sent

        await until(are_under_way, what="batches are under way")
        program.signal(signal.SIGKILL)
        await broker.kill()
        await broker.start()
        await relayed(there)
        assert await complaints(there, before, during) == []


@pytest.mark.parametrize("days", [-400, 2] if MANY else [-400])
async def test_a_relay_whose_clock_is_wrong_relays_everything(
    days: int, tmp_path: Path, postgres_server: Cluster, kafka: Kafka, generation: int
) -> None:
    """Brokers refuse messages whose time lies too far ahead, and nothing may depend on a time that goes back."""
    async with small_province(tmp_path, postgres_server, kafka, generation) as (there, client):
        program = await relay(there)
        before = await send_some(client, 100, seed="before")
        await relayed(there)
        await program.stop()
        shifted = await relay(there, "shifted", ahead_seconds=days * 86_400)
        during = await send_some(client, 100, seed="during")
        await relayed(there)
        await shifted.stop()
        await relay(there, "again")
        after = await send_some(client, 100, seed="after")
        await relayed(there)
        assert await complaints(there, before, during, after) == []


@pytest.mark.parametrize("grown", [False, True] if MANY else [True])
async def test_a_log_restored_from_a_backup_is_refused_until_it_has_another_name(
    grown: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
    postgres_server: Cluster,
    kafka: Kafka,
    generation: int,
) -> None:
    """Also if it has grown since, differently from how it was before: then its positions hold other events than the topic's.

    The file of checkpoints knows of the lost events as well: nothing is signed, which readiness says, and events are taken all the same.
    """
    soon = {"TIENDO_CHECKPOINT_SECONDS": "0.1"}
    async with small_province(tmp_path, postgres_server, kafka, generation, **soon) as (there, client):
        first = await relay(there)
        kept = await send_some(client, 100, seed="kept")
        await relayed(there)
        await _stopped(there)
        await there.copy_database("province", "backup")
        await _started(there)
        await send_some(client, 100, seed="lost")
        await relayed(there)
        await _signed(client, there)
        published = await there.messages(TopicKind.CASE_EVENTS)

        await _stopped(there)
        await there.copy_database("backup", "province")
        await there.programs["web"].start()
        await _says_that_nothing_is_signed(client)
        if grown:
            kept.acknowledged += (await send_some(client, 300, seed="grown")).acknowledged
        await first.start()
        assert await first.ended() == 1
        assert "restored from a backup" in first.said()
        assert "Traceback" not in first.said()
        status, findings = await tiendo(there, "doctor", "--format", "json")
        assert status == 1
        assert "restored from a backup" in findings
        assert await there.messages(TopicKind.CASE_EVENTS) == published

        assert (await tiendo(there, "log", "renew-id", "--yes"))[0] == 0
        there.generation += 1_000_000
        assert (await tiendo(there, "topics", "apply"))[0] == 0
        await there.look_up_log_id()
        await until(there.answers, seconds=60, what="the province is ready")
        await _signed(client, there)
        await relay(there, "renewed")
        await relayed(there)
        assert await complaints(there, kept) == []
        assert await there.messages(TopicKind.CASE_EVENTS) != published
        status, findings = await tiendo(there, "doctor", "--format", "json")
        assert "restored from a backup" not in findings


async def _signed(client: httpx.AsyncClient, there: Province) -> None:
    """Return when a checkpoint over all that the log holds is signed under the name that it has now."""
    _, head = await there.relayed()

    async def is_signed() -> bool:
        found = await client.get("/v1/log/checkpoint", params={"format": "json"})
        shown = found.json()
        return found.is_success and shown["size"] >= head and shown["origin"] == f"tiendo/{there.log_id}"

    await until(is_signed, seconds=60, what=f"a checkpoint over {head} events")


async def _says_that_nothing_is_signed(client: httpx.AsyncClient) -> None:
    """Return when readiness names the restored backup; the service is alive meanwhile."""

    async def says_so() -> bool:
        with suppress(httpx.HTTPError):
            ready = await client.get("/readyz")
            return ready.status_code == httpx.codes.SERVICE_UNAVAILABLE and "restored from a backup" in ready.text
        return False

    await until(says_so, seconds=60, what="readiness says that nothing is signed")
    assert (await client.get("/healthz")).status_code == httpx.codes.OK


async def _stopped(there: Province) -> None:
    await asyncio.gather(*(program.stop() for program in there.programs.values()))


async def _started(there: Province) -> None:
    await asyncio.gather(*(program.start() for program in there.programs.values()))
    await until(there.answers, seconds=60, what="the province answers")


async def tiendo(there: Province, *arguments: str) -> tuple[int, str]:
    """Exit status and output of a command."""
    done = await tiendo_beside(*arguments, environment=there.environment(), timeout_seconds=60)
    return done.returncode, done.stdout + done.stderr
