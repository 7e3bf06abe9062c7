"""Ready is what can write: whatever keeps the log from being written, `/readyz` says so, and the journal why."""

import asyncio
import resource
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs
from tests.conftest import QUICK
from tests.contracts.events import event, text_of
from tests.ingest.serving import EVENT, Served, served
from tests.waiting import until

import tiendo_migrations
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_event_store import EventLog
from tiendo_event_store.appending.writability import Unwritable, Writability
from tiendo_runtime.database import service_engine
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server
from tiendo_runtime.embedded.usage import embedded_database

DISK_MEGABYTES = 220


async def test_ready_while_the_log_can_be_written_and_nothing_is_left_of_the_attempt(
    ingest: Served, log: EventLog, owner_engine: AsyncEngine
) -> None:
    before = await log.head()
    assert (await ingest.client.get("/readyz")).status_code == 200
    assert await log.head() == before
    async with owner_engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM tiendo.rejections")) == 0


@pytest.mark.parametrize(
    "right", ["EXECUTE ON FUNCTION tiendo.append_events", "INSERT ON tiendo.rejections"], ids=["events", "rejections"]
)
async def test_not_ready_without_the_right_to_append(ingest: Served, owner_engine: AsyncEngine, right: str) -> None:
    with capture_logs() as journal:
        async with without_right(owner_engine, right):
            await until(lambda: is_unready(ingest, Unwritable.RIGHT_MISSING), what="the lost right is noticed")
        await until(lambda: is_ready(ingest), what="the right is noticed")
    told = [entry for entry in journal if entry["event"].startswith("the log can")]
    assert [entry["log_level"] for entry in told] == ["error", "info"]
    assert "InsufficientPrivilegeError: permission denied for" in told[0]["cause"]


async def test_not_ready_while_somebody_keeps_everybody_from_appending(
    ingest: Served, owner_engine: AsyncEngine
) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(text("LOCK TABLE tiendo.events IN EXCLUSIVE MODE"))
        await until(lambda: is_unready(ingest, Unwritable.REFUSED), what="the lock is noticed")
    await until(lambda: is_ready(ingest))


async def test_not_ready_on_a_server_that_takes_no_changes(database_url: str, owner_engine: AsyncEngine) -> None:
    # As on a standby: a transaction that writes cannot even begin.
    engine = service_engine(database_url, DatabaseRole.INGEST)
    async with owner_engine.begin() as connection:
        await connection.execute(text("CREATE SCHEMA standby"))
        await connection.execute(text(f"GRANT USAGE ON SCHEMA standby TO {DatabaseRole.INGEST}"))
        refusing = "CREATE FUNCTION tiendo.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} END $$"
        raising = "RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction', MESSAGE = 'cannot execute INSERT';"
        await connection.execute(text(refusing.format(raising)))
        trigger = "CREATE TRIGGER refused BEFORE INSERT ON tiendo.events FOR EACH STATEMENT EXECUTE FUNCTION"
        await connection.execute(text(f"{trigger} tiendo.refuse()"))
    assert await Writability(engine).reason() is Unwritable.READ_ONLY
    await engine.dispose()


async def test_a_full_disk_is_noticed_told_and_got_over(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as folder:
        cluster = Cluster(data=folder / "data", settings={**QUICK, "max_wal_size": "64MB", "wal_recycle": "off"})
        async with embedded_database(cluster) as url:
            await tiendo_migrations.upgrade(url)
            async with served(url, tmp_path) as ingest:
                await until(lambda: is_ready(ingest))
                with capture_logs() as journal, full(folder, cluster):
                    await until(lambda: is_unready(ingest, None), what="the full disk is noticed")
                assert any(entry["event"] == "the log cannot be written" for entry in journal)
                await until(lambda: is_ready(ingest), what="the room is noticed")
                assert (await ingest.post(EVENT, text_of(event()))).status_code == 200


async def test_however_many_ask_it_is_tried_at_most_once_a_second(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    writability, attempts = Writability(engine), 0
    tried = writability._tried

    async def counted() -> tuple[Unwritable | None, str]:
        nonlocal attempts
        attempts += 1
        return await tried()

    monkeypatch.setattr(writability, "_tried", counted)
    monkeypatch.setattr("tiendo_event_store.appending.writability.TRIED_SECONDS", 3600)
    assert await asyncio.gather(*(writability.reason() for _ in range(50))) == [None] * 50
    assert await writability.reason() is None
    assert attempts == 1
    monkeypatch.setattr("tiendo_event_store.appending.writability.TRIED_SECONDS", 0)
    await writability.reason()
    assert attempts == 2


async def is_ready(ingest: Served) -> bool:
    return (await ingest.client.get("/readyz")).status_code == 200


async def is_unready(ingest: Served, reason: Unwritable | None) -> bool:
    """Whether `/readyz` says that the log cannot be written, for that reason if one is given."""
    answer = await ingest.client.get("/readyz")
    told = answer.json().get("missing", {}).get("event log")
    return answer.status_code == 503 and told is not None and reason in {None, told}


@asynccontextmanager
async def without_right(owner_engine: AsyncEngine, right: str) -> AsyncIterator[None]:
    async with owner_engine.begin() as connection:
        await connection.execute(text(f"REVOKE {right} FROM {DatabaseRole.INGEST}"))
    yield
    async with owner_engine.begin() as connection:
        await connection.execute(text(f"GRANT {right} TO {DatabaseRole.INGEST}"))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A folder on a small disk of its own, where one may be mounted."""
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=755", "tmpfs", str(folder)]
    mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(folder: Path, cluster: Cluster) -> Iterator[None]:
    """A time in which the disk has no room; where it is no disk of its own, one in which the server may write no further byte."""
    if folder.is_mount():
        ballast = folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1024 * 1024)):
                    pass
            except OSError:
                pass
        yield
        ballast.unlink()
        return
    server = find_server(cluster)
    assert server is not None
    _, hard = resource.prlimit(server, resource.RLIMIT_FSIZE)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(server, resource.RLIMIT_FSIZE, (hard, hard))
