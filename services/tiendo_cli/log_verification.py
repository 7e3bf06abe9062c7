"""Verifying the log from the command line: against the tree, every stored checkpoint, the log's own file of them, and notes that others hold."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from tiendo_cli.verified_state import VerifiedState
from tiendo_contracts.proofs.notes import NoteInvalidError, NoteKey, SignedNote, key_of_verifier
from tiendo_event_store.monthly_lists.content_checks import content_faults
from tiendo_event_store.proofs.checkpoint_file import all_notes
from tiendo_event_store.proofs.guards import missing_guards
from tiendo_event_store.proofs.log_findings import Verification, Wrong
from tiendo_event_store.proofs.verifying import HeldNotes, LogVerifier
from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.settings import Settings

RESUMED: Final = timedelta(days=1)
"""How long after it was interrupted a reading is gone on with; later it begins anew."""
_SAVED_SECONDS: Final = 2.0

Reached = Callable[[int], None]


class NotesUnreadable(RuntimeFault):
    """A file of checkpoints cannot be read, or something in it is no signed note."""

    def __init__(self, file: Path, found: str) -> None:
        super().__init__(f"{file}: {found}")


def trusted_key(verifier_key: str | None) -> NoteKey | None:
    """The key in a verifier key; None where none is given. Raises NotesUnreadable."""
    return None if verifier_key is None else key_of(verifier_key, given_as="--key")


def key_of(verifier_key: str, *, given_as: str) -> NoteKey:
    """The key in a verifier key. Raises NotesUnreadable."""
    try:
        return key_of_verifier(verifier_key)
    except NoteInvalidError as error:
        raise NotesUnreadable(Path(given_as), str(error)) from error


def held_notes(settings: Settings, log_id: UUID, against: Sequence[Path]) -> list[HeldNotes]:
    """The notes of the log's own file of checkpoints, and of files that others hold. Reading them raises NotesUnreadable."""
    own = settings.checkpoints_of(log_id)
    mixed = settings.checkpoints is None and not settings.embedded
    files = sorted(own.parent.glob("*.txt")) if mixed else [own]  # also under names that the log had before
    held = [HeldNotes(whence=file.name, notes=_Notes(file), own=True, mixed=mixed) for file in files if file.exists()]
    return [*held, *(HeldNotes(whence=file.name, notes=_Notes(file)) for file in against)]


async def verify_whole(
    driver: asyncpg.Connection, folder: Path, verifier: LogVerifier, reached: Reached, *, anew: bool
) -> Verification:
    """What is found in the whole log; a reading that was interrupted less than a day ago is gone on with, unless it is to begin anew."""
    state = VerifiedState.load(folder)
    if not anew and state.interrupted_at is not None and datetime.now(UTC) - state.interrupted_at < RESUMED:
        verifier.so_far = state.interrupted
    saved = time.monotonic()
    try:
        async for position in verifier.verify():
            reached(position)
            if time.monotonic() - saved > _SAVED_SECONDS:
                state.interrupt(verifier.so_far)
                state.save(folder)
                saved = time.monotonic()
    except BaseException:
        state.interrupt(verifier.so_far)
        state.save(folder)
        raise
    await look_at_guards(driver, verifier.outcome)
    for fault in await content_faults(driver):
        verifier.outcome.add(Wrong.LIST, fault.position, fault.message)
    state.interrupt(None)
    if verifier.outcome.read_all:
        state.whole_at, state.known = datetime.now(UTC), verifier.so_far
    state.save(folder)
    return verifier.outcome


async def look_at_guards(driver: asyncpg.Connection, outcome: Verification) -> None:
    """Add what is not as it was made of what lets the log only grow."""
    for missing in await missing_guards(driver):
        outcome.add(Wrong.GUARD, None, missing)


class _Notes(Iterable[SignedNote]):
    """The notes of a file, read anew whenever they are asked for. Reading them raises NotesUnreadable."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __iter__(self) -> Iterator[SignedNote]:
        try:
            yield from all_notes(self._file)
        except NoteInvalidError as error:
            raise NotesUnreadable(self._file, str(error)) from error
        except OSError as error:
            raise NotesUnreadable(self._file, str(error.strerror)) from error
