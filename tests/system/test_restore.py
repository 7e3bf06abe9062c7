"""The restore drill: a dump that was taken while events came in is restored as docs/operations.md says, verified, and followed on."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.conftest import QUICK
from tests.documents.reading import ROOT
from tests.ingest.serving import served
from tests.preloaded.commands import Completed, tiendo_beside
from tests.system.relaying.checking import Entry, log_complaints
from tests.system.relaying.load import Sender, send_some
from tests.waiting import until

from tiendo_runtime.database import owner_engine as owner_engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.binaries import installed_binaries
from tiendo_runtime.embedded.usage import embedded_database
from tiendo_runtime.log_signing import signer_of
from tiendo_runtime.settings import Settings

SECRETS = ("key-secret", "log-key")
"""What is needed after a restore and lies outside the database."""


async def test_what_was_dumped_under_load_is_restored_verified_and_followed_on(
    database_url: str, engine: AsyncEngine, owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path / "data", database_url=database_url)
    async with served(database_url, tmp_path / "data") as ingest:
        before = await send_some(ingest.client, 100, seed="before")
        (tmp_path / "checkpoints.txt").write_text(await note(engine, settings))
        sender = Sender(kind="batch", seed="during", client=ingest.client)
        sending = asyncio.create_task(sender.run())
        await until(lambda: bool(sender.acknowledged), what="events come in")
        await dump(database_url, tmp_path / "tiendo.dump")
        dumped = len(sender.acknowledged)
        await until(lambda: len(sender.acknowledged) > dumped, what="events have come after the dump")
        sender.stop()
        await sending
    held = tmp_path / "held.txt"
    held.write_text(await note(engine, settings))
    lost = await log_of(owner_engine)
    data = tmp_path / "restored"
    data.mkdir()
    for name in SECRETS:
        shutil.copy(tmp_path / "data" / name, data / name)
    async with own_server(tmp_path / "server") as url:
        await paste(restore_block(url), tmp_path, TIENDO_DATA=str(data))
        restored = owner_engine_of(url)
        try:
            kept = await log_of(restored)
            stories = [entry for entry in kept if entry in lost]
            assert kept[: len(stories)] == lost[: len(stories)]
            assert len(before.acknowledged) <= len(stories) < len(lost)
            assert log_complaints(before.acknowledged, kept) == []
            assert (await tiendo(url, data, "log", "verify")).returncode == 0
            contradicted = await tiendo(url, data, "log", "verify", "--against", str(held))
            assert contradicted.returncode == 1
            await follow_on(url, data, [*before.acknowledged, *sender.acknowledged], restored)
            assert (await tiendo(url, data, "log", "verify")).returncode == 0
        finally:
            await restored.dispose()


async def follow_on(url: str, data: Path, sent: Sequence[Any], engine: AsyncEngine) -> None:
    """Senders send everything again, and then something new: each event is in the log once."""
    async with served(url, data) as ingest:
        for start in range(0, len(sent), 100):
            batch = json.dumps([each.event for each in sent[start : start + 100]])
            answer = await ingest.client.post(
                "/v1/events", content=batch, headers={"Content-Type": "application/cloudevents-batch+json"}
            )
            assert {each["status"] for each in answer.json()["events"]} <= {"accepted", "duplicate"}
        new = await send_some(ingest.client, 50, seed="after")
    log = await log_of(engine)
    assert log_complaints(new.acknowledged, log) == []
    names = [(entry.event["source"], entry.event["id"]) for entry in log]
    assert len(names) == len(set(names))
    assert {(each.event["source"], each.event["id"]) for each in sent} <= set(names)


async def note(engine: AsyncEngine, settings: Settings) -> str:
    """The signed checkpoint over all that the log holds now."""
    return (await (await signer_of(engine, settings)).last_turn()).note


async def dump(url: str, target: Path) -> None:
    """Dump the schema as the document says."""
    asked = make_url(url)
    command = [installed_binaries().program("pg_dump"), "--format=custom", "--schema=tiendo", f"--file={target}"]
    command += [f"--host={asked.query['host']}", f"--username={asked.username}", str(asked.database)]
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0


@asynccontextmanager
async def own_server(folder: Path) -> AsyncIterator[str]:
    """The address of an empty database of a server that knows nothing of tiendo's roles."""
    async with embedded_database(Cluster(data=folder, settings=QUICK)) as url:
        yield url


def restore_block(url: str) -> str:
    """The block of the document, for this database."""
    section = (ROOT / "docs/operations.md").read_text(encoding="utf-8").split("\n## Restore\n")[1].split("\n## ")[0]
    (block,) = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    lines = block.splitlines()
    assert lines[0].startswith("URL=")
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return "\n".join([f"URL='{plain}'", *lines[1:]])


async def paste(script: str, folder: Path, **environment: str) -> None:
    """Run it in a shell that ends at the first failure."""
    path = os.pathsep.join(
        [str(Path(sys.executable).parent), str(installed_binaries().folder / "bin"), os.environ["PATH"]]
    )
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script,
        cwd=folder, env={**os.environ, **environment, "PATH": path},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


async def tiendo(url: str, data: Path, *arguments: str) -> Completed:
    return await tiendo_beside(
        *arguments, environment={**os.environ, "TIENDO_DATABASE_URL": url, "TIENDO_DATA": str(data)}
    )


async def log_of(engine: AsyncEngine) -> list[Entry]:
    """Everything that the log holds."""
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT position, ingested_at, text FROM tiendo.events ORDER BY position"))
        return [
            Entry(position=row.position, ingested_at=row.ingested_at.isoformat(), event=json.loads(row.text))
            for row in rows
        ]
