"""`tiendo` as a user runs it, a process of its own, without its start: most of a short command's time goes into loading libraries.

Each process of the tests starts one that has loaded them, and that forks for every command (`tests.preloaded.program`). Tests of the start
itself, of what is loaded, of terminals and encodings start the program as it is: `sys.executable -m tiendo_cli`.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio import StreamReader, StreamReaderProtocol
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from select import select
from typing import IO

from tests.preloaded.program import NUMBER

ROOT = Path(__file__).parents[2]
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG")
_loaded: dict[int, tuple[socket.socket, "subprocess.Popen[bytes]"]] = {}
"""Process id of these tests -> what forks for them."""

Completed = subprocess.CompletedProcess[str]


def tiendo(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout_seconds: float = 250,
    output: int | None = None,
) -> Completed:
    """How `tiendo` ended with these arguments and what it has written. `environment` is the whole of it, by default this process's own.

    `output` is a descriptor to write to in place of what is returned. Raises TimeoutExpired, with the process killed.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        streams = (said.fileno() if output is None else output, errors.fileno())
        told = _fork("tiendo_cli", arguments, environment, folder, streams)
        with open(told, "rb", buffering=0):  # noqa: PTH123 - a descriptor
            status = _ended(told, timeout_seconds, arguments)
        return subprocess.CompletedProcess(["tiendo", *arguments], status, _text(said), _text(errors))


async def tiendo_beside(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout_seconds: float = 250,
    output: int | None = None,
) -> Completed:
    """As `tiendo`, while the tests' own loop goes on."""
    return await asyncio.to_thread(
        tiendo, *arguments, environment=environment, folder=folder, timeout_seconds=timeout_seconds, output=output
    )


class Begun:
    """A `tiendo` at work, in a session of its own; used as a process of asyncio is."""

    def __init__(self, told: int, stdout: StreamReader | None = None, stderr: StreamReader | None = None) -> None:
        self.pid = _number(told)
        self.returncode: int | None = None
        self.stdout = stdout
        self.stderr = stderr
        self._told = told
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(told, self._end)

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Its exit status, once it has ended."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """All that it writes, once it has ended and nobody else has its pipes."""
        assert self.stdout is not None
        assert self.stderr is not None
        said, complaints = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        return said, complaints

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._told)
        self.returncode = _number(self._told)
        os.close(self._told)
        self._ended.set()


async def begun_tiendo(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    together: bool = False,
) -> Begun:
    """A `tiendo` that has begun. `together`: what it complains of comes with what it says."""
    stdout, output = await _pipe()
    stderr, errors = await _pipe()
    try:
        told = _fork("tiendo_cli", arguments, environment, folder, (output, output if together else errors))
    finally:
        os.close(output)
        os.close(errors)
    return Begun(told, stdout, stderr)


async def begun_module(
    module: str, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None, journal: int = 2
) -> Begun:
    """`python -m MODULE ARGUMENTS` that has begun; all that it writes goes to `journal`, a descriptor: by default where these tests complain."""
    return Begun(_fork(module, arguments, environment, None, (journal, journal)))


async def _pipe() -> tuple[StreamReader, int]:
    reading, writing = os.pipe()
    reader = StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: StreamReaderProtocol(reader), os.fdopen(reading, "rb", buffering=0))
    return reader, writing


def _fork(
    module: str,
    arguments: Sequence[str],
    environment: Mapping[str, str] | None,
    folder: Path | None,
    outputs: tuple[int, int],
) -> int:
    """The descriptor of a pipe that tells the process id and, once it has ended, the exit status."""
    given = dict(os.environ if environment is None else environment)
    _check(given)
    request = {"module": module, "arguments": arguments, "environment": given, "folder": str(folder or Path.cwd())}
    told, tells = os.pipe()
    try:
        with Path(os.devnull).open("rb") as nothing:
            socket.send_fds(_forking(), [json.dumps(request).encode()], [nothing.fileno(), *outputs, tells])
    finally:
        os.close(tells)
    return told


def _text(written: IO[bytes]) -> str:
    written.seek(0)
    return written.read().decode()


def _ended(told: int, timeout_seconds: float, arguments: tuple[str, ...]) -> int:
    pid = _number(told)
    if not select([told], [], [], timeout_seconds)[0]:
        os.kill(pid, signal.SIGKILL)
        raise subprocess.TimeoutExpired(["tiendo", *arguments], timeout_seconds)
    return _number(told)


def _number(told: int) -> int:
    packed = os.read(told, NUMBER.size)
    assert len(packed) == NUMBER.size, "what forks for the tests has ended"
    return int(NUMBER.unpack(packed)[0])


def _check(environment: Mapping[str, str]) -> None:
    """Refuse what an interpreter obeys only when it starts."""
    names = {name for name in {*environment, *os.environ} if name.startswith(_OF_THE_INTERPRETER)} - {
        "PYTHONUNBUFFERED"
    }
    changed = {name for name in names if environment.get(name) != os.environ.get(name)}
    assert not changed, f"{changed} say something to an interpreter that starts: start one"


def _forking() -> socket.socket:
    """The socket of what forks for this process, started when it is first asked."""
    if os.getpid() not in _loaded:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            program = subprocess.Popen(
                [sys.executable, "-m", "tests.preloaded.program", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
            )
        _loaded[os.getpid()] = (ours, program)
    return _loaded[os.getpid()][0]
