"""`tiendo doctor` and `tiendo migrate`: what is wrong, how to mend it, and mending it."""

import json
import shutil
from pathlib import Path

import asyncpg
import pytest
from tests.cli.running_up import run_tiendo
from tests.conftest import QUICK

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.binaries import installed_binaries, reachable_binaries
from tiendo_runtime.embedded.cluster import OWNER, initialise, make_folders, version_of
from tiendo_runtime.embedded.databases import ensure_database
from tiendo_runtime.embedded.server import find_server, start_with, stop_server
from tiendo_runtime.embedded.system_accounts import server_account
from tiendo_runtime.errors import BinariesMissing

pytestmark = pytest.mark.xdist_group("doctor")

Findings = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doctor") / "data"


async def diagnosis(data: Path, **environment: str) -> tuple[int, Findings]:
    """Exit status, and the findings by subject."""
    status, output, errors = await run_tiendo(data, "doctor", "--format", "json", **environment)
    assert "Traceback" not in errors
    found: Findings = {}
    for finding in json.loads(output)["findings"]:
        found.setdefault(finding["subject"].split(" ")[0], []).append(finding)
    return status, found


async def execute(data: Path, statement: str) -> None:
    """Do something to a database that is started for it."""
    cluster = Cluster(data=data)
    account = server_account(cluster.folder)
    pid = await start_with(cluster, account, reachable_binaries(account), progress=print)
    connection = await asyncpg.connect(host=str(cluster.socket_folder()), user=OWNER, database=OWNER)
    await connection.execute(statement)
    await connection.close()
    await stop_server(cluster, pid)


async def test_an_empty_folder_lacks_its_schema_and_migrate_mends_it(data: Path) -> None:
    status, findings = await diagnosis(data)
    assert (status, findings["schema"][0]["remedy"]) == (1, "tiendo migrate")
    assert (await run_tiendo(data, "migrate"))[0] == 0
    status, findings = await diagnosis(data)
    assert findings["schema"][0]["verdict"] == "good"
    assert findings["calendar"][0]["verdict"] == "good"
    # No projector has run yet, and that is what it says.
    assert findings["projection"][0]["remedy"].startswith("start `tiendo up`")
    assert status == 1


async def test_migrating_again_changes_nothing(data: Path) -> None:
    status, output, _ = await run_tiendo(data, "migrate")
    assert (status, output.strip()) == (0, "the database is current")


async def test_a_right_that_was_taken_away_is_named_and_no_command_breaks_on_it(data: Path) -> None:
    await execute(data, "REVOKE SELECT ON tiendo.events FROM tiendo_cli")
    status, output, errors = await run_tiendo(data, "log", "verify")
    assert (status, output) == (1, "")
    assert errors.startswith("tiendo: the database denies what a service may do: permission denied for table events;")
    status, findings = await diagnosis(data)
    assert findings["guards"][0]["found"] == "SELECT on events was taken from tiendo_cli"
    assert (await run_tiendo(data, "migrate"))[0] == 0
    assert (await diagnosis(data))[1]["guards"][0]["verdict"] == "good"


async def test_an_unreachable_database_is_a_finding(data: Path) -> None:
    status, findings = await diagnosis(data, TIENDO_DATABASE_URL="postgresql://u:s3cret@127.0.0.1:1/x")
    assert status == 1
    assert findings["database"][0]["verdict"] == "wrong"
    assert "s3cret" not in str(findings)


async def test_keys_that_others_can_read_are_a_finding(data: Path) -> None:
    file = data / "keys.json"
    file.write_text("{}")
    file.chmod(0o644)
    status, findings = await diagnosis(data)
    file.unlink()
    assert (status, findings["keys"][0]["verdict"]) == (1, "wrong")


async def test_a_rules_file_that_is_missing_is_a_finding(data: Path, tmp_path: Path) -> None:
    status, findings = await diagnosis(data, TIENDO_RULES=str(tmp_path / "none.toml"))
    assert (status, findings["settings"][1]["verdict"]) == (1, "wrong")


async def test_a_schema_newer_than_the_code_is_refused_with_a_clear_word(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert (await run_tiendo(data, "migrate"))[0] == 0
    await execute(data, "UPDATE tiendo.alembic_version SET version_num = 'from-the-future'")
    for command in (["migrate"], ["keys", "list"], ["up", "--port", "0"]):
        status, _, errors = await run_tiendo(data, *command)
        assert (status, "newer" in errors, "Traceback" in errors) == (1, True, False)
    _, findings = await diagnosis(data)
    assert "newer" in findings["schema"][0]["found"]


async def test_migrate_upgrades_a_folder_of_an_older_postgresql_and_keeps_it(tmp_path: Path) -> None:
    try:
        installed_binaries(16)
    except BinariesMissing:
        pytest.skip("the wheel brings no older PostgreSQL")
    cluster = Cluster(data=tmp_path / "data", settings=QUICK)
    make_folders(cluster)
    account = server_account(cluster.folder)
    older = reachable_binaries(account, 16)
    await initialise(cluster, account, older)
    pid = await start_with(cluster, account, older, progress=print)
    await ensure_database(cluster)
    connection = await asyncpg.connect(host=str(cluster.socket_folder()), user=OWNER, database=OWNER)
    await connection.execute("CREATE TABLE kept AS SELECT 'Đắk Tô'::text COLLATE \"C\" AS name")
    await connection.close()
    await stop_server(cluster, pid)

    status, _, errors = await run_tiendo(cluster.data, "keys", "list")
    assert (status, "tiendo migrate" in errors) == (1, True)
    status, output, errors = await run_tiendo(cluster.data, "migrate")
    assert status == 0, errors
    assert version_of(cluster.folder) == 18
    assert version_of(cluster.data / "postgresql.16") == 16
    assert "postgresql.16" in output
    await execute(cluster.data, "DO $$ BEGIN ASSERT (SELECT name FROM kept) = 'Đắk Tô'; END $$")
    assert find_server(cluster) is None
    shutil.rmtree(cluster.data)
