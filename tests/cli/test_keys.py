"""`tiendo keys`: made once, listed without secrets, revoked; and how commands say what is wrong."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from tests.cli.running_up import run_tiendo

pytestmark = pytest.mark.xdist_group("keys")


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
    assert (entry["name"], entry["scopes"], entry["sources"]) == ("iGate", ["ingest"], ["/kontum"])
    assert str(key["key"]) not in json.dumps(entry)
    status, _, _ = await run_tiendo(data, "keys", "revoke", str(key["key_id"]))
    assert status == 0
    assert (await listed(data))[str(key["key_id"])]["revoked_at"] is not None


async def test_a_key_may_have_several_scopes(data: Path) -> None:
    key = await made(data, "--scope", "read", "--scope", "admin", "--unit", "H34.STNMT", "--unit", "H34.20")
    assert (key["scopes"], key["units"]) == (["admin", "read"], ["H34.STNMT", "H34.20"])
    assert (await listed(data))[str(key["key_id"])]["units"] == ["H34.20", "H34.STNMT"]


async def test_the_table_of_keys_shows_several_lines_in_a_cell(data: Path) -> None:
    await made(data, "--scope", "read", "--unit", "H34.A", "--unit", "H34.B", "--expires", "90d")
    _, output, _ = await run_tiendo(data, "keys", "list")
    assert "U+000A" not in output
    assert {"H34.A", "H34.B", "expires"} <= set(output.split())


async def test_a_key_is_bound_to_cases_for_a_term_and_is_followed_by_a_successor(data: Path) -> None:
    arguments = ("--scope", "ingest", "--any-source", "--case", "H34-", "--case", "H34-1", "--expires", "90d")
    until = "2026-12-01T00:00:00+07:00"
    status, output, errors = await run_tiendo(
        data, "keys", "create", *arguments, "--history-until", until, "--format", "json"
    )
    assert status == 0
    assert "--case H34-1 ends in a letter or digit" in errors
    assert "--case H34- ends" not in errors
    key = json.loads(output)
    status, output, _ = await run_tiendo(data, "keys", "rotate", key["key_id"], "--term", "7d", "--format", "json")
    successor = json.loads(output)
    assert (status, successor["succeeds"]) == (0, key["key_id"])
    entries = await listed(data)
    old, new = entries[key["key_id"]], entries[successor["key_id"]]
    for name in ("scopes", "sources", "cases", "history_until", "name"):
        assert old[name] == new[name]
    assert (new["sources"], new["cases"]) == (None, ["H34-", "H34-1"])
    assert datetime.fromisoformat(str(new["history_until"])) == datetime.fromisoformat(until)
    assert str(old["expires_at"]) < str(new["expires_at"])


async def test_revoking_an_unknown_key_fails_with_the_reason(data: Path) -> None:
    status, output, errors = await run_tiendo(data, "keys", "revoke", "key-none")
    assert (status, output) == (1, "")
    assert "there is no key key-none" in errors


@pytest.mark.parametrize(
    "arguments",
    [
        ["keys", "create"],
        ["keys", "create", "--scope", "all"],
        ["keys", "create", "--scope", "ingest"],
        ["keys", "create", "--scope", "ingest", "--case", "H34-"],
        ["keys", "create", "--scope", "ingest", "--source", "/a", "--any-source"],
        ["keys", "create", "--scope", "ingest", "--source", "/"],
        ["keys", "create", "--scope", "ingest", "--source", "/a/../b"],
        ["keys", "create", "--scope", "ingest", "--any-source", "--case", ""],
        ["keys", "create", "--scope", "ingest", "--any-source", "--history-until", "2026-12-01"],
        ["keys", "create", "--scope", "read"],
        ["keys", "create", "--scope", "read", "--all-units", "--source", "/a"],
        ["keys", "create", "--scope", "explain", "--scope", "decide", "--all-units", "--case", "H34-"],
        ["keys", "create", "--scope", "read", "--all-units", "--expires", "0d"],
        ["keys", "create", "--scope", "read", "--all-units", "--expires", "90"],
        ["keys", "create", "--scope", "read", "--all-units", "--expires", "999999999d"],
        ["keys", "rotate", "key-1", "--term", "-1d"],
        ["no-such-command"],
        ["up", "--port", "x"],
    ],
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
