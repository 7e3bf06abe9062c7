#!/usr/bin/env python3
"""A broker, `tiendo up --demo` that relays to it, and the messages as they flow: what `make run KAFKA=1` runs.

Ctrl-C, SIGTERM or the end of `tiendo up` ends all in order, the broker last; a broker that ends is started again. If this process is
killed, the system ends the others.
"""

import argparse
import asyncio
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

from tiendo_runtime.settings import load_settings

HERE = Path(__file__).parent
STARTED = b"Kafka Server started"
START_SECONDS = 60.0
STOP_SECONDS = 40.0
STEADY_SECONDS = 10.0
ENDS_SOON_AT_MOST = 5
SHOWN_EVERY_SECONDS = "3"
POLL_SECONDS = 0.1

Process = asyncio.subprocess.Process


async def main() -> int:
    """The exit status: that of `tiendo up`, or 1 if the broker ended."""
    given = _arguments()
    if reason := _cannot(given.kafka_port):
        sys.stderr.write(f"make run KAFKA=1: {reason}\n")
        return 1
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    folder = load_settings().data / "kafka"
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    broker = Broker(folder, given.kafka_port)
    await broker.start()
    try:
        if await broker.started(stop):
            return await _demonstrate(broker, stop, given)
        return 0 if stop.is_set() else 1
    finally:
        await broker.end()


async def _demonstrate(broker: "Broker", stop: asyncio.Event, given: argparse.Namespace) -> int:
    """The exit status of `tiendo up`, which runs until `stop` is set, or 1 if the broker ended before, again and again."""
    servers = f"127.0.0.1:{given.kafka_port}"
    _say(f"Kafka broker: {servers}")
    environment = {**os.environ, "TIENDO_KAFKA_BOOTSTRAP_SERVERS": servers}
    up = await _start(*_tiendo("up", "--demo", "--port", str(given.port)), environment=environment)
    showing = await _start(*_tiendo("topics", "show", "--summary", SHOWN_EVERY_SECONDS), environment=environment)
    keeping = asyncio.ensure_future(broker.keep())
    endings = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(up.wait()), keeping]
    try:
        await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        if keeping.done() and not stop.is_set():
            _say("the Kafka broker ends again and again; everything is stopped")
            return 1
    finally:
        for ending in endings:
            ending.cancel()
        await asyncio.gather(*endings, return_exceptions=True)
        await asyncio.gather(_end(showing), _end(up))
    return up.returncode or 0


class Broker:
    """The broker's process, started again when it ends."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self._journal = folder / "broker.log"
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it, with an empty journal."""
        with self._journal.open("wb") as complaints:
            self._process = await _start(HERE / "run-broker", self._folder, str(self._port), output=complaints.fileno())

    async def started(self, stop: asyncio.Event) -> bool:
        """Whether it serves; False if it was asked to stop or has ended, which is said."""
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while STARTED not in self._journal.read_bytes():
            if stop.is_set():
                return False
            ended = self._process is None or self._process.returncode is not None
            if ended or asyncio.get_running_loop().time() > deadline:
                said = self._journal.read_bytes()[-2000:].decode("utf-8", "replace")
                sys.stderr.write(f"the Kafka broker did not start:\n{said}")
                return False
            await asyncio.sleep(POLL_SECONDS)
        return True

    async def keep(self) -> None:
        """Start it again whenever it ends. Returns when it ends soon after its start, again and again."""
        soon = 0
        while soon < ENDS_SOON_AT_MOST and self._process is not None:
            begun = time.monotonic()
            await self._process.wait()
            soon = soon + 1 if time.monotonic() - begun < STEADY_SECONDS else 0
            _say(
                "the Kafka broker has ended and is started again; events are taken meanwhile, and sent when it is back"
            )
            await self.start()

    async def end(self) -> None:
        """End it in order."""
        if self._process is not None:
            await _end(self._process)


async def _start(*command: str | Path, output: int | None = None, environment: dict[str, str] | None = None) -> Process:
    """A process in a session of its own, so that Ctrl-C reaches this one alone; it is ended when this one is killed."""
    # The signal is sent for an end that comes after it was asked for; for one that came before, the shell looks who its parent is.
    still_there = ("sh", "-c", '[ "$PPID" = "$1" ] && shift && exec "$@"', "sh", str(os.getpid()))
    bound = ("setpriv", "--pdeathsig", "TERM", "--", *still_there) if shutil.which("setpriv") else ()
    return await asyncio.create_subprocess_exec(
        *bound, *command,
        stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True,
    )  # fmt: skip


async def _end(process: Process) -> None:
    """End a process in order, and by force when it takes too long."""
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def _cannot(port: int) -> str | None:
    """Why the broker cannot run here, or None."""
    if shutil.which("java") is None:
        return "Java 17 or newer is needed for the broker (Debian: `make system-packages` as root)"
    if shutil.which("mvn") is None and not (HERE / "target" / "resolved.xml").exists():
        return "Maven is needed once, to bring the broker's jars (Debian: `make system-packages` as root)"
    for number in (port, port + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                return f"port {number} is in use: choose another with KAFKA_PORT="
    return None


def _tiendo(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tiendo_cli", *arguments)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="port of the pages and of the API")
    parser.add_argument("--kafka-port", type=int, default=9092, help="port of the broker; the next one is its own")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
