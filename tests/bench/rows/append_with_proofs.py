"""Appending as in the row `append`, and then the tree over all of it, beside hashing the same leaves alone."""

import tempfile
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.bench.databases import engine_on
from tests.bench.measuring import Rate, timed
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.rows.append import BATCH, in_process
from tests.bench.samples import event_texts
from tests.bench.stage import Stage

from tiendo_event_store import EventLog
from tiendo_event_store.proofs.signing import Signer


async def take(stage: Stage) -> Sample:
    """One fresh log, appended to with salts, then covered and signed."""
    texts = list(event_texts(stage.size.cases))
    async with stage.database() as url:
        appended = await in_process(url, texts)
        covered = await _covered(url)
    with timed() as watch:
        for text in texts:
            sha256(text.encode()).digest()
    bare = Rate(count=len(texts), seconds=watch.seconds, processor_seconds=watch.processor_seconds)
    return Sample(
        figures={
            "rate": appended.per_second,
            "processor time": appended.microseconds_each,
            "covering": covered.microseconds_each,
        },
        floor={"covering": bare.microseconds_each},
    )


async def _covered(url: str) -> Rate:
    with tempfile.TemporaryDirectory() as folder:
        async with engine_on(url) as engine:
            signer = Signer(engine=engine, key=Ed25519PrivateKey.generate(), file=Path(folder) / "checkpoints")
            count = await EventLog(engine).head()
            with timed() as watch:
                await signer.last_turn()
    return Rate(count=count, seconds=watch.seconds, processor_seconds=watch.processor_seconds)


ROW = Row(
    name="append-with-proofs",
    what=f"the same as `append` in batches of {BATCH}, and the tree grown over it by the signer",
    floor="one SHA-256 of each text",
    ground=Ground.FRESH,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER),
        Figure(name="processor time", unit="µs/event", better=Better.LOWER),
        Figure(name="covering", unit="µs/event", better=Better.LOWER),
    ),
    take=take,
)
