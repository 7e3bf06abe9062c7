"""A process that has loaded `tiendo` once, and forks for each command or service that it is asked to run.

Started by `tests.preloaded.commands`, with the descriptor of a socket. A request is a packet: module, arguments, environment and folder as
JSON, with four descriptors: standard input, output and error, and a pipe for the process id and, at the end, the exit status.
"""

import gc
import importlib
import io
import json
import os
import random
import runpy
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from typing import Final

from tiendo_cli.main import COMMANDS

PACKET_BYTES_MAX: Final = 128 * 1024
DESCRIPTORS: Final = 4
NUMBER: Final = struct.Struct("=i")
_LOADED: Final = (
    *("alembic.command", "asyncpg", "fastapi", "holidays", "httpx", "pyarrow.parquet", "uvicorn", "xlsxwriter"),
    *(
        "tiendo_ingest",
        "tiendo_notifier",
        "tiendo_poller",
        "tiendo_projector.following",
        "tiendo_projector.rebuilding",
        "tiendo_relay",
    ),
    *("tiendo_query.http_part", "tiendo_runtime.kafka.applying", "tiendo_runtime.web", "tiendo_simulation"),
)
"""What commands load when they run, beside the commands themselves."""


def main() -> str:
    """Fork until nobody asks any more. Only a fork returns: the module to run, with its arguments in `sys.argv`."""
    asked = socket.socket(fileno=int(sys.argv[1]))
    _load()
    awake, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    running: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([asked.fileno(), awake], [], [])
        if awake in ready:
            os.read(awake, 512)
            _tell_ends(running)
        if asked.fileno() in ready:
            packet, descriptors, _, _ = socket.recv_fds(asked, PACKET_BYTES_MAX, DESCRIPTORS)
            if not packet:
                os._exit(0)
            *streams, told = descriptors
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for descriptor in (asked.detach(), awake, wakes, told, *running.values()):
                    os.close(descriptor)
                request = json.loads(packet)
                _become(request["environment"], request["folder"], request["arguments"], streams)
                return str(request["module"])
            for descriptor in streams:
                os.close(descriptor)
            running[pid] = told
            os.write(told, NUMBER.pack(pid))


def _load() -> None:
    for module in (*(module for module, _ in COMMANDS.values()), *_LOADED):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()


def _tell_ends(running: dict[int, int]) -> None:
    """Tell of each fork that has ended how it did."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        told = running.pop(pid)
        with suppress(BrokenPipeError):  # whoever waited for it has given up
            os.write(told, NUMBER.pack(os.waitstatus_to_exitcode(status)))
        os.close(told)


def _become(environment: dict[str, str], folder: str, arguments: list[str], streams: list[int]) -> None:
    """Take on what a process gets from whoever starts it, in a session of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    unbuffered = "PYTHONUNBUFFERED" in environment
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    sys.stdout = _writing(1, unbuffered=unbuffered, line_buffering=False, errors="strict")
    sys.stderr = _writing(2, unbuffered=unbuffered, line_buffering=True, errors="backslashreplace")
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    random.seed()
    sys.argv = ["", *arguments]


def _writing(descriptor: int, *, unbuffered: bool, line_buffering: bool, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(
        raw if unbuffered else io.BufferedWriter(raw),
        encoding="utf-8",
        errors=errors,
        line_buffering=line_buffering,
        write_through=unbuffered,
    )


if __name__ == "__main__":
    runpy.run_module(main(), run_name="__main__", alter_sys=True)
