"""The projector over Kafka, beside the projector over the log."""

from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.stage import Stage


async def take(stage: Stage) -> Sample:
    """Each into a database that has no read models yet."""
    kafka = await stage.kafka()
    (_, head), generation = await kafka.filled(), await kafka.relayed()
    followed, copy = await kafka.fresh("bench_followed"), await kafka.copy("bench_projected")
    product, peak = await kafka.measured("project-topics", followed, head, generation)
    bare, _ = await kafka.measured("project-log", copy, head, generation)
    return Sample(
        figures={"rate": product.per_second, "processor time": product.microseconds_each},
        floor={"rate": bare.per_second, "processor time": bare.microseconds_each},
        peak_mebibytes=peak,
    )


ROW = Row(
    name="kafka-projector",
    what="projector over Kafka",
    floor="the projector over the log",
    ground=Ground.KAFKA,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER),
        Figure(name="processor time", unit="µs/event", better=Better.LOWER, times_floor_aim=1 / 0.7),
    ),
    take=take,
)
