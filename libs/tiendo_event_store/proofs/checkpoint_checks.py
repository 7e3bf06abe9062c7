"""Whether checkpoints, those that are stored and those that others hold, are beginnings of the log."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from tiendo_contracts.proofs.notes import NoteInvalidError, NoteKey, SignedNote, log_of_name, name_of_log, read_note
from tiendo_event_store.proofs.checkpoint_claims import Claim, ClaimsOfCheckpoints
from tiendo_event_store.proofs.checkpoints import StoredCheckpoint, checkpoints_after

Names = Mapping[UUID, int | None]
"""The names that the log has had: how many events it had when it left each, None for its present one."""

_AT_ONCE: Final = 1_000


async def stored_claims(
    driver: asyncpg.Connection, claims: ClaimsOfCheckpoints, names: Names, keys: Sequence[NoteKey]
) -> None:
    """Add the claims of all stored checkpoints; what is wrong with one by itself is noted."""
    number = 0
    while page := await checkpoints_after(driver, number, _AT_ONCE):
        for checkpoint in page:
            if checkpoint.number != number + 1:
                claims.tell(f"the stored checkpoint {number + 1} is missing")
            number = checkpoint.number
            claims.signed = checkpoint.size
            fault = _fault_of_stored(checkpoint, names, keys)
            if fault is not None:
                claims.tell(f"the stored checkpoint {number} {fault}")
                continue
            claims.keep(checkpoint.note)
            claims.add(Claim(size=checkpoint.size, root=checkpoint.root, whence=f"the stored checkpoint {number}"))


def given_claims(
    notes: Iterable[SignedNote],
    claims: ClaimsOfCheckpoints,
    names: Names,
    keys: Sequence[NoteKey],
    *,
    whence: str,
    own: bool,
    mixed: bool,
) -> None:
    """Add the claims of notes that somebody else has kept; of the log's `own` file each must be stored as well.

    `mixed`: the notes of other logs may stand among them.
    """
    for place, note in enumerate(notes, 1):
        which = f"the note {place} of {whence},"
        log_id = log_of_name(note.origin)
        if log_id is None or log_id not in names:
            if not mixed:
                claims.tell(f"{which} of {note.size} events, is of another log, {note.origin}")
            continue
        if not any(note.is_signed_by(key) for key in keys):
            claims.tell(f"{which} of {note.size} events, is not signed by a key of this log")
            continue
        end = names[log_id]
        if own and end is None and not claims.is_kept(note.whole):
            claims.tell(f"{which} of {note.size} events, is not among the stored checkpoints any more")
        if end is not None and note.size > end:
            if not own:
                claims.contradict(
                    Claim(size=note.size, root=note.root, whence=which),
                    f"{which} of {note.size} events, is of what was lost: the log left that name with {end} events, after a restore",
                )
            continue
        claims.add(Claim(size=note.size, root=note.root, whence=which))


def _fault_of_stored(checkpoint: StoredCheckpoint, names: Names, keys: Sequence[NoteKey]) -> str | None:
    try:
        note = read_note(checkpoint.note)
    except NoteInvalidError as error:
        return f"is no signed note: {error}"
    if checkpoint.log_id not in names or note.origin != name_of_log(checkpoint.log_id):
        return "is of another log"
    if (note.size, note.root) != (checkpoint.size, checkpoint.root):
        return "is not what its note says"
    return None if any(note.is_signed_by(key) for key in keys) else "is not signed by a key of this log"
