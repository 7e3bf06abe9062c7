"""Checks of the relay and of the topics that it fills; nothing where Kafka is not configured."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, warning, wrong
from tiendo_event_store import EventLog
from tiendo_event_store.followed.followed_positions import follows_others
from tiendo_event_store.publication import FeedState, feed_states, relay_is_at_work
from tiendo_event_store.tables import events
from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.kafka.applying import compare_topics
from tiendo_runtime.kafka.comparing import Standing, TopicCompared
from tiendo_runtime.kafka.errors import ClusterAway
from tiendo_runtime.settings import Settings

LAG_TOLERANCE: Final = timedelta(seconds=60)
"""How long an event may wait to be relayed before something is wrong; at rest it takes less than 0.1 s."""

_START_A_RELAY: Final = "start `tiendo serve relay`, or `tiendo up` with TIENDO_KAFKA_BOOTSTRAP_SERVERS set"
_SEE_JOURNAL: Final = "the journal of the relay says what it waits for; it goes on by itself"
_APPLY: Final = "tiendo topics apply"


async def check_relay(engine: AsyncEngine, settings: Settings) -> list[CheckFinding]:
    """How far each feed of the generation is relayed, and why it is not."""
    if settings.kafka is None or await follows_others(engine):
        return []  # a database that follows others relays nothing
    generation = settings.kafka_generation
    head = await EventLog(engine).head()
    async with engine.connect() as connection:
        at_work = await relay_is_at_work(connection, generation)
        feeds = [feed for feed in await feed_states(connection) if feed.feed.endswith(f":g{generation}")]
        if not feeds:
            return [wrong("relay", f"nothing has been relayed to generation {generation} yet", _START_A_RELAY)]
        # A relay that is refused lets its lock go while it waits to try again.
        at_work = at_work or any(feed.refusal is not None for feed in feeds)
        return [await _check_feed(connection, feed, head, at_work=at_work) for feed in feeds]


async def check_topics(settings: Settings) -> list[CheckFinding]:
    """Whether Kafka answers, and has the topics as they have to be."""
    if settings.kafka is None:
        return []
    try:
        comparison = await compare_topics(settings)
    except ClusterAway as fault:
        remedy = (
            "see that the brokers run and can be reached; nothing is lost meanwhile, and the relay goes on by itself"
        )
        return [wrong("kafka", str(fault), remedy)]
    except RuntimeFault as fault:
        return [wrong("kafka", str(fault), "put the settings right; see `tiendo topics plan`")]
    findings = [_check_topic(topic) for topic in comparison.topics if topic.standing is not Standing.PRESENT]
    present = len(comparison.topics) - len(findings)
    return [
        good("kafka", f"{settings.kafka_bootstrap_servers} answers; {present} topics are as they have to be"),
        *findings,
    ]


async def _check_feed(connection: AsyncConnection, feed: FeedState, head: int, *, at_work: bool) -> CheckFinding:
    subject = f"relay {feed.feed}"
    word = f"position {feed.position:,} of {head:,} is acknowledged"
    if feed.refusal is not None:
        found, _, remedy = feed.refusal.partition("\n")
        return wrong(subject, f"refused: {found}", remedy)
    # A checkpoint is never behind the log by its own fault: that none is signed is a finding of its own.
    of_events = not feed.feed.startswith("checkpoints:")
    waiting = await _waiting_for(connection, feed.position) if of_events else timedelta(0)
    if waiting > LAG_TOLERANCE:
        remedy = _SEE_JOURNAL if at_work else _START_A_RELAY
        return wrong(subject, f"{word}; the next event has been waiting for {waiting.total_seconds():,.0f} s", remedy)
    if not at_work:
        return warning(subject, f"{word}; no relay is at work", _START_A_RELAY)
    return good(subject, word)


async def _waiting_for(connection: AsyncConnection, position: int) -> timedelta:
    """How long the first event after a position has been waiting to be relayed."""
    statement = select(events.c.ingested_at).where(events.c.position == position + 1)
    received_at = await connection.scalar(statement)
    return timedelta(0) if received_at is None else datetime.now(UTC) - received_at


def _check_topic(topic: TopicCompared) -> CheckFinding:
    subject = f"topic {topic.planned.name}"
    if topic.standing is Standing.MISSING:
        return wrong(subject, "missing", _APPLY)
    if topic.partitions is not None:
        wanted = topic.planned.topic.partitions
        return warning(
            subject,
            f"has {topic.partitions} partitions, and TIENDO_KAFKA_PARTITIONS is {wanted}",
            f"set TIENDO_KAFKA_PARTITIONS={topic.partitions}; for more partitions fill a new generation of topics",
        )
    if topic.settings:
        names = ", ".join(f"{name} has to be {value}" for name, value in topic.settings.items())
        return wrong(subject, names, _APPLY)
    if topic.copies is not None:
        return warning(
            subject, f"has {topic.copies} copies, {topic.planned.copies} are asked for", "kafka-reassign-partitions.sh"
        )
    return warning(subject, "its settings may not be seen", "let this user describe the configurations of topics")
