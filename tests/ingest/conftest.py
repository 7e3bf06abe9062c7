"""The running service that the tests of ingest send to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.ingest.serving import Served, served

from tiendo_event_store import EventLog


@pytest.fixture
async def ingest(database_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """Ingest on a fresh database."""
    async with served(database_url, tmp_path / "data") as running:
        yield running


@pytest.fixture
def log(ingest: Served) -> EventLog:
    """The log that `ingest` writes."""
    return EventLog(ingest.running.engine)
