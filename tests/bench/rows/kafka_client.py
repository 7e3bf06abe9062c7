"""The client's consumer, which checks every message, beside one that looks at nothing."""

from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.stage import Stage


async def take(stage: Stage) -> Sample:
    """The topic from its beginning, with each."""
    kafka = await stage.kafka()
    (url, _), generation = await kafka.filled(), await kafka.relayed()
    product, peak = await kafka.measured("consume-with-client", url, kafka.events, generation)
    bare, _ = await kafka.measured("consume-barely", url, kafka.events, generation)
    return Sample(
        figures={"rate": product.per_second, "processor time": product.microseconds_each},
        floor={"rate": bare.per_second, "processor time": bare.microseconds_each},
        peak_mebibytes=peak,
    )


ROW = Row(
    name="kafka-client",
    what="the client's consumer over Kafka",
    floor="a bare consumer that looks at nothing",
    ground=Ground.KAFKA,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER, times_floor_aim=2.0),
        Figure(name="processor time", unit="µs/event", better=Better.LOWER, times_floor_aim=2.0),
    ),
    take=take,
)
