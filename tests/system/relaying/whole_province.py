"""A province in which everything runs that relays and reads topics, and what has to hold of it at the end."""

import asyncio
from collections.abc import Sequence
from functools import partial

from tests.system.relaying.checking import (
    Topics,
    delivery_complaints,
    event_complaints,
    log_complaints,
    state_complaints,
)
from tests.system.relaying.load import Sender
from tests.system.relaying.province import PARTITIONS, Province
from tests.waiting import until

from tiendo_contracts.messages import TopicKind

CALM_SECONDS = 120
"""How long after the last trouble everything has to be in order. A relay that took over sends states again after the delivery time of the last."""


async def start_all(there: Province, metrics_ports: Sequence[int]) -> None:
    """Start a web service and a projector, two relays, and two of each who read from the topics."""
    programs = [there.serving("web", "web", "--port", str(there.port)), there.serving("projector", "projector")]
    for number, port in enumerate(metrics_ports, 1):
        programs.append(there.serving(f"relay-{number}", "relay", TIENDO_METRICS_PORT=str(port)))
        programs.append(there.consumer(f"consumer-{number}"))
        programs.append(there.serving(f"follower-{number}", "projector", "--from", "kafka", database="ministry"))
    await asyncio.gather(*(program.start() for program in programs))
    await until(there.answers, seconds=90, what="the province answers")


async def complaints_at_the_end(there: Province, senders: Sequence[Sender]) -> list[str]:
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
