"""Questions may go to a read replica: it answers as the primary does, up to the position that its answer says."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx
import pytest
from tests.conftest import QUICK
from tests.projector.logs import many_cases
from tests.query.serving import Asked, asked_service, client_of, listening

import tiendo_migrations
import tiendo_query
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.binaries import installed_binaries
from tiendo_runtime.embedded.cluster import OWNER, make_folders
from tiendo_runtime.embedded.system_accounts import server_account
from tiendo_runtime.embedded.usage import embedded_database
from tiendo_runtime.settings import Settings
from tiendo_runtime.web import create_service

PARAMETERS = {"from": "2022-01-01", "to": "2022-12-31", "as_of": "2022-12-31T00:00:00+07:00"}
QUESTIONS = ("/v1/cases", "/v1/officers", "/v1/indicators", "/v1/units", "/v1/delays")


@asynccontextmanager
async def replica_of(primary: Cluster, folder: Path) -> AsyncIterator[Cluster]:
    """A hot standby that replays what the primary writes."""
    replica = Cluster(data=folder, settings=QUICK)
    make_folders(replica)
    copied = ("pg_basebackup", "--pgdata", str(replica.folder), "--write-recovery-conf", "--checkpoint=fast")
    program = installed_binaries().program(copied[0])
    given = [program, *copied[1:], "--host", primary.settings["unix_socket_directories"].split(",")[1], "-U", OWNER]
    await asyncio.to_thread(subprocess.run, given, check=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):  # of the primary, whose socket lies in its folder
        (replica.folder / name).unlink(missing_ok=True)
    server_account(primary.folder).own(replica.folder)
    async with embedded_database(replica, lambda _: None):
        yield replica


@asynccontextmanager
async def primary_in(folder: Path) -> AsyncIterator[Cluster]:
    """A primary that standbys of this machine may follow, by a socket without a folder."""
    # Names of such sockets are the machine's, whatever folders the tests work in.
    cluster = Cluster(data=folder, settings={**QUICK, "unix_socket_directories": f".,@tiendo-{uuid4().hex}"})
    async with embedded_database(cluster, lambda _: None):
        hba = cluster.folder / "pg_hba.conf"
        hba.write_text(f"local replication {OWNER} trust\n{hba.read_text()}")
        connection = await asyncpg.connect(host=str(cluster.socket_folder()), user=OWNER, database=OWNER)
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()
        await tiendo_migrations.upgrade(cluster.url())
        yield cluster


@pytest.fixture(scope="module")
async def asked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Asked, httpx.AsyncClient]]:
    """The service on a primary that has cases, and a client of a query side on its replica."""
    folder = tmp_path_factory.mktemp("replicated")
    async with primary_in(folder / "primary") as primary:
        engine = engine_of(primary.url(), pool_size=20)
        async with asked_service(primary.url(), engine, folder) as service:
            await service.tell(many_cases(20))
            async with replica_of(primary, folder / "replica") as replica:
                app = create_service([tiendo_query.part()], Settings(data=folder), replica.url())
                async with listening(app) as port, client_of(port, service.secret) as client:
                    yield service, client
        await engine.dispose()


async def test_a_replica_answers_as_the_primary_up_to_the_position_that_it_says(
    asked: tuple[Asked, httpx.AsyncClient],
) -> None:
    service, replica = asked
    for path in QUESTIONS:
        of_primary, of_replica = [await client.get(path, params=PARAMETERS) for client in (service.client, replica)]
        assert of_replica.status_code == 200, of_replica.text
        assert of_replica.json() == of_primary.json()
        assert of_replica.headers["x-tiendo-position"] == of_primary.headers["x-tiendo-position"]


async def test_a_question_to_a_replica_waits_for_the_position_that_it_names(
    asked: tuple[Asked, httpx.AsyncClient],
) -> None:
    service, replica = asked
    first = (await service.get("/v1/events", limit=1000))["next"]
    await service.tell(many_cases(1, seed=7))
    entries = (await service.get("/v1/events", after=first))["events"]
    case = quote(entries[-1]["event"]["subject"], safe="")
    parameters = {"min_position": entries[-1]["position"]}
    answer = await replica.get(f"/v1/cases/{case}/timeline", params=parameters)
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["x-tiendo-position"]) >= entries[-1]["position"]
