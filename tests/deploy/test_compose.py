"""deploy/compose.yaml, as far as it can be checked without an engine."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main
from tests.deploy.reading import COMPOSE, EXAMPLE, OWN_IMAGE, ROOT, compose, example_variables, required_variables
from tests.deploy.reading import variables as all_variables

from tiendo_cli.main import app
from tiendo_runtime.settings import Settings

SERVICES: dict[str, Any] = compose({})["services"]
OWN = sorted(name for name, service in SERVICES.items() if service["image"] == OWN_IMAGE)
ONCE = {"migrate", "topics"}
SETTINGS = {f"TIENDO_{name.upper()}" for name in Settings.model_fields}
PROGRAM = typer.main.get_command(app)


def test_a_compose_program_finds_nothing_wrong(tmp_path: Path) -> None:
    if shutil.which("docker-compose") is None:
        pytest.skip("docker-compose is not installed: run deploy/install-test-packages.sh as root")
    values = tmp_path / "env"
    values.write_text("".join(f"{name}=./x{number}\n" for number, name in enumerate(sorted(all_variables()))))
    environment = {name: value for name, value in os.environ.items() if name not in all_variables()}
    command = ["docker-compose", "--env-file", str(values), "--file", str(COMPOSE), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_whole_installation_is_there() -> None:
    assert set(OWN) == {"migrate", "topics", "ingest", "query", "projector", "relay"}
    assert set(SERVICES) - set(OWN) == {"postgres", "kafka-1", "kafka-2", "kafka-3"}
    assert re.fullmatch(r"postgres:18[-.\w]*", SERVICES["postgres"]["image"])


def test_the_brokers_are_of_the_version_that_the_tests_run() -> None:
    version = re.search(r"<kafka.version>(.+)</kafka.version>", (ROOT / "deploy/kafka/pom.xml").read_text())
    assert version is not None
    assert {SERVICES[f"kafka-{number}"]["image"] for number in (1, 2, 3)} == {f"apache/kafka:{version[1]}"}


@pytest.mark.parametrize("name", OWN)
def test_every_command_exists_with_its_options(name: str) -> None:
    words = list(SERVICES[name]["command"])
    command: Any = PROGRAM
    with click.Context(command) as context:
        while hasattr(command, "commands"):
            word = words.pop(0)
            assert word in command.commands, f"no such command: {SERVICES[name]['command']}"
            command = command.commands[word]
        command.make_context(command.name, words, parent=context)


@pytest.mark.parametrize("name", OWN)
def test_every_setting_exists_and_takes_its_value(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = SERVICES[name]["environment"]
    assert set(given) <= SETTINGS
    for setting, value in given.items():
        monkeypatch.setenv(setting, value)
    settings = Settings()
    if settings.kafka is not None:
        settings.kafka.check()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_watched_bounded_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[0-9]+[mg]", service["mem_limit"])
    assert service["stop_grace_period"]
    if name in ONCE:
        assert re.fullmatch(r"on-failure:[0-9]+", service["restart"])
        assert service["healthcheck"] == {"disable": True}
    else:
        assert service["restart"] == "unless-stopped"
        assert {"test", "interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", OWN)
def test_the_services_of_tiendo_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "user" not in service  # that of the image


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_waits_for_comes(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert how == {"condition": wanted}
        assert set(SERVICES[name]["networks"]) & set(SERVICES[other]["networks"]) or other in ONCE


def test_services_wait_for_the_schema_and_the_relay_for_the_topics() -> None:
    for name in ("ingest", "query", "projector", "relay"):
        assert "migrate" in SERVICES[name]["depends_on"]
    assert "topics" in SERVICES["relay"]["depends_on"]


def test_volumes_networks_and_secrets_are_declared() -> None:
    whole = compose({})
    for service in SERVICES.values():
        assert set(service["networks"]) <= set(whole["networks"])
        assert set(service.get("secrets", [])) <= set(whole["secrets"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (COMPOSE.parent / source).exists()


def test_the_log_s_key_is_where_checkpoints_are_signed_alone_and_the_keys_secret_where_keys_are_checked() -> None:
    def holding(volume: str) -> set[str]:
        return {
            name for name, one in SERVICES.items() if any(it.startswith(f"{volume}:") for it in one.get("volumes", []))
        }

    assert holding("log-key") == {"ingest"}
    assert holding("key-secret") == {"migrate", "ingest", "query"}
    for name in ("migrate", "ingest", "query"):
        assert SERVICES[name]["environment"]["TIENDO_KEY_SECRET_FILE"] == "/var/lib/tiendo-secret/key-secret"  # noqa: S105 - where it lies


def test_only_agencies_and_the_proxy_reach_in_from_outside() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"kafka-1", "kafka-2", "kafka-3", "ingest", "query"}
    assert all(port.startswith("127.0.0.1:") for name in ("ingest", "query") for port in published[name])
    assert all(port.endswith(":9094") for number in (1, 2, 3) for port in published[f"kafka-{number}"])
    assert compose({})["networks"]["database"] == {"internal": True}


def test_no_secret_stands_in_the_files() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    assert required_variables() <= example_variables()
    assert all_variables() - {"IMAGE"} == example_variables()
    for line in text.splitlines():
        if "PASSWORD" in line and not line.lstrip().startswith("#"):
            assert "${" in line, line
    assert re.findall(r"^[A-Z_]+=.+$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_the_filled_in_file_of_secrets_stays_out_of_the_repository() -> None:
    done = subprocess.run(["git", "check-ignore", "-q", "deploy/.env"], cwd=ROOT, check=False, timeout=20)
    assert done.returncode == 0
