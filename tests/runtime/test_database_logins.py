"""On a PostgreSQL of the operator's own each service logs in with a password of its own, out of a file."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.conftest import QUICK

import tiendo_migrations
from tiendo_contracts.database.database_roles import OWNER, SERVICE_ROLES, DatabaseRole
from tiendo_runtime.database import service_engine
from tiendo_runtime.database_logins import ensure_logins
from tiendo_runtime.database_urls import login_url, password_file, with_logins
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.usage import embedded_database

SECRET = "the-administrators"  # noqa: S105 - of a server that is gone with the test


@pytest.fixture(scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A server that lets nobody in without a password, as an administrator reaches it."""
    cluster = Cluster(data=tmp_path_factory.mktemp("own"), settings=QUICK)
    async with embedded_database(cluster, lambda _: None):
        connection = await asyncpg.connect(host=str(cluster.socket_folder()), user="tiendo", database="tiendo")
        await connection.execute(f"ALTER ROLE tiendo PASSWORD '{SECRET}'")
        hba = cluster.folder / "pg_hba.conf"
        hba.write_text("local all all scram-sha-256\n")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()
        yield f"postgresql+asyncpg://tiendo:{SECRET}@/tiendo?host={cluster.socket_folder()}"


async def test_each_service_gets_a_password_in_a_file_for_its_owner_alone_and_logs_in_with_it(
    address: str, tmp_path: Path
) -> None:
    folder = tmp_path / "logins"
    url = with_logins(address, folder)
    await tiendo_migrations.upgrade(login_url(url, OWNER))
    assert await ensure_logins(url, folder) == list(SERVICE_ROLES)
    for role in SERVICE_ROLES:
        file = password_file(folder, role)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        engine = service_engine(url, role)
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT session_user::text")) == role
        await engine.dispose()
        assert SECRET not in engine.url.render_as_string(hide_password=False)
        assert file.read_text().strip().rpartition(":")[2] not in engine.url.render_as_string(hide_password=False)


async def test_a_password_that_lies_elsewhere_stays_unless_new_ones_are_asked_for(address: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    await tiendo_migrations.upgrade(address)
    await ensure_logins(address, first, anew=True)
    assert await ensure_logins(address, first) == []
    assert await ensure_logins(address, second) == []
    assert not second.exists()
    assert await ensure_logins(address, second, anew=True) == list(SERVICE_ROLES)
    engine = service_engine(with_logins(address, first), DatabaseRole.QUERY)
    with pytest.raises(DBAPIError, match="password authentication failed"):
        await engine.connect()
    await engine.dispose()
