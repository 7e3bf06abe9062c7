"""Single cases found in the live build, each in one question."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.driver import driver_of, lent_driver
from tiendo_read_models.builds import Build, reading
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.queries.cases.live_case import LiveCase, live_case


class LiveCases:
    """Finds cases; remembers which build is live until it is told that another one is."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._build: Build | None = None

    async def find(self, case_id: str) -> LiveCase:
        """The case in the live build. Raises NoLiveBuild."""
        return await self._find_in(self._build, case_id) or await self._find_anew(case_id)

    async def _find_in(self, build: Build | None, case_id: str) -> LiveCase | None:
        """The case in the build, if that is the live one; a build that was replaced may have been dropped."""
        if build is None:
            return None
        try:
            async with lent_driver(self._engine) as driver:
                return await live_case(driver, build, case_id)
        except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.InvalidSchemaNameError):
            return None

    async def _find_anew(self, case_id: str) -> LiveCase:
        async with reading(self._engine) as reader:
            found = await live_case(await driver_of(reader.connection), reader.build, case_id)
            if found is None:
                raise NoLiveBuild
            self._build = reader.build
            return found
