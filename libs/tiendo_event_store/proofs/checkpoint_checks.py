"""Whether checkpoints, those that are stored and those that others hold, are beginnings of the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

import asyncpg

from tiendo_contracts.proofs.notes import NoteInvalidError, NoteKey, SignedNote, log_of_name, name_of_log, read_note
from tiendo_event_store.proofs.checkpoints import StoredCheckpoint, checkpoints_after
from tiendo_event_store.proofs.log_findings import Verification, Wrong

Names = Mapping[UUID, int | None]
"""The names that the log has had: how many events it had when it left each, None for its present one."""

_AT_ONCE: Final = 1_000
_TOLD_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a checkpoint says of the log, and where it comes from, in words."""

    size: int
    root: bytes
    whence: str


@dataclass(slots=True, kw_only=True)
class ClaimsOfCheckpoints:
    """The claims to be compared while the log is read, by size, and how many of them were."""

    outcome: Verification
    waiting: list[Claim] = field(default_factory=list)
    kept: set[bytes] = field(default_factory=set)
    signed: int = 0
    """The size of the last stored checkpoint."""
    told: int = 0

    def next_size(self) -> int | None:
        """The smallest size that is not compared yet."""
        return self.waiting[-1].size if self.waiting else None

    def compare(self, size: int, root: bytes) -> None:
        """Compare what was claimed of the tree of this size."""
        while self.waiting and self.waiting[-1].size <= size:
            claim = self.waiting.pop()
            self.outcome.checkpoints += 1
            if claim.size == size and claim.root == root:
                self.outcome.largest_holding = size
            else:
                self.contradict(claim, f"{claim.whence} of {claim.size} events contradicts the log")

    def contradict(self, claim: Claim, message: str) -> None:
        """Note a claim that does not hold; of very many the first few are told."""
        smallest = self.outcome.smallest_contradicting
        self.outcome.smallest_contradicting = claim.size if smallest is None else min(smallest, claim.size)
        self.told += 1
        if self.told <= _TOLD_MAX:
            self.outcome.add(Wrong.CHECKPOINT, None, message)

    def pass_over(self, size: int) -> None:
        """Leave out the claims about smaller trees: they were compared when these were read."""
        while self.waiting and self.waiting[-1].size < size:
            self.waiting.pop()


async def stored_claims(
    driver: asyncpg.Connection, claims: ClaimsOfCheckpoints, names: Names, keys: Sequence[NoteKey]
) -> None:
    """Add the claims of all stored checkpoints; what is wrong with one by itself is noted."""
    number = 0
    while page := await checkpoints_after(driver, number, _AT_ONCE):
        for checkpoint in page:
            if checkpoint.number != number + 1:
                claims.outcome.add(Wrong.CHECKPOINT, None, f"the stored checkpoint {number + 1} is missing")
            number = checkpoint.number
            claims.signed = checkpoint.size
            fault = _fault_of_stored(checkpoint, names, keys)
            if fault is not None:
                claims.outcome.add(Wrong.CHECKPOINT, None, f"the stored checkpoint {number} {fault}")
                continue
            claims.kept.add(sha256(checkpoint.note.encode()).digest())
            claims.waiting.append(
                Claim(size=checkpoint.size, root=checkpoint.root, whence=f"the stored checkpoint {number}")
            )


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
                claims.outcome.add(
                    Wrong.CHECKPOINT, None, f"{which} of {note.size} events, is of another log, {note.origin}"
                )
            continue
        if not any(note.is_signed_by(key) for key in keys):
            claims.outcome.add(
                Wrong.CHECKPOINT, None, f"{which} of {note.size} events, is not signed by a key of this log"
            )
            continue
        end = names[log_id]
        if own and end is None and sha256(note.whole.encode()).digest() not in claims.kept:
            claims.outcome.add(
                Wrong.CHECKPOINT, None, f"{which} of {note.size} events, is not among the stored checkpoints any more"
            )
        if end is not None and note.size > end:
            if not own:
                claims.contradict(
                    Claim(size=note.size, root=note.root, whence=which),
                    f"{which} of {note.size} events, is of what was lost: the log left that name with {end} events, after a restore",
                )
            continue
        claims.waiting.append(Claim(size=note.size, root=note.root, whence=which))


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
