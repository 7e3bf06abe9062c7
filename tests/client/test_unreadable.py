"""A record that is no message is neither handed over nor passed over in silence; a stub is made whole or handed over as one."""

import asyncio

import pytest
from tests.client.publishing import event_at, new_log, send
from tests.waiting import until

from tiendo_client import CaseEventConsumer, Gap, KafkaAccess, MemoryPositions, MessageUnreadable
from tiendo_client.errors import ChainContradicted
from tiendo_contracts.messages import CaseEventMessage, Place, Record, Topic

GARBAGE = Record(b"C-1", b"{}", ())


async def read(consumer: CaseEventConsumer, wanted: int, found: list[int] | None = None) -> list[int]:
    """The positions handed over until there are that many, after those already found."""
    found = [] if found is None else found
    async for batch in consumer:
        found += [message.position for message in batch]
        if len(found) >= wanted:
            break
    return found


async def test_a_record_that_is_no_message_stops_the_consumer_at_it(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    records = [told.event("C-1") for _ in range(4)]
    partition = records[0][0]
    await send(access.bootstrap_servers, events.name, [*records[:2], (partition, GARBAGE), *records[2:]])
    async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[events.name]) as consumer:
        found: list[int] = []
        for _ in range(2):
            with pytest.raises(MessageUnreadable) as told_of:
                await read(consumer, 4, found)
            error = told_of.value
            assert (error.topic, error.partition, error.offset) == (events.name, partition, 2)
        assert found == [1, 2]


async def test_a_record_that_is_no_message_can_be_passed_over_by_name(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    records = [told.event("C-1") for _ in range(4)]
    partition = records[0][0]
    await send(access.bootstrap_servers, events.name, [*records[:2], (partition, GARBAGE), *records[2:]])
    named = [(events.name, partition, 2)]
    async with CaseEventConsumer(
        access, positions=MemoryPositions(), topics=[events.name], pass_over=named
    ) as consumer:
        assert await read(consumer, 4) == [1, 2, 3, 4]


async def test_an_event_that_is_not_the_one_its_digest_is_of_is_no_message(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    partition, record = told.event("C-1")
    forged = Record(record.key, record.value.replace(b"/test/desk", b"/test/mesk"), record.headers)
    await send(access.bootstrap_servers, events.name, [(partition, forged)])
    async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[events.name]) as consumer:
        with pytest.raises(MessageUnreadable, match="not the one that was accepted"):
            await anext(consumer)


async def test_messages_that_rule_each_other_out_stop_the_consumer(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    records = [told.event("C-1") for _ in range(3)]
    contradiction = event_at(Place(log_id=told.log_id, position=4, previous_position=2), "C-1")
    await send(access.bootstrap_servers, events.name, [*records, (records[0][0], contradiction)])
    async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[events.name]) as consumer:
        assert await read(consumer, 3) == [1, 2, 3]
        with pytest.raises(ChainContradicted, match=r"offset 3.* 3 stands between"):
            await anext(consumer)


async def test_a_gap_is_told_once_and_may_end_the_loop(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    records = [told.event("C-1") for _ in range(5)]
    await send(access.bootstrap_servers, events.name, [records[0], *records[2:]])
    gaps: list[Gap] = []
    async with (
        CaseEventConsumer(
            access, positions=MemoryPositions(), topics=[events.name], gap_seconds=0.2, on_gap=gaps.append
        ) as consumer,
        asyncio.TaskGroup() as group,
    ):
        reading = group.create_task(read(consumer, 5))
        await until(lambda: bool(gaps), what="the gap is told")
        assert [gap.held for gap in consumer.gaps()] == [3]
        await send(access.bootstrap_servers, events.name, [records[1]])
        assert await reading == [1, 2, 3, 4, 5]
        assert [(gap.after_position, gap.before_position) for gap in gaps] == [(1, 3)]
        assert not list(consumer.gaps())


async def test_what_there_was_no_room_for_is_read_again(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    records = [told.event(f"C-{n % 11}") for n in range(300)]
    await send(access.bootstrap_servers, events.name, [*records[10:], *records[:10]])
    async with CaseEventConsumer(
        access, positions=MemoryPositions(), topics=[events.name], held_max=5, batch_size_max=40
    ) as consumer:
        assert sorted(await read(consumer, 300)) == list(range(1, 301))


async def test_stubs_are_made_whole_or_handed_over_as_stubs(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    partition, record = told.event("C-1", stub=True)
    await send(access.bootstrap_servers, events.name, [(partition, record)])

    async def whole(message: CaseEventMessage) -> CaseEventMessage:
        return message.model_copy(update={"data": {"reason": message.dataref}})

    async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[events.name]) as consumer:
        (stub,) = await anext(consumer)
    async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[events.name], stubs=whole) as consumer:
        (message,) = await anext(consumer)
    assert stub.is_stub
    assert message.data == {"reason": "/v1/events?after=0&limit=1"}


async def test_a_stub_that_cannot_be_made_whole_is_not_lost(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    records = [told.event("C-1"), told.event("C-1", stub=True), told.event("C-1")]
    await send(access.bootstrap_servers, events.name, records)
    answers = [ConnectionError("the service is away"), None]

    async def whole(message: CaseEventMessage) -> CaseEventMessage:
        if (error := answers.pop(0)) is not None:
            raise error
        return message

    async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[events.name], stubs=whole) as consumer:
        with pytest.raises(ConnectionError):
            await anext(consumer)
        assert await read(consumer, 3) == [1, 2, 3]
