"""A way to a service on which everything may go wrong: connections are cut, held, and slow."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

BYTES_A_SECOND = 20_000
"""How fast a way that is made slow is."""
_PIECE = 64 * 1024
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True, kw_only=True)
class Proxy:
    """Connections are carried on to where `target` says at the moment: a port of this machine, or a socket's file."""

    target: Callable[[], int | Path]
    refusing: bool = False
    bytes_a_second: int = 0
    """How fast each way of a connection is; 0 for as fast as it goes."""
    carried: int = 0
    """How many bytes came through."""
    _going: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def disturb(self, kind: str) -> bool:
        """Make that trouble until it is mended; whether anything was there that could be disturbed."""
        match kind:
            case "cut":
                return self.cut() > 0
            case "hold":
                self.hold()
            case "slow":
                self.bytes_a_second = BYTES_A_SECOND
            case "refuse":
                self.refusing = True
                self.cut()
            case _:
                raise ValueError(kind)
        return True

    def cut(self) -> int:
        """Cut every connection off, in the middle of whatever it carries; how many there were."""
        writers = list(self._open)
        for writer in writers:
            writer.transport.abort()
        return len(writers)

    def hold(self) -> None:
        """Let nothing through in either way; connections stay."""
        self._going.clear()

    def mend(self) -> None:
        """Carry everything on at once."""
        self.refusing, self.bytes_a_second = False, 0
        self._going.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection on, until either end closes it."""
        if self.refusing:
            writer.transport.abort()
            return
        try:
            onward_reader, onward = await self._opened()
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, onward}
        try:
            await asyncio.gather(self._carry(reader, onward), self._carry(onward_reader, writer))
        finally:
            self._open -= {writer, onward}
            for each in (writer, onward):
                each.close()

    async def _opened(self) -> _Streams:
        target = self.target()
        if isinstance(target, Path):
            return await asyncio.open_unix_connection(str(target))
        return await asyncio.open_connection("127.0.0.1", target)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):  # also of an end that is gone already
            while piece := await reader.read(_PIECE if not self.bytes_a_second else max(1, self.bytes_a_second // 10)):
                if self.bytes_a_second:
                    await asyncio.sleep(len(piece) / self.bytes_a_second)
                await self._going.wait()
                writer.write(piece)
                await writer.drain()
                self.carried += len(piece)
            if writer.can_write_eof():
                writer.write_eof()


@asynccontextmanager
async def proxy(target: Callable[[], int | Path], socket: Path | None = None) -> AsyncIterator[tuple[Proxy, int]]:
    """A proxy and the port that it listens on, or 0 where it listens on a socket's file."""
    found = Proxy(target=target)
    found.mend()
    if socket is None:
        server = await asyncio.start_server(found.accept, "127.0.0.1", 0)
        port = int(server.sockets[0].getsockname()[1])
    else:
        server, port = await asyncio.start_unix_server(found.accept, str(socket)), 0
    try:
        yield found, port
    finally:
        server.close()
        found.mend()
        found.cut()
        await server.wait_closed()
