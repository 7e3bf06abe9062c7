"""Services that the brokers do not let in say so with the setting, show no secret, and go on trying."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.kafka.certificates import make_authority
from tests.kafka.fixtures import SecuredKafka
from tests.preloaded.commands import Begun, begun_tiendo
from tests.topics.secured import environment_of, settings_of
from tests.waiting import until

WRONG = {"TIENDO_KAFKA_PASSWORD": "guessed-in-vain"}


@pytest.fixture
def environment(secured_kafka: SecuredKafka, generation: int, tmp_path: Path, database_url: str) -> dict[str, str]:
    settings = settings_of(secured_kafka, "relay", generation, tmp_path)
    return {
        **os.environ,
        **environment_of(settings),
        "TIENDO_DATABASE_URL": database_url,
        "TIENDO_DATA": str(tmp_path / "data"),
    }


@asynccontextmanager
async def said_by(*arguments: str, environment: dict[str, str]) -> AsyncIterator[tuple[Begun, list[str]]]:
    """A command at work, and the lines that it has said so far."""
    process = await begun_tiendo(*arguments, environment=environment, together=True)
    said: list[str] = []

    async def listen() -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            said.append(line.decode())

    listening = asyncio.ensure_future(listen())
    try:
        yield process, said
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await listening


@pytest.mark.parametrize("command", [("serve", "relay"), ("serve", "projector", "--from", "kafka")])
async def test_a_service_with_a_wrong_password_says_so_and_waits(
    environment: dict[str, str], command: tuple[str, ...]
) -> None:
    async with said_by(*command, environment=environment | WRONG) as (process, said):
        await until(lambda: any("does not let user relay in" in line for line in said), seconds=60, what=str(said))
        assert process.returncode is None
    text = "".join(said)
    assert "TIENDO_KAFKA_PASSWORD" in text
    assert "Traceback" not in text
    assert "guessed-in-vain" not in text


async def test_a_relay_without_the_right_authority_names_its_file(environment: dict[str, str], tmp_path: Path) -> None:
    another = make_authority(tmp_path / "another").certificate
    async with said_by("serve", "relay", environment=environment | {"TIENDO_KAFKA_CA_FILE": str(another)}) as (_, said):
        await until(lambda: any("is not trusted" in line for line in said), seconds=60, what=str(said))
    text = "".join(said)
    assert "TIENDO_KAFKA_CA_FILE" in text
    assert "Traceback" not in text


async def test_the_doctor_says_what_the_brokers_say(environment: dict[str, str]) -> None:
    async with said_by("doctor", environment=environment | WRONG) as (process, said):
        await asyncio.wait_for(process.wait(), 60)
    text = "".join(said)
    assert process.returncode == 1
    assert "does not let user relay in" in text
    assert "guessed-in-vain" not in text
    assert "Traceback" not in text
