"""What the rows have in common that work through the whole loaded province by the command line."""

import asyncio
import sys
import time
from collections.abc import Sequence

from tests.bench.asking import settings_of
from tests.bench.memory import peak_memory
from tests.bench.programs import environment_of
from tests.bench.province import loaded
from tests.bench.reading_log import read_once
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.stage import Stage


def command_row(
    name: str, what: str, arguments: Sequence[str], *, seconds: float | None = None, rate: float | None = None
) -> Row:
    """A row of one `tiendo` command on the loaded province; the aim in seconds is for scale 1, and judged there alone."""

    async def take(stage: Stage) -> Sample:
        await loaded(stage.cluster, stage.size.scale)
        url = stage.province_url()
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tiendo_cli", *arguments,
            env=environment_of(settings_of(url)), stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with peak_memory(command=process.pid) as peak:
            status = await process.wait()
        took = time.perf_counter() - begun
        if status:
            raise RuntimeError(f"tiendo {' '.join(arguments)} failed with status {status}")
        bare = await read_once(url)
        return Sample(
            figures={"seconds": took, "rate": bare.count / took, "peak": max(peak.mebibytes.values())},
            floor={"seconds": bare.seconds, "rate": bare.per_second},
            peak_mebibytes=peak.mebibytes,
            details={"events": bare.count},
        )

    return Row(
        name=name,
        what=what,
        floor="reading the log once",
        ground=Ground.LOADED,
        figures=(
            Figure(name="seconds", unit="s", better=Better.LOWER, aim=seconds, aim_at_scale_one=True),
            Figure(name="rate", unit="events/s", better=Better.HIGHER, aim=rate),
            Figure(name="peak", unit="MiB", better=Better.LOWER, aim=400),
        ),
        take=take,
    )
