"""Tells of predecessors that do not come."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tiendo_client.chains import Gap

logger = logging.getLogger("tiendo_client")


def log_gap(gap: Gap) -> None:
    """Write the gap into the journal."""
    logger.warning("%s", gap)


class GapWatch:
    """Tells `on_gap` once of every gap that has lasted for `seconds`."""

    def __init__(self, on_gap: Callable[[Gap], None], seconds: float) -> None:
        self._on_gap = on_gap
        self._patience = timedelta(seconds=seconds)
        self._told: set[tuple[UUID, str, int, int]] = set()

    def look(self, gaps: Iterable[Gap], now: datetime) -> None:
        """Tell of those that have lasted, and forget those that were closed."""
        lasting = {
            (gap.log_id, gap.topic, gap.partition, gap.after_position): gap
            for gap in gaps
            if now - gap.since >= self._patience
        }
        news = [gap for key, gap in lasting.items() if key not in self._told]
        self._told = set(lasting)
        for gap in news:
            self._on_gap(gap)
