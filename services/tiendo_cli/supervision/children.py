"""Processes of tiendo's own that the supervisor starts and watches."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tiendo_cli.context import WITH_PARENT
from tiendo_runtime.heartbeats import DESCRIPTOR as HEARTBEATS
from tiendo_runtime.heartbeats import Heartbeats
from tiendo_runtime.settings import Settings

STOP_SECONDS: Final = 12.0
"""How long a child may take to end in order before it is killed; with PostgreSQL's time after it, under 30 s in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildProgram:
    """What a child runs: arguments of `tiendo`, and file descriptors that it inherits; and whether nothing else may run without it."""

    name: str
    arguments: Sequence[str]
    descriptors: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    indispensable: bool = True


class Child:
    """One running process. It ends when the supervisor does, however that ends: it watches its standard input, a pipe from here."""

    def __init__(self, program: ChildProgram, process: asyncio.subprocess.Process, heartbeats: Heartbeats) -> None:
        self.program = program
        self.heartbeats = heartbeats
        self._process = process
        self.ended = asyncio.ensure_future(process.wait())
        self.ended.add_done_callback(lambda _: heartbeats.close())

    @classmethod
    async def start(cls, program: ChildProgram) -> "Child":
        """The process of a program, in a process group of its own, so that Ctrl+C reaches the supervisor alone."""
        heartbeats = Heartbeats()
        beats = {HEARTBEATS: str(heartbeats.descriptor)}
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tiendo_cli",
                *program.arguments,
                stdin=asyncio.subprocess.PIPE,
                pass_fds=(*program.descriptors, heartbeats.descriptor),
                env={**os.environ, **program.environment, **beats, WITH_PARENT: "1"},
                start_new_session=True,
            )
        finally:
            heartbeats.started()
        return cls(program, process, heartbeats)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def name(self) -> str:
        """What it is for."""
        return self.program.name

    async def stop(self) -> None:
        """End it in order, and by force when it takes too long."""
        self._send(signal.SIGTERM)
        done, _ = await asyncio.wait({self.ended}, timeout=STOP_SECONDS)
        if not done:
            self.kill()
            await self.ended

    def kill(self) -> None:
        """End it by force."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            self._process.send_signal(number)


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, for children and for commands run beside them."""
    given = {"TIENDO_DATA": str(settings.data), "TIENDO_LOG_FORMAT": settings.log_format.value}
    given["TIENDO_LOG_LEVEL"] = settings.log_level.value
    if settings.database_url is not None:
        given["TIENDO_DATABASE_URL"] = settings.database_url
    if settings.public_url is not None:
        given["TIENDO_PUBLIC_URL"] = settings.public_url
    if settings.public_pages is not None:
        given["TIENDO_PUBLIC_PAGES"] = settings.public_pages.value
    if settings.periods:
        given["TIENDO_PERIODS"] = settings.periods
    return given
