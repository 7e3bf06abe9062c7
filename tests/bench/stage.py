"""Where rows are measured: one embedded server, databases on it, programs beside it, made when a row first asks for them."""

import itertools
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Self

from tests.bench.asking import new_key, settings_of
from tests.bench.databases import MIGRATED, copied, drop, fresh
from tests.bench.over_kafka.ground import KafkaGround, kafka_ground
from tests.bench.programs import Program, echo_server, serving
from tests.bench.province import Province, database_name, shown_province
from tests.bench.sizes import Size

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.usage import embedded_database


class Stage:
    """One run's server and what stands on it. Used with `async with`."""

    def __init__(self, cluster: Cluster, size: Size) -> None:
        self.cluster = cluster
        self.size = size
        self.run = f"b{int(time.time()) % 1_000_000}"
        self._numbers = itertools.count(1)
        self._kept = AsyncExitStack()
        self._of_ground = AsyncExitStack()
        self._echo: int | None = None
        self._province: Province | None = None
        self._kafka: KafkaGround | None = None

    async def __aenter__(self) -> Self:
        """Starts the server, with a migrated database to copy from."""
        await self._kept.enter_async_context(embedded_database(self.cluster, lambda _: None))
        await fresh(self.cluster, MIGRATED)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends all that was started."""
        await self.leave_ground()
        await self._kept.aclose()

    async def leave_ground(self) -> None:
        """Ends the programs that rows of one ground share."""
        await self._of_ground.aclose()
        self._of_ground, self._province, self._kafka = AsyncExitStack(), None, None

    async def echo(self) -> int:
        """The port of the server that only sends bytes back."""
        if self._echo is None:
            self._echo = await self._kept.enter_async_context(echo_server())
        return self._echo

    def province_url(self) -> str:
        """The address of the province's database, which `province.loaded` fills."""
        return self.cluster.url(database_name(self.size.scale))

    async def province(self) -> Province:
        """The simulated province, which running programs show, with events coming in."""
        if self._province is None:
            shown = shown_province(self.cluster, self.size.scale, self.run)
            self._province = await self._of_ground.enter_async_context(shown)
        return self._province

    async def kafka(self) -> KafkaGround:
        """A broker and the log that was relayed to it. Raises LeftOut."""
        if self._kafka is None:
            ground = kafka_ground(self.cluster, self.size.kafka_events)
            self._kafka = await self._of_ground.enter_async_context(ground)
        return self._kafka

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """The address of a fresh, migrated database, dropped after the block."""
        name = f"bench_{next(self._numbers)}"
        try:
            yield await copied(self.cluster, MIGRATED, name)
        finally:
            await drop(self.cluster, name)

    @asynccontextmanager
    async def served(self) -> AsyncIterator["Served"]:
        """A web service on a fresh database, with a key."""
        async with self.database() as url, serving("web", settings_of(url)) as web:
            yield Served(url=url, web=web, headers={"authorization": f"Bearer {await new_key(url)}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A web service on a database of its own."""

    url: str
    web: Program
    headers: Mapping[str, str]
