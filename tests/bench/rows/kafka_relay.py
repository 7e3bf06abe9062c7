"""The relay's feed of events, beside a bare producer of the same messages."""

from tests.bench.over_kafka.ground import FLOOR_EVENTS_MAX
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.stage import Stage

FLOORS = ("produce-barely", "produce-in-large-batches")


async def take(stage: Stage) -> Sample:
    """The whole log into topics that were just made; the floor is the faster of two producers."""
    kafka = await stage.kafka()
    url, head = await kafka.filled()
    generation = await kafka.generation()
    await kafka.generation()  # where the floors put their messages: the next generation
    relayed, peak = await kafka.measured("relay-events", url, head, generation)
    count = min(kafka.events, FLOOR_EVENTS_MAX)
    bare = [(await kafka.measured(name, url, count, generation))[0] for name in FLOORS]
    fastest = max(bare, key=lambda rate: rate.per_second)
    return Sample(
        figures={"rate": relayed.per_second, "processor time": relayed.microseconds_each},
        floor={"rate": fastest.per_second, "processor time": fastest.microseconds_each},
        peak_mebibytes=peak,
    )


ROW = Row(
    name="kafka-relay",
    what="relay of events to Kafka",
    floor="a bare idempotent producer, the faster of small and large batches",
    ground=Ground.KAFKA,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER),
        Figure(name="processor time", unit="µs/event", better=Better.LOWER, times_floor_aim=1 / 0.7),
    ),
    take=take,
)
