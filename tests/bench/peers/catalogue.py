"""The peers: what each is, where its packages come from, and how it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.bench.peers.environments import node_with, python_with

FOREIGN = Path(__file__).parent / "foreign"
OWN = "tiendo"


class Contest(StrEnum):
    """What is compared."""

    STORE = "store"
    """A log in PostgreSQL: appended to, replayed, projected, tailed. The program is given the socket's folder, a database and a file."""
    MINUTES = "minutes"
    """Working time and officers' minutes. The program is given a folder with pairs and events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """`command` makes the environment below a folder and gives the program's command line. Raises LeftOut."""

    name: str
    version: str
    contest: Contest
    command: Callable[[Path, str], list[str]]


def _eventsourcing(folder: Path, _: str) -> list[str]:
    python = python_with(folder / "eventsourcing", ["eventsourcing[postgres]==9.5.6"])
    return [str(python), str(FOREIGN / "eventsourcing_store.py")]


def _emmett(folder: Path, _: str) -> list[str]:
    packages = node_with(folder / "emmett", ["@event-driven-io/emmett-postgresql@0.42.0"])
    return ["node", str(FOREIGN / "emmett_store.mjs"), str(packages)]


def _message_db(folder: Path, python: str) -> list[str]:
    packages = node_with(folder / "message-db", ["@eventide/message-db@1.3.1"])
    scripts = packages / "node_modules/@eventide/message-db/database"
    return [python, "-m", "tests.bench.peers.programs.sql_stores", "message-db", str(scripts)]


def _pm4py(folder: Path, _: str) -> list[str]:
    python = python_with(folder / "pm4py", ["pm4py==2.7.23.11"])
    return [str(python), str(FOREIGN / "pm4py_minutes.py")]


PEERS = (
    Peer(
        name=OWN,
        version="",
        contest=Contest.STORE,
        command=lambda _, python: [python, "-m", "tests.bench.peers.programs.sql_stores", OWN, ""],
    ),
    Peer(name="eventsourcing", version="9.5.6", contest=Contest.STORE, command=_eventsourcing),
    Peer(name="emmett-postgresql", version="0.42.0", contest=Contest.STORE, command=_emmett),
    Peer(name="message-db", version="1.3.1", contest=Contest.STORE, command=_message_db),
    Peer(
        name=OWN,
        version="",
        contest=Contest.MINUTES,
        command=lambda _, python: [python, "-m", "tests.bench.peers.programs.tiendo_minutes"],
    ),
    Peer(name="pm4py", version="2.7.23.11", contest=Contest.MINUTES, command=_pm4py),
)
