"""The service that the tests of the query side ask."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.query.serving import Asked, asked_service


@pytest.fixture
async def service(database_url: str, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Asked]:
    """The whole service over a fresh database."""
    async with asked_service(database_url, engine, tmp_path) as running:
        yield running
