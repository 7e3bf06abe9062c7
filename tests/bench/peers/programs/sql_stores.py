"""message-db (functions in SQL) and tiendo's own log, driven by asyncpg and by the library.

`python -m tests.bench.peers.programs.sql_stores message-db|tiendo SCRIPTS SOCKET_FOLDER DATABASE EVENTS_FILE` prints a JSON object of
figures; SCRIPTS is the folder of message-db's own installation, which is run on the database.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path
from uuid import uuid4

import asyncpg
from tests.bench.databases import engine_on

from tiendo_contracts.events.case_events import accept_text
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_runtime.embedded.binaries import installed_binaries
from tiendo_runtime.embedded.cluster import OWNER

PAGE = 1_000
WRITERS = (1, 4, 64)


class Store(ABC):
    """What is measured of a store: appending a batch, and reading a page after a position as (position, text) each."""

    @abstractmethod
    async def append(self, texts: list[str]) -> None:
        """Append as one transaction."""

    @abstractmethod
    async def read(self, position: int) -> list[tuple[int, str]]:
        """The page after the position."""


class MessageDb(Store):
    """All events in streams of one category, which is what its readers read."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def append(self, texts: list[str]) -> None:
        stream = f"case-{uuid4()}"
        async with self._pool.acquire() as connection, connection.transaction():
            for text in texts:
                await connection.fetchval(
                    "SELECT message_store.write_message($1, $2, 'event', $3)", str(uuid4()), stream, text
                )

    async def read(self, position: int) -> list[tuple[int, str]]:
        rows = await self._pool.fetch(
            "SELECT global_position, data FROM message_store.get_category_messages('case', $1, $2)", position + 1, PAGE
        )
        return [(row[0], row[1]) for row in rows]


class Tiendo(Store):
    """The writer that joins what comes at once, and the log's reader."""

    def __init__(self, writer: CoalescingWriter, log: EventLog) -> None:
        self._writer = writer
        self._log = log

    async def append(self, texts: list[str]) -> None:
        await self._writer.append([accept_text(text) for text in texts])

    async def read(self, position: int) -> list[tuple[int, str]]:
        return [(event.position, event.text) for event in await self._log.read_after(position, PAGE)]


async def figures(store: Store, pool: asyncpg.Pool, texts: list[str]) -> dict[str, float]:
    """All figures, on one database."""
    found, used = dict[str, float](), 0
    for batch in (1, 100):
        for writers in WRITERS:
            count = len(texts) // (8 if batch == 1 else 1)
            share = [_renamed(text, used + number) for number, text in enumerate(texts[:count])]
            used += count
            found[f"append of {batch} by {writers}"] = await _appended(store, share, writers, batch)
    position = count = 0
    begun = time.perf_counter()
    while page := await store.read(position):
        position, count = page[-1][0], count + len(page)
    found["replay"] = count / (time.perf_counter() - begun)
    found["projection"] = count / await _projected(store, pool)
    found["missed"] = await _missed(store, [_renamed(text, -number) for number, text in enumerate(texts, 1)], position)
    return found


def _renamed(text: str, number: int) -> str:
    event = json.loads(text)
    event["id"] = f"peer-{number}"
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


async def _installed(scripts: str, folder: str, database: str) -> None:
    """By its own script; of pgcrypto, which the embedded server has not, it uses one function that PostgreSQL has itself since 13."""
    programs = Path(installed_binaries().program("psql")).parent
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": folder, "PGUSER": OWNER}
    environment |= {"DATABASE_NAME": database, "CREATE_DATABASE": "off"}
    with tempfile.TemporaryDirectory() as place:
        copy = await asyncio.to_thread(shutil.copytree, scripts, f"{place}/database")
        await asyncio.to_thread(Path(copy, "extensions/pgcrypto.sql").write_text, "")
        installing = await asyncio.create_subprocess_exec(
            "bash", f"{copy}/install.sh", env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        if status := await installing.wait():
            raise RuntimeError(f"message-db's installation ended with status {status}")


async def _appended(store: Store, texts: list[str], writers: int, batch: int) -> float:
    batches = iter([texts[start : start + batch] for start in range(0, len(texts), batch)])

    async def work() -> None:
        for taken in batches:
            await store.append(taken)

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(writers)))
    return len(texts) / (time.perf_counter() - begun)


async def _projected(store: Store, pool: asyncpg.Pool) -> float:
    """Counts the events of each case, in the transaction that says how far it has come."""
    await pool.execute("CREATE TABLE public.counted (stream text PRIMARY KEY, n bigint)")
    await pool.execute("CREATE TABLE public.reached (position bigint)")
    await pool.execute("INSERT INTO public.reached VALUES (0)")
    position, begun = 0, time.perf_counter()
    while page := await store.read(position):
        counts = Counter(json.loads(text)["subject"] for _, text in page)
        async with pool.acquire() as connection, connection.transaction():
            await connection.executemany(
                "INSERT INTO public.counted VALUES ($1, $2) ON CONFLICT (stream) DO UPDATE SET n = counted.n + excluded.n",
                list(counts.items()),
            )
            await connection.execute("UPDATE public.reached SET position = $1", page[-1][0])
        position = page[-1][0]
    return time.perf_counter() - begun


async def _missed(store: Store, texts: list[str], first: int) -> float:
    """How many events a reader that tails the log while 16 write never sees."""
    done, seen = asyncio.Event(), 0

    async def tail() -> None:
        nonlocal seen
        position = first
        while True:
            ended = done.is_set()
            if page := await store.read(position):
                seen, position = seen + len(page), page[-1][0]
            elif ended:
                return
            await asyncio.sleep(0)

    reader = asyncio.ensure_future(tail())
    count = len(texts) // 4
    await _appended(store, texts[:count], 16, 5)
    done.set()
    await reader
    return count - seen


async def main(which: str, scripts: str, folder: str, database: str, file: str) -> dict[str, float]:
    """The figures of one store."""
    if which == "message-db":
        await _installed(scripts, folder, database)
    texts = (await asyncio.to_thread(Path(file).read_text, encoding="utf-8")).splitlines()
    search = {"search_path": "message_store,public"} if which == "message-db" else {}
    async with asyncpg.create_pool(
        host=folder, user=OWNER, database=database, min_size=2, max_size=64, server_settings=search
    ) as pool:
        if which == "message-db":
            return await figures(MessageDb(pool), pool, texts)
        url = f"postgresql+asyncpg://{OWNER}@/{database}?host={folder}"
        async with engine_on(url) as engine, CoalescingWriter(engine) as writer:
            return await figures(Tiendo(writer, EventLog(engine)), pool, texts)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(*sys.argv[1:]))))
