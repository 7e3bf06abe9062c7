"""How far the log was verified: a file in the data folder, outside the database whose log it is about."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import msgspec

from tiendo_event_store.proofs.verifying import ReadSoFar

FILE: Final = "log-verified.json"


class VerifiedState(msgspec.Struct, kw_only=True):
    """What `tiendo log verify` and `tiendo doctor` remember of a log.

    `whole_at`: when the whole log was read last. `interrupted`: how far a reading had come that did not end. `known`: what was read by now,
    from which `doctor` goes on. `again_up_to`, `again_since`: how far `doctor` has read the old part again, and when it began to.
    """

    whole_at: datetime | None = None
    interrupted: ReadSoFar | None = None
    interrupted_at: datetime | None = None
    known: ReadSoFar | None = None
    again_up_to: int = 0
    again_since: datetime | None = None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What is kept in the data folder; nothing where there is no file, or one that cannot be read."""
        try:
            return msgspec.json.decode((folder / FILE).read_bytes(), type=cls)
        except (OSError, ValueError):
            return cls()

    def save(self, folder: Path) -> None:
        """Keep it, in one step. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"{FILE}.{os.getpid()}"
        new.write_bytes(msgspec.json.encode(self))
        new.replace(folder / FILE)

    def interrupt(self, so_far: ReadSoFar | None) -> None:
        """Note how far a reading has come, from where the next one goes on; None when there is none."""
        self.interrupted = so_far
        self.interrupted_at = None if so_far is None else datetime.now(UTC)
