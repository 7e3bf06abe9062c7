"""`tiendo doctor` says which parts of the service run, and starts none for it to be so."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.cli.interrupted import begun
from tests.cli.test_doctor import diagnosis
from tests.ingest.serving import served
from tests.ports import reserved_port
from tests.waiting import until

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_projector.ownership import ShardLocks
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server

Parts = dict[str, tuple[str, str, str | None]]


async def parts_of(data: Path, **environment: str) -> Parts:
    """Of each part of the service the verdict, what was found, and the remedy."""
    status, findings = await diagnosis(data, **environment)
    parts = {
        each["subject"].removeprefix("service").strip(): (each["verdict"], each["found"], each["remedy"])
        for each in findings["service"]
    }
    assert status == 1 or all(verdict == "good" for verdict, _, _ in parts.values())
    return parts


async def test_where_nothing_runs_it_says_so_of_every_part_and_leaves_it_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    parts = await parts_of(data)
    assert {part: verdict for part, (verdict, _, _) in parts.items()} == dict.fromkeys(
        ["", "database", "ingest", "query"], "wrong"
    )
    assert all("tiendo up" in str(remedy) for _, _, remedy in parts.values())
    assert find_server(Cluster(data=data)) is None


@pytest.mark.parametrize("process", [os.getpid(), 2**22 + 1], ids=["another program", "none"])
async def test_the_note_of_a_killed_one_is_not_taken_for_one_that_runs(tmp_path: Path, process: int) -> None:
    note = f"another `tiendo up` at http://127.0.0.1:1 (process {process})"
    (tmp_path / "up.lock").write_text(note)
    assert (await parts_of(tmp_path))[""][0] == "wrong"
    assert (tmp_path / "up.lock").read_text() == note


async def test_on_a_database_of_ones_own_it_tells_the_parts_from_one_another(
    database_url: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    where = {"TIENDO_DATABASE_URL": database_url}
    async with ShardLocks(engine, range(4)):
        parts = await parts_of(tmp_path, **where, TIENDO_PORT="1")
    assert {part: verdict for part, (verdict, _, _) in parts.items()} == {
        "ingest": "wrong",
        "query": "wrong",
        "projector": "good",
    }
    async with query_alone(tmp_path, database_url) as address:
        parts = await parts_of(tmp_path, **where, TIENDO_PUBLIC_URL=address)
    assert parts["query"][:2] == ("good", f"answers at {address} and is ready")
    assert (parts["ingest"][0], parts["ingest"][2]) == ("wrong", "start `tiendo serve ingest`, or `tiendo up`")
    assert parts["projector"][0] == "wrong"


async def test_a_part_that_is_not_ready_is_wrong_with_what_it_lacks(
    database_url: str, owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    async with served(database_url, tmp_path) as ingest:
        async with owner_engine.begin() as connection:
            await connection.execute(
                text(f"REVOKE EXECUTE ON FUNCTION tiendo.append_events FROM {DatabaseRole.INGEST}")
            )
        parts = await parts_of(tmp_path, TIENDO_DATABASE_URL=database_url, TIENDO_PORT=str(ingest.port))
    assert parts["ingest"][0] == "wrong"
    assert parts["ingest"][1].endswith("is not ready: event log: the right to append is missing")


async def test_what_answers_and_is_no_service_of_ours_is_wrong(database_url: str, tmp_path: Path) -> None:
    parts = await parts_of(tmp_path, TIENDO_DATABASE_URL=database_url, TIENDO_PUBLIC_URL="not an address")
    assert {parts["ingest"][0], parts["query"][0]} == {"wrong"}


@asynccontextmanager
async def query_alone(folder: Path, database_url: str) -> AsyncIterator[str]:
    """The address of a `tiendo serve query`."""
    with reserved_port() as port:
        arguments = ["serve", "query", "--port", str(port)]
        async with begun(*arguments, folder=folder, TIENDO_DATABASE_URL=database_url) as process:
            address = f"http://127.0.0.1:{port}"
            await until(lambda: answers(address), seconds=60, what="query answers")
            yield address
            process.terminate()
            await process.communicate()


async def answers(address: str) -> bool:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        try:
            return (await client.get(f"{address}/readyz")).status_code == 200
        except httpx.HTTPError:
            return False
