"""The small service and its client, for the tests of the frame."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.runtime.web_service import service

from tiendo_runtime.web import Running


@pytest.fixture
async def running_service(database_url: str) -> AsyncIterator[tuple[httpx.AsyncClient, Running]]:
    async with service(database_url) as opened:
        yield opened


@pytest.fixture
async def client(running_service: tuple[httpx.AsyncClient, Running]) -> httpx.AsyncClient:
    return running_service[0]


@pytest.fixture
async def running(running_service: tuple[httpx.AsyncClient, Running]) -> Running:
    return running_service[1]
