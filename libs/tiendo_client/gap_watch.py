"""Tells of predecessors that do not come."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tiendo_client.chains import Gap

logger = logging.getLogger("tiendo_client")


def log_gap(gap: Gap) -> None:
    """Write the gap into the journal."""
    logger.warning("%s", gap)


class GapWatch:
    """Tells once of every gap that has lasted for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._patience = timedelta(seconds=seconds)
        self._reported: set[tuple[UUID, str, int, int]] = set()

    def news(self, gaps: Iterable[Gap], now: datetime) -> list[Gap]:
        """Those that have lasted and were not reported before; those that were closed are forgotten."""
        lasting = {
            (gap.log_id, gap.topic, gap.partition, gap.after_position): gap
            for gap in gaps
            if now - gap.since >= self._patience
        }
        news = [gap for key, gap in lasting.items() if key not in self._reported]
        self._reported = set(lasting)
        return news
