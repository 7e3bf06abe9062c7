"""A province under test: PostgreSQL, ingest and projector, relays over a cluster, and those who read from there."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka, free_ports
from tests.keys import new_key_of
from tests.projector.followers import all_rows
from tests.system.relaying.checking import Delivery, Entry, Message
from tests.system.relaying.consumer_program import CREATE
from tests.system.relaying.programs import Program
from tests.system.relaying.reading import messages_of
from tests.waiting import until

import tiendo_migrations
from tiendo_client import PostgresPositions
from tiendo_contracts.database.advisory_locks import RELAYS
from tiendo_contracts.database.database_roles import OWNER
from tiendo_contracts.messages import TopicKind, topic
from tiendo_read_models.builds import reading
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.tables import metadata
from tiendo_runtime.authentication import Scope
from tiendo_runtime.database import engine_of, owner_engine
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.databases import ensure_database
from tiendo_runtime.embedded.server import find_server
from tiendo_runtime.embedded.usage import embedded_database, restart_server
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings

SERVER = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "200"}
"""A killed server finds what it had written in the system's memory."""
PARTITIONS = 6
_PAGE = 1_000
_SENT = "SELECT count(*) FROM tiendo.events WHERE shard IS NOT NULL OR type ^@ 'vn.tiendo.directory.'"
"""How many events go over Kafka: those of cases, and the directory's facts."""
_AT_WORK = "tiendo_relay_active"
_CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND classid = :relays AND objid = :generation AND granted
"""


@dataclass(slots=True, kw_only=True)
class Province:
    """Everything that runs; `programs` are started by name, and all of them stop with the province."""

    folder: Path
    kafka: Kafka
    number: int
    generation: int
    cluster: Cluster
    port: int
    log_id: str = ""
    secret: str = ""
    programs: dict[str, Program] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """As the services of the province have them."""
        return Settings(
            data=self.folder / "data",
            kafka_bootstrap_servers=self.kafka.bootstrap_servers,
            kafka_generation=self.generation,
            kafka_partitions=PARTITIONS,
        )

    def topic(self, kind: TopicKind) -> str:
        return topic(kind, generation=self.generation).name

    def url(self, database: str = "province") -> str:
        """The address of a database of this province: the server may hold those of others."""
        return self.cluster.url(self.database(database))

    def database(self, name: str) -> str:
        """The name of a database on the server."""
        return f"{name}_{self.number}"

    def serving(self, name: str, *arguments: str, database: str = "province", **environment: str) -> Program:
        """A program `tiendo serve ARGUMENTS`, not started yet."""
        given = {**self.environment(database), **environment}
        return self.program(name, "tiendo_cli", ["serve", *arguments], given)

    def environment(self, database: str = "province") -> dict[str, str]:
        """The environment of a program of tiendo."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
        return {
            **kept,
            "PYTHONUNBUFFERED": "1",
            "TIENDO_DATA": str(self.folder / "data"),
            "TIENDO_DATABASE_URL": self.url(database),
            "TIENDO_KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "TIENDO_KAFKA_GENERATION": str(self.generation),
            "TIENDO_KAFKA_PARTITIONS": str(PARTITIONS),
            "TIENDO_LOG_FORMAT": "console",
        }

    def consumer(self, name: str) -> Program:
        """A program of another agency, not started yet; those of one province are one consumer group."""
        module = "tests.system.relaying.consumer_program"
        topic_name = self.topic(TopicKind.CASE_EVENTS)
        arguments = [self.kafka.bootstrap_servers, topic_name, self.url("agency")]
        return self.program(name, module, arguments, self.environment())

    def program(
        self,
        name: str,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        preloaded: bool = True,
    ) -> Program:
        """A program `python -m MODULE ARGUMENTS`, not started yet."""
        journal = self.folder / f"{name}.journal"
        found = Program(
            name=name,
            module=module,
            arguments=arguments,
            environment=environment,
            journal=journal,
            preloaded=preloaded,
        )
        self.programs[name] = found
        return found

    def client(self) -> httpx.AsyncClient:
        """A client that may send and read."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=60, trust_env=False)

    async def prepare(self, *databases: str) -> None:
        """Make the databases, the topics and the key."""
        for name in ("province", "agency", *databases):
            await ensure_database(self.cluster, self.database(name))
            if name != "agency":
                await tiendo_migrations.upgrade(self.url(name))
        _, self.secret = await new_key_of(self.url("province"), self.settings, [Scope.INGEST, Scope.READ])
        await self.look_up_log_id()
        engine = owner_engine(self.url("agency"))
        async with engine.begin() as connection:
            await connection.execute(text(CREATE))
        await PostgresPositions(engine, consumer="agency").create_table()
        await engine.dispose()
        await apply_topics(self.settings)

    async def look_up_log_id(self) -> None:
        """Ask the database for the name of its log."""
        async with self.engine() as engine, engine.connect() as connection:
            self.log_id = str(await connection.scalar(text("SELECT log_id FROM tiendo.log_identity")))

    async def copy_database(self, source: str, target: str) -> None:
        """Make `target` what `source` is, which nobody uses: a backup, or its restoration."""
        administrator = owner_engine(self.cluster.url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
        source, target = self.database(source), self.database(target)
        async with administrator.connect() as connection:
            await connection.execute(text(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)"))
            await connection.execute(text(f"CREATE DATABASE {target} TEMPLATE {source} OWNER {OWNER}"))
        await administrator.dispose()

    async def answers(self) -> bool:
        """Whether the HTTP service is ready."""
        async with self.client() as client:
            try:
                return (await client.get("/readyz", timeout=5)).status_code == httpx.codes.OK
            except httpx.HTTPError:
                return False

    async def kill_server(self) -> None:
        """Kill PostgreSQL, and start it again."""
        if pid := find_server(self.cluster):
            os.kill(pid, signal.SIGKILL)
            await until(lambda: find_server(self.cluster) is None, what="PostgreSQL has ended")
        await restart_server(self.cluster)

    async def working_relay(self) -> str | None:
        """The name of the relay that says in its metrics that it is the one at work."""
        for name, program in self.programs.items():
            port = program.environment.get("TIENDO_METRICS_PORT")
            if port is not None and await self.metric(int(port), _AT_WORK) == 1:
                return name
        return None

    @staticmethod
    async def metric(port: int, name: str) -> float:
        """The sum of a metric over its labels, 0 while nobody shows any."""
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            try:
                shown = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
            except httpx.HTTPError:
                return 0
        return sum(float(line.rsplit(" ", 1)[1]) for line in shown.splitlines() if re.match(rf"{name}[ {{]", line))

    async def cut_relay_lock(self) -> bool:
        """Whether a connection that holds the lock of the relays was cut off."""
        engine = owner_engine(self.url())
        try:
            async with engine.connect() as connection:
                numbers = {"relays": RELAYS.key, "generation": self.generation}
                return bool(list(await connection.scalars(text(_CUT), numbers)))
        except (DBAPIError, OSError):
            return False
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def engine(self, database: str = "province") -> AsyncIterator[AsyncEngine]:
        """An engine with the administrator's login."""
        engine = engine_of(self.url(database))
        try:
            yield engine
        finally:
            await engine.dispose()

    async def log(self) -> list[Entry]:
        """The whole log as the query API answers it."""
        found: list[Entry] = []
        async with self.client() as client:
            while True:
                after = found[-1].position if found else 0
                answer = await client.get("/v1/events", params={"after": after, "limit": _PAGE})
                page = answer.raise_for_status().json()["events"]
                if not page:
                    return found
                found += [
                    Entry(position=each["position"], ingested_at=each["ingested_at"], event=each["event"])
                    for each in page
                ]

    async def messages(self, kind: TopicKind) -> list[Message]:
        """What a topic holds."""
        return await messages_of(self.kafka.bootstrap_servers, self.topic(kind))

    async def deliveries(self) -> list[Delivery]:
        """What the other agency's program wrote down."""
        engine = owner_engine(self.url("agency"))
        async with engine.connect() as connection:
            rows = await connection.execute(text("SELECT number, log_id, position, case_id, event_id FROM deliveries"))
        await engine.dispose()
        return [Delivery(**row._mapping) for row in rows]

    async def read_models(self, database: str = "province") -> dict[str, Any]:
        """Every row of the read models, but for where in the log something stands and when a case was folded."""
        async with self.engine(database) as engine:
            return await all_rows(engine)

    async def projected(self, database: str = "province") -> bool:
        """Whether the read models show everything that the province's log holds, with nothing left to fold again."""
        async with self.engine() as own, own.connect() as connection:
            head = int(await connection.scalar(text("SELECT max(position) FROM tiendo.events")) or 0)
            sent = int(await connection.scalar(text(_SENT)) or 0)
        async with self.engine(database) as engine:
            try:
                head = head if database == "province" else await _stored(engine, sent)
                async with reading(engine) as reader:
                    left = await reader.connection.scalar(select(metadata.tables["refolds"].c.case_id).limit(1))
                    return reader.position >= head and left is None
            except NoLiveBuild:
                return False

    async def relayed(self) -> tuple[int, int]:
        """The position up to which the relay knows everything acknowledged, and the head of the log."""
        async with self.engine() as engine, engine.connect() as connection:
            position = await connection.scalar(
                text("SELECT position FROM tiendo.relay_feeds WHERE feed = :feed"),
                {"feed": f"events:g{self.generation}"},
            )
            head = await connection.scalar(text("SELECT max(position) FROM tiendo.events"))
        return int(position or 0), int(head or 0)

    async def answers_of_states(self, states: Sequence[Message]) -> dict[str, Any]:
        """What the query API answers of each case, at the instant that its state of the highest version shows."""
        latest = {state.key: state for state in sorted(states, key=lambda state: state.version)}
        found: dict[str, Any] = {}
        async with self.client() as client:
            for case_id in await self._case_ids():
                shown = latest[case_id].value["data"]["as_of"] if case_id in latest else None
                answer = await client.get(f"/v1/cases/{case_id}/timeline", params={"as_of": shown} if shown else None)
                found[case_id] = answer.raise_for_status().json()
        return found

    async def _case_ids(self) -> list[str]:
        async with self.engine() as engine, engine.connect() as connection:
            rows = await connection.scalars(text("SELECT DISTINCT subject FROM tiendo.events WHERE shard IS NOT NULL"))
            return sorted(rows)


@asynccontextmanager
async def own_server(folder: Path) -> AsyncIterator[Cluster]:
    """A PostgreSQL that a test may kill."""
    cluster = Cluster(data=folder / "data", settings=SERVER)
    async with embedded_database(cluster):
        yield cluster


@asynccontextmanager
async def province(
    folder: Path, cluster: Cluster, kafka: Kafka, generation: int, *databases: str
) -> AsyncIterator[Province]:
    """A province with everything made that has to be there; its programs end with the context."""
    (port,) = free_ports(1)
    found = Province(folder=folder, kafka=kafka, number=generation, generation=generation, cluster=cluster, port=port)
    await found.prepare(*databases)
    try:
        yield found
    finally:
        await asyncio.gather(*(program.stop() for program in found.programs.values()), return_exceptions=True)


async def _stored(engine: AsyncEngine, followed: int) -> int:
    """The highest position of a log in which so many events of another one stand; out of reach while they do not."""
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT count(log_id), max(position) FROM tiendo.events"))
        count, head = found.one()
    return int(head) if count == followed else int(head) + 1
