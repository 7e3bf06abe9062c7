"""A process of Apache Kafka that a test may start, kill, hold and start again on the same files."""

import asyncio
import os
import random
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.kafka import java
from tests.waiting import until

CLUSTER_ID = "dGllbmRvLXRlc3RzLWthZg"
STARTED = b"Kafka Server started"
START_SECONDS = 90
JAVA_OPTIONS = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
PORTS = range(20_000, 32_000)
"""Below those that the system gives to connections: a killed broker finds its port free again."""


@dataclass(slots=True, kw_only=True)
class Broker:
    """One broker, which is its own controller or one of a cluster's, with its files in `folder`."""

    folder: Path
    node_id: int
    address: str
    properties: dict[str, str]
    users: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    java_options: tuple[str, ...] = JAVA_OPTIONS
    _process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap_servers(self) -> str:
        """This broker's own address."""
        return self.address

    @property
    def log(self) -> Path:
        """What the broker complained of, over all its starts."""
        return self.folder / "broker.log"

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        assert self._process is not None, f"broker {self.node_id} does not run"
        return self._process.pid

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self, *, wait: bool = True) -> None:
        """Start the broker on its files, and with `wait` return when it serves."""
        if not (self.folder / "server.properties").exists():
            await self._format()
        self.launch()
        if wait:
            await self.serving()

    def launch(self) -> None:
        """Start the process on formatted files."""
        assert not self.is_running(), f"broker {self.node_id} runs already"
        self.log.write_bytes(b"")
        with self.log.open("ab") as complaints:
            self._process = subprocess.Popen(
                [
                    *_dies_with_the_tests(),
                    "java",
                    *self.java_options,
                    *_logging(),
                    *_classes(),
                    "kafka.Kafka",
                    "server.properties",
                ],
                stdin=subprocess.DEVNULL,
                stdout=complaints,
                stderr=complaints,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    async def serving(self) -> None:
        """Return when the broker is a member of its cluster and answers clients."""
        await until(self._is_serving, seconds=START_SECONDS, what=f"broker {self.node_id} serves; see {self.log}")

    async def stop(self) -> None:
        """Stop the broker in order: it hands over what it leads and closes its files."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            await self._gone()

    async def kill(self) -> None:
        """End the broker as a power cut would, for its process."""
        if self._process is not None:
            self._process.kill()
            await self._gone()

    def pause(self) -> None:
        """Hold the process still: its connections stay open and nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a held process go on."""
        os.kill(self.pid, signal.SIGCONT)

    async def remove(self) -> None:
        """End the broker and delete what it stored; what it complained of stays."""
        await self.kill()
        for folder in self.properties["log.dirs"].split(","):
            shutil.rmtree(folder, ignore_errors=True)

    async def _gone(self) -> None:
        process = self._process
        assert process is not None
        await until(lambda: process.poll() is not None, seconds=60, what=f"broker {self.node_id} has ended")
        self._process = None

    def _is_serving(self) -> bool:
        assert self.is_running(), f"broker {self.node_id} ended:\n{self.log.read_text()[-3000:]}"
        return STARTED in self.log.read_bytes()

    async def _format(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / "server.properties.draft"
        draft.write_text("".join(f"{name}={value}\n" for name, value in self.properties.items()))
        users = [
            argument
            for name, password in self.users.items()
            for argument in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")
        ]
        await java.run_tool(
            "kafka-storage", "format", "-t", CLUSTER_ID, "-c", str(draft), *users, environment=self.environment
        )
        draft.rename(self.folder / "server.properties")


@dataclass(slots=True, kw_only=True, frozen=True)
class Kafka:
    """Brokers that clients may use: one, a cluster, or one of somebody else's, whose processes are not ours to touch."""

    bootstrap_servers: str
    brokers: tuple[Broker, ...] = ()

    async def start(self) -> None:
        """Start the brokers that do not run, at the same time, and return when all serve."""
        resting = [broker for broker in self.brokers if not broker.is_running()]
        await asyncio.gather(*(broker.start(wait=False) for broker in resting))
        await asyncio.gather(*(broker.serving() for broker in resting))

    async def restore(self) -> None:
        """Bring back what a test held or ended."""
        for broker in self.brokers:
            if broker.is_running():
                broker.resume()
        await self.start()

    async def remove(self) -> None:
        """End all brokers and delete what they stored."""
        await asyncio.gather(*(broker.remove() for broker in self.brokers))


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody else is given as long as these tests' process lives: each is bound here, and not listened on.

    A program that sets SO_REUSEADDR, as servers do, can listen on it meanwhile, and again after it was killed.
    """
    found: list[int] = []
    candidates = list(PORTS)
    random.Random(os.urandom(8)).shuffle(candidates)
    for port in candidates:
        if len(found) == count:
            return found
        if _kept(port):
            found.append(port)
    raise AssertionError("no port is free")


def _kept(port: int) -> bool:
    with socket.socket() as kept:
        try:
            kept.bind(("127.0.0.1", port))
        except OSError:
            return False
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # not before: two of us could then bind it
        kept.detach()
        return True


def _classes() -> list[str]:
    return ["-cp", f"{java.jars()}/*"]


def _logging() -> list[str]:
    return [f"-Dlog4j2.configurationFile=file://{java.FOLDER}/log4j2.properties"]


def _dies_with_the_tests() -> list[str]:
    """The words before a command that let the system kill it when the process of the tests ends, however that ends."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
