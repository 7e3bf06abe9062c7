"""`tiendo keys`: made once, listed without secrets, revoked; and how commands say what is wrong."""

import json
from pathlib import Path

import pytest
from tests.cli.running_up import run_tiendo

pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "data"


async def made(data: Path, *arguments: str) -> dict[str, object]:
    status, output, errors = await run_tiendo(data, "keys", "create", *arguments, "--format", "json")
    assert status == 0, errors
    found = json.loads(output)
    assert isinstance(found, dict)
    return found


async def listed(data: Path) -> dict[str, dict[str, object]]:
    status, output, _ = await run_tiendo(data, "keys", "list", "--format", "json")
    assert status == 0
    return {entry["key_id"]: entry for entry in json.loads(output)["keys"]}


async def test_a_key_is_made_listed_without_its_secret_and_revoked(data: Path) -> None:
    key = await made(data, "--scope", "ingest", "--source", "/kontum/", "--name", "iGate")
    entry = (await listed(data))[str(key["key_id"])]
    assert (entry["name"], entry["scopes"], entry["sources"]) == ("iGate", ["ingest"], ["/kontum/"])
    assert str(key["key"]) not in json.dumps(entry)
    status, _, _ = await run_tiendo(data, "keys", "revoke", str(key["key_id"]))
    assert status == 0
    assert (await listed(data))[str(key["key_id"])]["revoked_at"] is not None


async def test_a_key_may_have_several_scopes(data: Path) -> None:
    key = await made(data, "--scope", "read", "--scope", "admin")
    assert key["scopes"] == ["admin", "read"]


async def test_revoking_an_unknown_key_fails_with_the_reason(data: Path) -> None:
    status, output, errors = await run_tiendo(data, "keys", "revoke", "key-none")
    assert (status, output) == (1, "")
    assert "there is no key key-none" in errors


@pytest.mark.parametrize(
    "arguments", [["keys", "create"], ["keys", "create", "--scope", "all"], ["no-such-command"], ["up", "--port", "x"]]
)
async def test_wrong_usage_ends_with_status_2(tmp_path: Path, arguments: list[str]) -> None:
    status, _, errors = await run_tiendo(tmp_path / "data", *arguments)
    assert status == 2
    assert "Traceback" not in errors


async def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    url = "postgresql://tiendo:s3cret@127.0.0.1:1/tiendo"
    status, _, errors = await run_tiendo(tmp_path / "data", "keys", "list", TIENDO_DATABASE_URL=url)
    assert status == 1
    assert errors.startswith("tiendo: the database does not answer")
    assert "s3cret" not in errors
    assert len(errors.splitlines()) == 1


async def test_the_version_is_shown(tmp_path: Path) -> None:
    status, output, _ = await run_tiendo(tmp_path / "data", "--version")
    assert (status, output.startswith("tiendo ")) == (0, True)
