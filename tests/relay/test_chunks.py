"""What takes the place of an event in a topic is never itself too large for it."""

import json
from uuid import UUID

from aiokafka import TopicPartition
from tests.event_store.events import event

from tiendo_contracts.messages import TopicKind, decode_message
from tiendo_event_store.publication.reading import EventToPublish
from tiendo_relay.sending.batches import Batches
from tiendo_relay.sending.chunks import Chainer, Target

LIMIT = 20_000


def test_a_stub_leaves_out_what_would_make_it_too_large_as_well() -> None:
    text = event("large").text
    entry = EventToPublish(
        1,
        "HS-1",
        TopicKind.CASE_EVENTS,
        "2026-01-05T01:00:00Z",
        0,
        "0" * 64,
        f'{text[:-1]},"tracestate":"{"a" * LIMIT}"}}',
    )
    target = Target(topic="t", partitions=1)
    batches = Batches(lambda: None, {"t": LIMIT})
    chainer = Chainer(UUID(int=1), {TopicKind.CASE_EVENTS: target}, {TopicPartition("t", 0): 0})
    record = chainer._record(entry, TopicPartition("t", 0), 0, batches)
    assert batches.fits("t", record)
    message = decode_message(TopicKind.CASE_EVENTS, record.value)
    assert message.is_stub
    assert message.id == json.loads(text)["id"]
