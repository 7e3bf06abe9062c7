"""Positions kept in a file, for a program that reads all partitions itself and has no database.

The file is written after the batch: after a crash in between the last batch comes again.
"""

import asyncio
import fcntl
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from tiendo_client.errors import PositionsInUse, PositionsUnusable
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.position_stores import Move, without_connection
from tiendo_client.positions import Positions, positions_of
from tiendo_client.postgres import Connection


class FilePositions:
    """Keeps positions in one file, which is replaced as a whole and safe on the disk when `save` returns. One process at a time may use it."""

    shared = False

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._kept: dict[TopicPartition, Positions] = {}
        self._lock: int | None = None

    async def open(self, client: AIOKafkaConsumer, access: KafkaAccess, group: str | None) -> None:  # noqa: ARG002 - the same for all stores
        """Lock the file and read it. Raises PositionsInUse, or PositionsUnusable if it holds something else."""
        await asyncio.to_thread(self._open)

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, Positions]:
        """The positions that were saved last."""
        return {partition: self._kept[partition] for partition in partitions if partition in self._kept}

    async def save(self, moves: Sequence[Move], connection: Connection = None) -> None:
        """Replace the file. Raises PositionsUnusable if it cannot be written."""
        without_connection(connection)
        kept = self._kept | {move.partition: move.after for move in moves}
        try:
            await asyncio.to_thread(_replace, self._path, _written(kept))
        except OSError as error:
            raise PositionsUnusable(f"{self._path} cannot be written: {error.strerror}") from error
        self._kept = kept

    async def close(self) -> None:
        """Let another process use the file."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _open(self) -> None:
        # The lock lies beside the file: the file itself is replaced.
        lock = os.open(self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._kept = _read(self._path)
        except BlockingIOError:
            os.close(lock)
            raise PositionsInUse(self._path) from None
        except BaseException:
            os.close(lock)
            raise
        self._lock = lock


def _read(path: Path) -> dict[TopicPartition, Positions]:
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_bytes())
        return {
            TopicPartition(topic, int(number)): positions_of(int(kept["offset"]), kept["positions"])
            for topic, partitions in found.items()
            for number, kept in partitions.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PositionsUnusable(
            f"{path} holds no positions ({error}): name another file, or take it away to begin at the beginning"
        ) from error


def _written(kept: Mapping[TopicPartition, Positions]) -> str:
    found: dict[str, dict[str, object]] = {}
    for partition in sorted(kept):
        positions = kept[partition]
        entry = {"offset": positions.offset, "positions": json.loads(positions.tails_text())}
        found.setdefault(partition.topic, {})[str(partition.partition)] = entry
    return json.dumps(found, indent=1) + "\n"


def _replace(path: Path, text: str) -> None:
    """Put the text in the place of the file, so that a power cut leaves the old or the new one."""
    draft = path.with_name(f"{path.name}.new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
