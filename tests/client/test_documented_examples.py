"""What docs/consumers.md shows runs as it stands: against a broker, a relay and a service."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.client.documented import BLOCKS, PROGRAMS, SERVER, command_of, typed
from tests.kafka import java
from tests.kafka.brokers import Kafka
from tests.projector.logs import many_cases
from tests.query.serving import Asked, asked_service
from tests.relay.relaying import made_topics, relay
from tests.waiting import until

from tiendo_contracts.messages import TopicKind, decode_message
from tiendo_event_store import EventLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A service whose log and read models a relay publishes on topics of a fresh generation."""

    service: Asked
    servers: str
    generation: int
    folder: Path
    database_url: str

    def adapted(self, shown: str) -> str:
        """What the document shows, for the broker and the topics of this test."""
        found = re.sub(r"(tiendo\.[a-z-]+\.v1)\b", rf"\1.g{self.generation}", shown).replace(SERVER, self.servers)
        return re.sub(r'(group(?:=| )"?)(archive|tell)\b', rf"\1\2-{self.generation}", found)

    @asynccontextmanager
    async def running(self, name: str) -> AsyncIterator[Path]:
        """A program of the document at work, and the file with what it printed; killed at the end if it has not ended."""
        program, printed = self.folder / name, self.folder / f"{name}.out"
        program.write_text(self.adapted(PROGRAMS[name]), encoding="utf-8")
        environment = {
            "KAFKA_BOOTSTRAP_SERVERS": self.servers,
            "DATABASE_URL": self.database_url,
            "API_URL": f"http://127.0.0.1:{self.service.port}",
            "API_KEY": self.service.secret,
        }
        with printed.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, program, cwd=self.folder, env={**os.environ, **environment}, stdout=output,
                stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        try:
            yield printed
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM if "SIGTERM" in PROGRAMS[name] else signal.SIGKILL)
            _, complained = await asyncio.wait_for(process.communicate(), 60)
            assert b"Traceback" not in complained, complained.decode()


@pytest.fixture
async def published(
    kafka: Kafka, generation: int, database_url: str, engine: AsyncEngine, tmp_path: Path
) -> AsyncIterator[Published]:
    settings = await made_topics(kafka.bootstrap_servers, generation)
    async with asked_service(database_url, engine, tmp_path / "data") as service:
        await service.tell(many_cases(40, seed=11))
        async with relay(settings, database_url):
            yield Published(
                service=service,
                servers=kafka.bootstrap_servers,
                generation=generation,
                folder=tmp_path,
                database_url=engine.url.render_as_string(hide_password=False),
            )


async def test_every_program_of_the_document_is_run_by_a_test() -> None:
    assert set(PROGRAMS) == {"late.py", "archive.py", "tell.py", "plain.py", "ask.py"}


def test_the_messages_of_the_document_are_messages() -> None:
    event, state = (block for language, block in BLOCKS if language == "json")
    decode_message(TopicKind.CASE_EVENTS, event.encode())
    decode_message(TopicKind.DELAY_ATTRIBUTIONS, state.encode())


async def test_the_first_program_prints_every_late_case(published: Published) -> None:
    late = {
        row["case_id"]: row["lateness_minutes"]
        for row in await published.service.all_items("/v1/cases", limit="500")
        if row["lateness_minutes"] and row["state"] in {"completed", "delivered"}
    }
    assert late
    async with published.running("late.py") as printed:
        await until(lambda: _last_said(printed).items() >= late.items(), seconds=60, what="all late cases are printed")


def _last_said(printed: Path) -> dict[str, int]:
    """The lateness that was printed last of each case."""
    return {words[0]: int(words[1]) for words in map(str.split, _lines(printed))}


def _lines(printed: Path) -> list[str]:
    """The lines that are complete."""
    return printed.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()


async def test_the_archive_holds_every_event_once_though_two_processes_fill_it(
    published: Published, owner_engine: AsyncEngine
) -> None:
    told = await _case_positions(published.service.engine)
    async with published.running("archive.py"), published.running("archive.py"):
        await until(lambda: _archived(owner_engine, told), seconds=60, what="the archive is whole")


async def _case_positions(engine: AsyncEngine) -> list[int]:
    """The positions of the events of cases."""
    entries = await EventLog(engine).read_after(0, limit=10_000)
    return sorted(entry.position for entry in entries if ".case." in json.loads(entry.text)["type"])


async def _archived(engine: AsyncEngine, told: list[int]) -> bool:
    async with engine.connect() as connection:
        if (await connection.execute(text("SELECT to_regclass('archive')"))).scalar_one() is None:
            return False
        found = (await connection.execute(text("SELECT position FROM archive ORDER BY position"))).scalars().all()
    assert len(found) == len(set(found))
    return list(found) == told


async def test_the_program_in_a_group_goes_on_where_it_stood(published: Published) -> None:
    told = await _case_positions(published.service.engine)
    async with published.running("tell.py") as printed:
        await until(lambda: len(_lines(printed)) >= len(told), seconds=60, what="all events are printed")
    await published.service.tell(many_cases(3, seed=12))
    told = await _case_positions(published.service.engine)
    async with published.running("tell.py") as printed:
        await until(lambda: len(_lines(printed)) >= len(told), seconds=60, what="what is new is printed")
    assert Counter(int(line.split()[0]) for line in _lines(printed)) == Counter(told)
    if not java.missing():
        described = await _typed(published, "kafka-consumer-groups.sh")
        assert f"tell-{published.generation} " in described


async def test_the_program_without_the_client_misses_nothing_though_it_is_killed(published: Published) -> None:
    told = await _case_positions(published.service.engine)
    async with published.running("plain.py"):
        await until(lambda: len(_in_sqlite(published)) > 0, seconds=60, what="some events are stored")
    await published.service.tell(many_cases(3, seed=12))
    told = await _case_positions(published.service.engine)
    async with published.running("plain.py"):
        await until(lambda: _in_sqlite(published) == told, seconds=60, what="all events are stored")


def _in_sqlite(published: Published) -> list[int]:
    file = published.folder / "events.db"
    if not file.exists():
        return []
    with sqlite3.connect(file) as database, suppress(sqlite3.OperationalError):
        return sorted(position for (position,) in database.execute("SELECT position FROM events"))
    return []


async def test_the_program_that_asks_the_service_prints_every_overdue_case(published: Published) -> None:
    overdue = {row["case_id"] for row in await published.service.all_items("/v1/cases", overdue="true")}
    assert overdue
    async with published.running("ask.py") as printed:
        await until(lambda: {line.split()[0] for line in _lines(printed)} == overdue, seconds=60)


async def test_kafkas_console_consumer_shows_the_messages(published: Published) -> None:
    java.require()
    late = [row for row in await published.service.all_items("/v1/cases") if row["lateness_minutes"]]
    printed, shown = "", set[str]()
    for milliseconds in (4_000, 40_000):  # a busy machine takes longer until the first message comes
        if not shown.issuperset(row["case_id"] for row in late):
            printed = await _typed(published, "--topic tiendo.delay-attributions.v1", f"--timeout-ms {milliseconds}")
            shown = set(re.findall(r'"case_id":"([^"]+)"', printed))
    assert {row["case_id"] for row in late} <= shown
    assert "ce_type:vn.tiendo.delay-attributions.v1" in printed


async def _typed(published: Published, containing: str, *more: str) -> str:
    """What the command of the document that contains the words prints."""
    command = " ".join([published.adapted(command_of(containing)).strip(), *more])
    return await typed(command, published.folder)
