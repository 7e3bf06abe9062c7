"""From ingest's acknowledgement to a plain consumer's hands, at a steady rate."""

from tests.bench.over_kafka.latency import PER_SECOND, delivery
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.stage import Stage


async def take(stage: Stage) -> Sample:
    """Through ingest and relay, and with a bare producer."""
    kafka = await stage.kafka()
    through, bare = await delivery(kafka, stage.size.seconds)
    return Sample(
        figures={"p50": through.milliseconds(0.5), "p99": through.milliseconds(0.99), "rate": through.per_second},
        floor={"p50": bare.milliseconds(0.5), "p99": bare.milliseconds(0.99), "rate": bare.per_second},
    )


ROW = Row(
    name="kafka-delivery",
    what=f"acknowledged by ingest to a consumer's hands, {PER_SECOND} events/s",
    floor="a bare producer, from sending to the same consumer",
    ground=Ground.KAFKA,
    figures=(
        Figure(name="p50", unit="ms", better=Better.LOWER),
        Figure(name="p99", unit="ms", better=Better.LOWER, aim=500),
        Figure(name="rate", unit="events/s", better=Better.HIGHER),
    ),
    take=take,
)
