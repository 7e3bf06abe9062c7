"""Relay, projectors, consumers, a broker of three and PostgreSQL may be killed at any moment: the topics hold what was acknowledged, readers get it once."""

import asyncio
import os
import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from tests.kafka.brokers import Kafka, free_ports
from tests.system.relaying.chaos import Chaos
from tests.system.relaying.checking import (
    Topics,
    delivery_complaints,
    event_complaints,
    log_complaints,
    state_complaints,
)
from tests.system.relaying.load import KINDS, Sender
from tests.system.relaying.province import PARTITIONS, Province, own_server, province
from tests.waiting import until

from tiendo_contracts.messages import TopicKind

ROUNDS = max(1, int(os.environ.get("ROUNDS", "3")) // 3)
SEED = int(os.environ.get("SEED", "20220825"))
ACTIONS = int(os.environ.get("ROUND_ACTIONS", "10"))
CALM_SECONDS = 120
"""How long after the last trouble everything has to be in order. A relay that took over sends states again after the delivery time of the last."""


@pytest.mark.torture
@pytest.mark.timeout(500)
@pytest.mark.parametrize("number", range(ROUNDS))
async def test_whatever_is_killed_all_that_was_acknowledged_is_published_once_in_effect(
    number: int, tmp_path: Path, kafka_cluster: Kafka, generation: int
) -> None:
    seed = SEED + number
    async with (
        own_server(tmp_path) as server,
        province(tmp_path, server, kafka_cluster, generation, "ministry") as there,
    ):
        await _start(there, free_ports(2))
        async with there.client() as client:
            senders = [Sender(kind=kind, seed=f"{seed} {kind}", client=client) for kind in KINDS]
            sending = [asyncio.create_task(sender.run()) for sender in senders]
            chaos = Chaos(province=there, senders=senders, plan=random.Random(seed))
            await chaos.make(ACTIONS)
            for sender in senders:
                sender.stop()
            await asyncio.wait_for(asyncio.gather(*sending), CALM_SECONDS)
        found = await _complaints(there, senders)
        assert not found, f"seed {seed}, {dict(chaos.done)}: {len(found)} complaints, the first: {found[:5]}"
        # The round has tried something: nearly everything that was to be done was done, and events came in meanwhile.
        assert chaos.done.total() >= ACTIONS // 2
        assert sum(len(sender.acknowledged) for sender in senders) > ACTIONS


async def _start(there: Province, metrics_ports: Sequence[int]) -> None:
    programs = [there.serving("web", "web", "--port", str(there.port)), there.serving("projector", "projector")]
    for number, port in enumerate(metrics_ports, 1):
        programs.append(there.serving(f"relay-{number}", "relay", TIENDO_METRICS_PORT=str(port)))
        programs.append(there.consumer(f"consumer-{number}"))
        programs.append(there.serving(f"follower-{number}", "projector", "--from", "kafka", database="ministry"))
    await asyncio.gather(*(program.start() for program in programs))
    await until(there.answers, seconds=90, what="the province answers")


async def _complaints(there: Province, senders: Sequence[Sender]) -> list[str]:
    """What is wrong at the end: of the log, the topics, the deliveries, the states and both read models."""
    acknowledged = [each for sender in senders for each in sender.acknowledged]
    log = await there.log()
    head = log[-1].position

    async def relayed() -> bool:
        return await there.relayed() == (head, head)

    await until(relayed, seconds=CALM_SECONDS, what="everything is relayed")
    found = log_complaints(acknowledged, log)
    case_events = await there.messages(TopicKind.CASE_EVENTS)
    directory = await there.messages(TopicKind.DIRECTORY)
    topics = Topics(case_events=case_events, directory=directory, partitions=PARTITIONS)
    found += event_complaints(there.log_id, log, topics)
    count = sum(entry.of_case for entry in log)

    async def delivered() -> bool:
        return len(await there.deliveries()) >= count

    await until(delivered, seconds=CALM_SECONDS, what="everything is delivered")
    found += delivery_complaints(there.log_id, log, await there.deliveries())
    for database in ("province", "ministry"):
        await until(partial(there.projected, database), seconds=CALM_SECONDS, what=f"{database} is projected")
    own, followed = await there.read_models(), await there.read_models("ministry")
    found += [f"the projectors differ in {name}" for name, rows in own.items() if followed[name] != rows]
    for kind in (TopicKind.CASE_TIMELINES, TopicKind.DELAY_ATTRIBUTIONS):
        found += await _states(there, kind)
    return found


async def _states(there: Province, kind: TopicKind) -> list[str]:
    """What is still wrong with a topic of states when it has had the time to come right."""
    found: list[str] = []

    async def right() -> bool:
        states = await there.messages(kind)
        found[:] = state_complaints(there.log_id, await there.answers_of_states(states), states)
        return not found

    try:
        await until(right, seconds=CALM_SECONDS)
    except AssertionError:
        return found
    return found
