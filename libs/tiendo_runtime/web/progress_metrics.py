"""How far the log, its projection and the sources that are polled are, asked of the database whenever metrics are fetched."""

import asyncio
from contextlib import suppress
from typing import Final

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import EventLog
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_read_models.builds import reached_position
from tiendo_runtime.web.polled_metrics import PolledMetrics

_LIMIT_SECONDS: Final = 2.0


class ProgressMetrics:
    """Gauges of the log's head, of what is projected and of polled sources; NaN while the database does not answer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._head = Gauge("tiendo_log_head_position", "Highest position of the log", registry=registry)
        self._projected = Gauge(
            "tiendo_projected_position", "Position up to which the read models hold everything", registry=registry
        )
        self._polled = PolledMetrics(registry)

    async def refresh(self, engine: AsyncEngine) -> None:
        """Set the gauges to what the database says now."""
        head, projected = float("nan"), float("nan")
        with suppress(*DATABASE_FAULTS):
            async with asyncio.timeout(_LIMIT_SECONDS):
                projected = await reached_position(engine)
                head = await EventLog(engine).head()
                await self._polled.refresh(engine)
        self._head.set(head)
        self._projected.set(projected)
