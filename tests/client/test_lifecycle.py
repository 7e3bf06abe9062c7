"""aiokafka's clients begin and end, and leave no connection open, whatever the brokers do."""

import asyncio
import struct
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import ApiVersionResponse_v0
from tests.waiting import until

from tiendo_client.lifecycle import begun


class SilentBroker:
    """Says which requests it knows, and then nothing more."""

    def __init__(self) -> None:
        self.asked = 0
        self.left = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first question of a connection; take the others."""
        while length := await reader.read(4):
            question = await reader.readexactly(int.from_bytes(length))
            self.asked += 1
            if self.asked == 1:
                answer = question[4:8] + ApiVersionResponse_v0(0, [(3, 0, 5)]).encode()
                writer.write(struct.pack(">i", len(answer)) + answer)
        self.left += 1
        writer.close()


@pytest.fixture
async def silent_broker() -> AsyncIterator[tuple[SilentBroker, str]]:
    """A broker that hangs, and its address."""
    broker = SilentBroker()
    async with await asyncio.start_server(broker.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield broker, f"{host}:{port}"


@pytest.mark.parametrize("kind", [AIOKafkaProducer, AIOKafkaConsumer, AIOKafkaAdminClient])
async def test_a_start_that_is_broken_off_leaves_no_connection_open(
    silent_broker: tuple[SilentBroker, str], kind: type[AIOKafkaProducer | AIOKafkaConsumer | AIOKafkaAdminClient]
) -> None:
    broker, address = silent_broker
    client = kind(bootstrap_servers=address)
    starting = asyncio.create_task(begun(client.start()))
    await until(lambda: broker.asked == 2, what="the brokers were asked what there is")
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await until(lambda: broker.left == 1, seconds=60, what="the connection was closed")
    await (client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())
