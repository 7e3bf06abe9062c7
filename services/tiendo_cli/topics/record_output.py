"""Messages on standard output: each in a line, or counted now and then."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

from tiendo_cli.terminal import say
from tiendo_cli.topics.message_lines import WatchedRecord, line_of
from tiendo_cli.topics.tally import RecordTally
from tiendo_contracts.messages.topics import TopicKind, topic, unit_of_agency_topic
from tiendo_runtime.kafka.applying import plan_of
from tiendo_runtime.settings import Settings

_ANY_GENERATION: Final = tuple((f"{topic(kind).name}.g", kind) for kind in TopicKind)


def asked_topics(settings: Settings, name: str | None) -> Mapping[str, TopicKind | None]:
    """The topics to show and what each carries (None: not known): one by its name or kind, or all of the plan."""
    planned = {each.name: each.topic.kind for each in plan_of(settings).topics}
    if name is None:
        return planned
    if name in set(TopicKind):
        name = topic(TopicKind(name), generation=settings.kafka_generation).name
    return {name: planned.get(name, _kind_of(name))}


def _kind_of(name: str) -> TopicKind | None:
    """What a topic of another generation, or of another's agency, carries."""
    if unit_of_agency_topic(name) is not None:
        return TopicKind.DELAY_ATTRIBUTIONS
    return next((kind for prefix, kind in _ANY_GENERATION if f"{name}.g".startswith(prefix)), None)


async def print_each(batches: AsyncIterator[list[WatchedRecord]]) -> None:
    """Print every message in a line."""
    async for batch in batches:
        for received in batch:
            say(line_of(received))


async def print_tally(batches: AsyncIterator[list[WatchedRecord]], *, every_seconds: float) -> None:
    """Print every so many seconds how many messages came on each topic, and the latest; nothing while nothing comes."""
    tally, clock = RecordTally(), asyncio.get_running_loop().time
    due = clock() + every_seconds
    async for batch in batches:
        tally.add(batch)
        if clock() >= due:
            _print_lines(tally)
            due = clock() + every_seconds
    _print_lines(tally)


def _print_lines(tally: RecordTally) -> None:
    for line in tally.lines():
        say(line)
