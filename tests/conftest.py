"""What many tests share: a real PostgreSQL, and databases that are fresh for each test."""

import gc
import itertools
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.domain.profile import load_profile
from tests.memory import folder_in_memory
from tests.working_folder import left_behind

import tiendo_migrations
from tiendo_contracts.database.database_roles import OWNER as OWNER_ROLE
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_migrations.database_rights import database_statements
from tiendo_runtime.database import engine_of
from tiendo_runtime.database import owner_engine as make_owner_engine
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.cluster import OWNER
from tiendo_runtime.embedded.databases import ensure_database
from tiendo_runtime.embedded.usage import embedded_database

TEMPLATE = "migrated_template"
TEMPORARY_ROOT = "PYTEST_DEBUG_TEMPROOT"
"""Names the folder in which pytest makes all others."""
QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "max_wal_size": "128MB",
    "min_wal_size": "32MB",
}
"""Settings of the tests' server: what it writes need not survive the machine."""
_COLLECT_AFTER = 50_000
"""Objects: Python looks for cycles a seventieth as often as by itself, for the tests make few and it would take a tenth of their time."""
_NAMING_BYTES_MAX = 100
LONG = ("tests/system/", "tests/deploy/", "tests/documents/", "tests/openid/test_keycloak.py")
"""Where tests are that take long for one of them: many programs, or much that is installed."""
NO_REAL_DATA = "the real data sets are not there"

pytest_plugins = ["tests.browsers", "tests.kafka.fixtures"]

_OF_ITS_OWN = "UPDATE tiendo.log_identity SET log_id = gen_random_uuid()"
"""Two logs are never one."""
_BUILDS_OF_TESTS = f"""
    ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {DatabaseRole.PROJECTOR};
"""
"""What a test makes of read models as an administrator, a projector goes on with."""
_numbers = itertools.count(1)
_BEFORE = pytest.StashKey[frozenset[str]]()
load_profile()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long or binary contents do not name a test: a packed file says when it was packed, and workers have to find the same names."""
    binary = isinstance(val, bytes) and (len(val) > _NAMING_BYTES_MAX or not val.isascii())
    return argname if binary else None


def pytest_configure(config: pytest.Config) -> None:
    """Programs that the tests start can be interrupted, also where a shell keeps SIGINT from what it started in the background, or `nohup` SIGHUP."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)
    _write_into_memory(config)
    config.stash[_BEFORE] = frozenset(path.name for path in config.rootpath.iterdir())
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])


def _write_into_memory(config: pytest.Config) -> None:
    """Let `tmp_path` and all like it lie in memory; whoever wants to keep them says --basetemp or PYTEST_DEBUG_TEMPROOT."""
    if hasattr(config, "workerinput") or config.option.basetemp or TEMPORARY_ROOT in os.environ:
        return
    if folder := folder_in_memory():
        os.environ[TEMPORARY_ROOT] = str(folder)
        config.add_cleanup(lambda: _forget_folder(folder))


def _forget_folder(folder: Path) -> None:
    """Remove the folder of a run, unless pytest has kept in it what a test that failed has written; the next run removes that."""
    del os.environ[TEMPORARY_ROOT]
    if not any(kept.is_dir() for kept in folder.glob("pytest-of-*/pytest-*")):
        shutil.rmtree(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker is left with one of them when the others have done."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: nobody looks through it for cycles any more."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that left something in the checkout has failed; in CI also one that skipped a test, but for want of the data that lie beside it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    told = [
        f"the run has left {name} in {session.config.rootpath}: some test has no data folder of its own"
        for name in left_behind(session.config.rootpath, session.config.stash[_BEFORE])
    ]
    skipped = reporter.stats.get("skipped", [])
    if os.environ.get("CI") and any(NO_REAL_DATA not in str(report.longrepr) for report in skipped):
        told.append("CI could have run the skipped tests: the run has failed")
    for word in told:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(word, red=True)


@pytest.fixture(scope="session", autouse=True)
def data_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of whatever names no other; no setting of the shell that started the tests reaches them."""
    folder = tmp_path_factory.mktemp("data-of-the-tests")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("TIENDO_")]:
            patch.delenv(name)
        patch.setenv("TIENDO_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session")
async def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    """A running server of this test process's own, with a migrated database to copy from."""
    cluster = Cluster(data=tmp_path_factory.mktemp("postgres"), settings=QUICK)
    async with embedded_database(cluster):
        await ensure_database(cluster, TEMPLATE)
        await tiendo_migrations.upgrade(cluster.url(TEMPLATE))
        await _execute(cluster, _BUILDS_OF_TESTS, database=TEMPLATE)
        yield cluster


@pytest.fixture
async def database_url(postgres_server: Cluster) -> AsyncIterator[str]:
    """The address of a fresh, migrated database."""
    async with migrated_database(postgres_server) as url:
        yield url


@asynccontextmanager
async def migrated_database(server: Cluster) -> AsyncIterator[str]:
    """The address of a migrated database of the tests' server, dropped after the block: a copy, which costs a tenth of migrating one."""
    name = f"test_{next(_numbers)}"
    await copy_database(server, TEMPLATE, name)
    yield server.url(name)
    await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def copy_database(server: Cluster, template: str, name: str) -> None:
    """Make a database as another, of which nobody uses it; what belongs to the server is not copied with it."""
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER_ROLE} STRATEGY FILE_COPY")
    await _execute(server, ";".join((_OF_ITS_OWN, *database_statements(name))), database=name)


@pytest.fixture
async def empty_database_url(postgres_server: Cluster) -> AsyncIterator[str]:
    """The address of a database in which nothing has been made yet."""
    name = f"test_{next(_numbers)}"
    await _execute(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    await _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a fresh database that may do whatever any service may, and more: an administrator's."""
    engine = engine_of(database_url, pool_size=20)
    yield engine
    await engine.dispose()


@pytest.fixture
async def owner_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine of the owner's role on the same database as `engine`."""
    engine = make_owner_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the real data sets that are laid beside the repository."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.exists():
        pytest.skip(f"{NO_REAL_DATA}: {folder}")
    return folder


async def _execute(server: Cluster, statement: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(host=str(server.socket_folder()), user=OWNER, database=database)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
