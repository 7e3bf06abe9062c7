"""How each polled source stands, asked of the database whenever metrics are fetched."""

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.sources.polled_sources import SourceStanding, source_standings


class PolledMetrics:
    """Gauges of every source that was ever polled and is not retired; those of instants are absent as long as there is none."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._polled = Gauge(
            "tiendo_source_polled_timestamp_seconds", "When the last good poll ended.", ["source"], registry=registry
        )
        self._changed = Gauge(
            "tiendo_source_changed_timestamp_seconds", "When a change was seen last.", ["source"], registry=registry
        )
        self._lag = Gauge(
            "tiendo_source_lag_seconds", "Time since the last good poll ended.", ["source"], registry=registry
        )
        self._open = Gauge(
            "tiendo_source_open_cases", "Cases of the source that have not ended.", ["source"], registry=registry
        )
        self._failures = Gauge("tiendo_source_failures", "Polls that failed in a row.", ["source"], registry=registry)

    async def refresh(self, engine: AsyncEngine) -> None:
        """Set the gauges to what the database says now."""
        standings = [one for one in await source_standings(engine) if not one.retired]
        for gauge in (self._polled, self._changed, self._lag, self._open, self._failures):
            gauge.clear()
        for standing in standings:
            self._show(standing)

    def _show(self, standing: SourceStanding) -> None:
        state = standing.state
        if state.polled_at is not None:
            self._polled.labels(state.source).set(state.polled_at.timestamp())
            self._lag.labels(state.source).set((state.read_at - state.polled_at).total_seconds())
        if state.changed_at is not None:
            self._changed.labels(state.source).set(state.changed_at.timestamp())
        self._open.labels(state.source).set(standing.open_cases)
        self._failures.labels(state.source).set(state.failures)
