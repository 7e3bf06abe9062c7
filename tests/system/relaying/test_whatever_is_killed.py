"""Whatever is killed, and whatever happens to connections with the broker: the topics hold what was acknowledged, readers get it once."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import pytest
from tests.kafka import java
from tests.kafka.brokers import Kafka, free_ports
from tests.kafka.layouts import one_broker
from tests.system.fire.proxy import Proxy, proxy
from tests.system.relaying.chaos import WEIGHTS, WEIGHTS_OF_A_WAY, Chaos
from tests.system.relaying.load import KINDS, Sender
from tests.system.relaying.province import Province, own_server, province
from tests.system.relaying.whole_province import CALM_SECONDS, complaints_at_the_end, start_all

ROUNDS = max(1, int(os.environ.get("ROUNDS", "3")) // 3)
CONNECTIONS_ALONE = os.environ.get("FAULT") == "connections"
MANY = CONNECTIONS_ALONE or int(os.environ.get("ROUNDS", "3")) > 3
"""Whether there is time for a broker of its own: a round of connections takes a minute."""
SEED = int(os.environ.get("SEED", "20220825"))
ACTIONS = int(os.environ.get("ROUND_ACTIONS", "10"))

pytestmark = [pytest.mark.torture, pytest.mark.timeout(500)]


@pytest.mark.parametrize(
    ("number", "of_connections"),
    [
        *((number, False) for number in range(ROUNDS) if not CONNECTIONS_ALONE),
        *((number, True) for number in range(ROUNDS) if MANY),
    ],
)
async def test_whatever_happens_all_that_was_acknowledged_is_published_once_in_effect(
    *, number: int, of_connections: bool, tmp_path: Path, kafka_cluster: Kafka, generation: int
) -> None:
    broker = _broker_behind_a_way(tmp_path / "kafka") if of_connections else nullcontext((kafka_cluster, None))
    async with broker as (kafka, way), _everything(tmp_path, kafka, generation) as there:
        await _hold_through(SEED + number, there, WEIGHTS_OF_A_WAY if of_connections else WEIGHTS, way)
        assert way is None or way.carried > 0


async def _hold_through(seed: int, there: Province, weights: Mapping[str, int], way: Proxy | None = None) -> None:
    """Let things go wrong while events come in, and hold at the end what everybody was told against what there is."""
    async with there.client() as client:
        senders = [Sender(kind=kind, seed=f"{seed} {kind}", client=client) for kind in KINDS]
        sending = [asyncio.create_task(sender.run()) for sender in senders]
        chaos = Chaos(province=there, senders=senders, plan=random.Random(seed), weights=weights, way=way)
        await chaos.make(ACTIONS)
        for sender in senders:
            sender.stop()
        await asyncio.wait_for(asyncio.gather(*sending), CALM_SECONDS)
    found = await complaints_at_the_end(there, senders)
    count = sum(len(sender.acknowledged) for sender in senders)
    print(f"seed {seed}: {count} events acknowledged; {dict(chaos.done)}")  # noqa: T201 - shown by `make torture`
    assert not found, f"seed {seed}, {dict(chaos.done)}: {len(found)} complaints, the first: {found[:5]}"
    # The round has tried something: nearly everything that was to be done was done, and events came in meanwhile.
    assert chaos.done.total() >= ACTIONS // 2
    assert count > ACTIONS


@asynccontextmanager
async def _everything(folder: Path, kafka: Kafka, generation: int) -> AsyncIterator[Province]:
    async with own_server(folder) as server, province(folder, server, kafka, generation, "ministry") as there:
        await start_all(there, free_ports(2))
        yield there


@asynccontextmanager
async def _broker_behind_a_way(folder: Path) -> AsyncIterator[tuple[Kafka, Proxy]]:
    """A broker of its own that everybody, itself included, reaches through a proxy alone."""
    java.require()

    def inner() -> int:
        return int(kafka.brokers[0].address.rpartition(":")[2])

    async with proxy(inner) as (way, port):
        address = f"127.0.0.1:{port}"
        kafka = one_broker(folder, properties={"advertised.listeners": f"PLAINTEXT://{address}"})
        try:
            await kafka.start()
            yield Kafka(bootstrap_servers=address, brokers=kafka.brokers), way
        finally:
            await kafka.remove()
