"""The service with the cases of one office, one for the tests of a module: each that tells more has cases of its own."""

from collections.abc import AsyncIterator

import pytest
from tests.conftest import migrated_database
from tests.desk.desk_cases import told
from tests.query.serving import Asked, asked_service

from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster


@pytest.fixture(scope="module")
async def service(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """The service with the cases."""
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=10)
        try:
            async with asked_service(url, engine, tmp_path_factory.mktemp("desk")) as asked:
                await asked.tell(told())
                yield asked
        finally:
            await engine.dispose()
