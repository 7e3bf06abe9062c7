"""The service of the tests of monthly lists, over a fresh database, in which lists have no window."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.publications.publishing import Desk, desk_of
from tests.query.serving import Asked, asked_service

from tiendo_cli.applying_rules import apply_rules

NO_WINDOW = """
[[unit]]
id = "T"
name = "Sở Thử"
[[unit]]
id = "VP"
name = "Văn phòng"
parent = "T"
[[unit]]
id = "MC"
name = "Một cửa"
parent = "T"
[[publication]]
unit = "T"
window_working_days = 0
least_minutes = 0
"""


@pytest.fixture
async def service(database_url: str, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Asked]:
    """The whole service."""
    async with asked_service(database_url, engine, tmp_path) as running:
        await apply_rules(engine, NO_WINDOW)
        yield running


@pytest.fixture
async def desk(service: Asked) -> AsyncIterator[Desk]:
    """A desk that publishes for all units."""
    made = await desk_of(service)
    async with made.client:
        yield made
