"""NDJSON of any length into the log: the next lines are checked while those before them are being written."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_ingest.bodies.lines import LineSplitter
from tiendo_ingest.judging.checked_event import Sent
from tiendo_ingest.judging.checking import checked_text
from tiendo_ingest.judging.entitlement import Sender
from tiendo_ingest.routes.receipts import Receipt, ReceiptTally

CHUNK_EVENTS_MAX = 500
CHUNK_SIZE_MAX = 1024 * 1024

Take = Callable[[Sequence[Sent]], Awaitable[list[Receipt]]]


class StreamIntake:
    """Takes the lines of one request in their order: one chunk is being written, at most one more waits.

    What is there is written at once when nothing else is being written, so a slow stream shows its events without delay.
    """

    def __init__(self, sender: Sender, take: Take, tally: ReceiptTally) -> None:
        self._sender = sender
        self._take = take
        self._tally = tally
        self._lines = LineSplitter()
        self._index = 0
        self._waiting: list[Sent] = []
        self._waiting_size = 0
        self._writing: asyncio.Task[list[Receipt]] | None = None

    async def run(self, pieces: AsyncIterator[bytes]) -> None:
        """Reads to the end and adds every receipt to the tally.

        Raises `Refusal` when the body is cut off or damaged, after what was complete was taken; and when the log cannot be written.
        """
        try:
            damage = await self._read(pieces)
            if damage is None:
                await self._check(self._lines.finish())
            await self._write_all()
        finally:
            if self._writing is not None:
                self._writing.cancel()
        if damage is not None:
            raise damage

    async def _read(self, pieces: AsyncIterator[bytes]) -> Refusal | None:
        """What was wrong with the body, if anything was; not what was wrong with writing it, which is raised."""
        while True:
            try:
                piece = await anext(pieces, b"")
            except Refusal as damage:
                return damage
            if not piece:
                return None
            await self._check(self._lines.feed(piece))

    async def _check(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self._waiting.append(checked_text(self._index, line, self._sender))
            self._waiting_size += len(line)
            self._index += 1
            if len(self._waiting) >= CHUNK_EVENTS_MAX or self._waiting_size >= CHUNK_SIZE_MAX:
                await self._write()
        await asyncio.sleep(0)
        if self._waiting and (self._writing is None or self._writing.done()):
            await self._write()

    async def _write_all(self) -> None:
        if self._waiting:
            await self._write()
        await self._written()

    async def _write(self) -> None:
        await self._written()
        self._writing = asyncio.create_task(self._written_chunk(self._waiting))
        self._waiting, self._waiting_size = [], 0

    async def _written(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            self._tally.add(await writing)

    async def _written_chunk(self, chunk: Sequence[Sent]) -> list[Receipt]:
        return await self._take(chunk)
