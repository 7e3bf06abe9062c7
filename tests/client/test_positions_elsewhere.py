"""Consumers that keep their positions in a file or in Kafka."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from tests.client.publishing import new_log, send
from tests.waiting import until

from tiendo_client import CaseEventConsumer, FilePositions, Gap, KafkaAccess, KafkaPositions, MemoryPositions
from tiendo_client.errors import PositionsInUse, PositionsMoved, PositionsUnusable
from tiendo_contracts.messages import Topic


def reader(access: KafkaAccess, events: Topic, positions: FilePositions | KafkaPositions) -> CaseEventConsumer:
    group = events.name if positions.shared else None
    return CaseEventConsumer(access, positions=positions, group=group, topics=[events.name], batch_size_max=20)


async def read(consumer: CaseEventConsumer, found: list[int], wanted: int) -> None:
    """Note the positions that are handed over, each batch once it is saved, until there are that many."""
    async for batch in consumer:
        await batch.save()
        found += [message.position for message in batch]
        if len(found) >= wanted:
            return


async def test_a_program_with_a_file_goes_on_where_it_stood(access: KafkaAccess, events: Topic, tmp_path: Path) -> None:
    told, found = new_log(), list[int]()
    records = [told.event(f"C-{n % 9}") for n in range(200)]
    await send(access.bootstrap_servers, events.name, [*records[:60], *records[80:100]])
    file = tmp_path / "positions.json"
    async with reader(access, events, FilePositions(file)) as consumer:
        await read(consumer, found, 60)
    await send(access.bootstrap_servers, events.name, records[40:])
    async with reader(access, events, FilePositions(file)) as consumer:
        await read(consumer, found, 200)
    assert Counter(found) == Counter(range(1, 201))
    assert not file.with_name("positions.json.new").exists()


async def test_what_lies_before_the_offset_of_a_topic_that_was_made_anew_is_found(
    access: KafkaAccess, events: Topic, tmp_path: Path
) -> None:
    told, found = new_log(), list[int]()
    records = [told.event("C-1") for _ in range(30)]
    await send(access.bootstrap_servers, events.name, records)
    kept = {"offset": 20, "positions": {str(told.log_id): 10}}
    (tmp_path / "positions.json").write_text(json.dumps({events.name: {str(records[0][0]): kept}}), encoding="utf-8")
    gaps: list[Gap] = []
    async with CaseEventConsumer(
        access,
        positions=FilePositions(tmp_path / "positions.json"),
        topics=[events.name],
        gap_seconds=0.1,
        on_gap=gaps.append,
    ) as consumer:
        await read(consumer, found, 20)
    assert found == list(range(11, 31))
    assert [gap.after_position for gap in gaps] == [10]


async def test_a_second_process_may_not_use_the_file(access: KafkaAccess, events: Topic, tmp_path: Path) -> None:
    file = tmp_path / "positions.json"
    async with reader(access, events, FilePositions(file)):
        with pytest.raises(PositionsInUse, match="in use by another process"):
            await reader(access, events, FilePositions(file)).__aenter__()
    async with reader(access, events, FilePositions(file)):
        pass


@pytest.mark.parametrize("text", ["", "[]", '{"t": {"0": {}}}', '{"t": {"0": {"offset": 1, "positions": {"x": 1}}}}'])
async def test_a_file_that_holds_something_else_is_refused_and_left_alone(
    access: KafkaAccess, events: Topic, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "positions.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PositionsUnusable, match="holds no positions"):
        await reader(access, events, FilePositions(file)).__aenter__()
    assert file.read_text(encoding="utf-8") == text


async def test_a_group_cannot_share_a_file(access: KafkaAccess, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="belongs to one process"):
        CaseEventConsumer(access, positions=FilePositions(tmp_path / "positions.json"), group="archive")


async def test_partitions_move_within_a_group_that_keeps_positions_in_kafka(access: KafkaAccess, events: Topic) -> None:
    told, found = new_log(), list[int]()
    records = [told.event(f"C-{n % 30}") for n in range(600)]
    # Held back at the time of the rebalance: whoever gets the partition has to hold it too.
    await send(access.bootstrap_servers, events.name, [*records[:200], *records[250:300]])
    first, second = (reader(access, events, KafkaPositions()) for _ in range(2))
    async with asyncio.TaskGroup() as group:
        group.create_task(_serve(first, found))
        await until(lambda: len(found) >= 100, what="the first reads")
        group.create_task(_serve(second, found))
        await send(access.bootstrap_servers, events.name, records[200:400])
        await until(lambda: len(found) >= 300, what="both read")
        first.stop()
        await send(access.bootstrap_servers, events.name, records[400:])
        await until(lambda: len(found) >= 600, what="the second has all partitions")
        second.stop()
    assert Counter(found) == Counter(range(1, 601))


async def test_a_partition_is_given_away_only_when_the_batch_in_hand_is_done(
    access: KafkaAccess, events: Topic
) -> None:
    told, found = new_log(), list[int]()
    await send(access.bootstrap_servers, events.name, [told.event(f"C-{n}") for n in range(200)])
    first, second = (reader(access, events, KafkaPositions()) for _ in range(2))
    async with first, asyncio.TaskGroup() as group:
        in_hand = await anext(first)
        group.create_task(_serve(second, found))
        await until(lambda: first._rebalancing.under_way, what="the second asks to join")
        await in_hand.save()
        found += [message.position for message in in_hand]
        assert len(found) == len(in_hand), "the second has got something before the batch was done"
        group.create_task(read(first, found, 200))
        await until(lambda: len(found) >= 200, what="both read")
        first.stop()
        second.stop()
    assert Counter(found) == Counter(range(1, 201))


async def _serve(consumer: CaseEventConsumer, found: list[int]) -> None:
    async with consumer:
        await read(consumer, found, 10**9)


async def test_positions_in_kafka_are_seen_by_the_tools_of_kafka(access: KafkaAccess, events: Topic) -> None:
    told, found = new_log(), list[int]()
    await send(access.bootstrap_servers, events.name, [told.event("C-1") for _ in range(30)])
    async with reader(access, events, KafkaPositions()) as consumer:
        await read(consumer, found, 30)
    (partition,) = told.tails
    plain = AIOKafkaConsumer(group_id=events.name, **access.options())
    await plain.start()
    try:
        assert await plain.committed(TopicPartition(events.name, partition)) == 30
    finally:
        await plain.stop()


async def test_a_consumer_that_was_put_out_of_its_group_cannot_save_over_what_another_did(
    access: KafkaAccess, events: Topic
) -> None:
    told, found = new_log(), list[int]()
    await send(access.bootstrap_servers, events.name, [told.event(f"C-{n}") for n in range(100)])
    async with reader(access, events, KafkaPositions()) as zombie:
        batch = await anext(zombie)
        # As if the broker had not heard of it for too long.
        await zombie._client._coordinator._maybe_leave_group()
        async with reader(access, events, KafkaPositions()) as other:
            await read(other, found, 100)
        with pytest.raises(PositionsMoved, match="has moved on"):
            await batch.save()
        await send(access.bootstrap_servers, events.name, [told.event(f"C-{n}") for n in range(30)])
        await read(zombie, found, 130)
    assert Counter(found) == Counter(range(1, 131))


async def test_offsets_that_another_program_committed_are_no_positions(access: KafkaAccess, events: Topic) -> None:
    plain = AIOKafkaConsumer(events.name, group_id=events.name, enable_auto_commit=False, **access.options())
    await plain.start()
    await plain.commit({TopicPartition(events.name, 0): 0})
    await plain.stop()
    async with reader(access, events, KafkaPositions()) as consumer:
        with pytest.raises(PositionsUnusable, match="committed by another program"):
            await anext(consumer)


async def test_positions_in_kafka_need_a_group(access: KafkaAccess, events: Topic) -> None:
    consumer = CaseEventConsumer(access, positions=KafkaPositions(), topics=[events.name])
    with pytest.raises(PositionsUnusable, match="name the consumer's `group`"):
        await consumer.__aenter__()


async def test_without_a_store_everything_comes_from_the_beginning(access: KafkaAccess, events: Topic) -> None:
    told = new_log()
    await send(access.bootstrap_servers, events.name, [told.event(f"C-{n}") for n in range(30)])
    for _ in range(2):
        found: list[int] = []
        async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[events.name]) as consumer:
            async for batch in consumer:
                found += [message.position for message in batch]
                if len(found) == 30:
                    break
        assert sorted(found) == list(range(1, 31))
