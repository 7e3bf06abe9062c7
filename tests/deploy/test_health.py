"""Each service as the compose file starts it is healthy by its own check, and needs no folder to write in."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.deploy.reading import DEPLOY, compose
from tests.kafka.brokers import free_ports
from tests.preloaded.commands import begun_module
from tests.waiting import until

SERVICES = compose({})["services"]


@pytest.mark.parametrize("name", ["ingest", "query", "projector", "relay"])
async def test_a_service_is_healthy_while_it_runs_and_only_then(name: str, database_url: str, tmp_path: Path) -> None:
    environment = _environment(name, database_url, tmp_path)
    with (tmp_path / "journal").open("wb") as journal:
        process = await begun_module(
            "tiendo_cli", SERVICES[name]["command"], environment=environment, journal=journal.fileno()
        )
    try:
        await until(lambda: _is_healthy(environment), seconds=60, what=f"{name} is healthy; see {tmp_path}/journal")
    finally:
        process.terminate()
        status = await asyncio.wait_for(process.wait(), 60)
    assert status == 0, (tmp_path / "journal").read_text()
    assert not _is_healthy(environment)


def _environment(name: str, database_url: str, tmp_path: Path) -> dict[str, str]:
    """What the compose file gives, with the database and ports of here, no Kafka that answers, and no folder that could be made."""
    kept = {each: value for each, value in os.environ.items() if not each.startswith("TIENDO_")}
    given = dict(SERVICES[name]["environment"])
    port, nobody = free_ports(2)
    here = {
        "TIENDO_DATABASE_URL": database_url,
        "TIENDO_DATA": f"{Path(__file__)}/no-folder",
        "TIENDO_METRICS_PORT" if "TIENDO_METRICS_PORT" in given else "TIENDO_PORT": str(port),
    }
    if "TIENDO_KAFKA_BOOTSTRAP_SERVERS" in given:
        agencies = tmp_path / "agencies.toml"
        agencies.touch()
        here |= {
            "TIENDO_KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{nobody}",
            "TIENDO_KAFKA_AGENCIES": str(agencies),
        }
    return {**kept, **given, **here}


def _is_healthy(environment: dict[str, str]) -> bool:
    asked = [sys.executable, str(DEPLOY / "healthcheck.py")]
    return subprocess.run(asked, env=environment, capture_output=True, check=False, timeout=10).returncode == 0
