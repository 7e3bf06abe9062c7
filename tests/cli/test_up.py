"""`tiendo up`: what it says, and that it never runs on without a part."""

import asyncio
import json
import os
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.cli.running_up import Up, all_gone, begin_up, everything_of, run_tiendo, start_up
from tests.waiting import until

pytestmark = pytest.mark.xdist_group("up")

AGAIN_SECONDS = 10
"""As the contract has it."""
READY_SECONDS = 60


@pytest.fixture(scope="module")
async def up(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Up]:
    """One `tiendo up` for the tests that leave it running."""
    running = await start_up(tmp_path_factory.mktemp("up") / "data")
    yield running
    await running.stop()


async def test_it_prints_the_address_and_the_keys_one_a_line(up: Up) -> None:
    assert up.address.startswith("http://127.0.0.1:")
    keys = {up.lines[f"{scope} key"] for scope in ("read", "ingest", "explain", "decide", "publish")}
    assert len(keys) == 5
    assert up.lines["sign-in link"].startswith(f"{up.address}/sign-in/link/")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_operators_need_no_key(up: Up, path: str) -> None:
    async with up.client() as client:
        assert (await client.get(path)).status_code == 200


async def test_the_sign_in_link_sets_a_cookie_that_scripts_and_other_sites_cannot_use(up: Up) -> None:
    async with up.client() as client:
        answer = await client.post(up.lines["sign-in link"])
    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


async def test_a_link_signs_in_who_was_named(up: Up) -> None:
    arguments = ("--for", "Nguyễn Thị Ánh", "--role", "unit-manager", "--unit", "H34.STNMT", "--format", "json")
    status, output, errors = await run_tiendo(up.data, "sign-in", *arguments)
    assert status == 0, errors
    link = json.loads(output)["link"]
    async with up.client() as client:
        assert link.startswith(up.address)
        assert "<strong>Nguyễn Thị Ánh</strong>" in (await client.get(link)).text
        assert (await client.post(link)).status_code == 303
        assert (await client.get("/v1/events?limit=1")).status_code == 200
        assert (await client.post(link)).status_code == 410


async def test_the_printed_ingest_key_does_not_read(up: Up) -> None:
    async with up.client() as client:
        answer = await client.get("/v1/events", headers={"Authorization": f"Bearer {up.lines['ingest key']}"})
    assert answer.status_code == 403


async def test_the_keys_lie_in_a_file_for_the_owner_alone(up: Up) -> None:
    file = up.data / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = file.read_text()
    assert all(up.lines[f"{scope} key"] in kept for scope in ("read", "ingest", "explain", "decide", "publish"))


async def test_commands_work_beside_it(up: Up) -> None:
    status, output, _ = await run_tiendo(up.data, "keys", "list", "--format", "json")
    assert (status, "tiendo up: read" in output) == (0, True)
    assert await up.is_ready()


async def test_the_doctor_finds_every_part_at_work(up: Up) -> None:
    status, output, _ = await run_tiendo(up.data, "doctor", "--format", "json")
    parts = {each["subject"]: each for each in json.loads(output)["findings"] if each["subject"].startswith("service")}
    assert {subject: part["verdict"] for subject, part in parts.items()} == dict.fromkeys(
        ["service", "service database", "service ingest", "service query", "service projector"], "good"
    )
    assert up.address in parts["service ingest"]["found"]
    assert status == 0, output


async def test_a_second_one_on_the_folder_says_so_and_ends(up: Up) -> None:
    status, _, errors = await run_tiendo(up.data, "up", "--port", "0")
    assert status == 1
    assert f"is in use by another `tiendo up` at {up.address}" in errors
    assert await up.is_ready()


async def test_a_port_that_is_taken_is_named(up: Up, tmp_path: Path) -> None:
    port = up.address.rsplit(":", 1)[1]
    status, _, errors = await run_tiendo(tmp_path / "other", "up", "--port", port)
    assert (status, f"port {port}" in errors, "--port" in errors) == (1, True, True)


@pytest.mark.parametrize("service", ["web", "projector"])
async def test_a_killed_process_is_started_again(up: Up, service: str) -> None:
    before = up.child(service)
    os.kill(before, signal.SIGKILL)
    await until(lambda: up.child(service) not in {0, before}, seconds=AGAIN_SECONDS)
    await until(up.is_ready, seconds=READY_SECONDS)


async def test_a_killed_postgresql_is_started_again(up: Up) -> None:
    before = up.server()
    os.kill(before, signal.SIGKILL)
    await until(lambda: up.server() not in {0, before}, seconds=AGAIN_SECONDS)
    await until(up.is_ready, seconds=READY_SECONDS)


async def test_a_rules_file_that_is_wrong_is_refused_with_its_reason(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[unit]]\nname = "no id"\n')
    status, _, errors = await run_tiendo(tmp_path / "data", "up", "--port", "0", "--rules", str(rules))
    assert status == 1
    assert f'{rules}: [[unit]] number 1, key "id": is missing and required' in errors
    assert "Traceback" not in errors


async def test_a_rules_file_is_applied_at_start(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[unit]]\nid = "H34"\nname = "Tỉnh Kon Tum"\nlevel = "province"\n')
    running = await start_up(tmp_path / "data", "--rules", str(rules))
    async with running.client() as client:
        key = {"Authorization": f"Bearer {running.lines['read key']}"}
        answer = await client.get("/v1/events?limit=1000", headers=key)
    await running.stop()
    assert "Tỉnh Kon Tum" in answer.text


async def test_a_stop_during_the_start_leaves_no_process(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = await begin_up(data)
    await until((data / "postgresql" / "postmaster.pid").exists, seconds=60)
    processes = everything_of(data, process.pid)
    process.terminate()
    async with asyncio.timeout(60):
        assert await process.wait() == 0
    await all_gone(processes, seconds=10)


async def test_it_works_on_a_database_of_the_users_own(tmp_path: Path, empty_database_url: str) -> None:
    running = await start_up(tmp_path / "data", TIENDO_DATABASE_URL=empty_database_url)
    assert await running.is_ready()
    assert not (tmp_path / "data" / "postgresql").exists()
    assert await running.stop() == 0
