"""A service over the small province in whose browser a month was worked, once for the tests of this folder."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser
from tests.conftest import migrated_database
from tests.month.province import RULES, told
from tests.month.visitors import Visitors
from tests.month.worked_month import WorkedMonth, worked_month
from tests.query.serving import Asked, asked_service

from tiendo_cli.applying_rules import apply_rules
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.settings import PublicPages


@pytest.fixture(scope="session")
async def service(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """The service with the cases, its pages open to all."""
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=10)
        settings = {"public_pages": PublicPages.ON}
        try:
            async with asked_service(url, engine, tmp_path_factory.mktemp("month"), settings=settings) as asked:
                await apply_rules(engine, RULES)
                await asked.tell(told(datetime.now(UTC)))
                yield asked
        finally:
            await engine.dispose()


@pytest.fixture(scope="session")
async def visitors(service: Asked, chromium: Browser) -> AsyncIterator[Visitors]:
    """One browser of each role, and one of nobody."""
    async with Visitors.of(service, chromium) as visitors:
        yield visitors


@pytest.fixture(scope="session")
async def month(service: Asked, visitors: Visitors) -> WorkedMonth:
    """The month as it was worked by clicks, with the pictures that were taken on the way."""
    await service.settled()
    return await worked_month(visitors)
