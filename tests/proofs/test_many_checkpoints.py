"""A log has a checkpoint for every 20 seconds of years: verifying it does not hold them in memory."""

import tracemalloc
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tiendo_contracts.proofs.notes import name_of_log, signed_note
from tiendo_event_store.proofs.checkpoint_claims import Claim, ClaimsOfCheckpoints
from tiendo_event_store.proofs.checkpoint_file import all_notes, append_notes
from tiendo_event_store.proofs.log_findings import Verification

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = name_of_log(UUID(int=1))
ROOT = bytes(32)
MANY = 20_000
BYTES_EACH_MAX = 16
"""What is left in memory of each: nothing, but for what the reading has in hand."""


def test_claims_are_met_by_size_and_lie_outside_of_memory() -> None:
    outcome = Verification(head=MANY)
    claims = ClaimsOfCheckpoints(outcome)
    tracemalloc.start()
    for size in range(MANY, 0, -1):
        claims.add(Claim(size=size, root=ROOT, whence=f"the stored checkpoint {size}"))
        claims.keep(f"note {size}")
    claims.begin(11)
    met = 0
    while (size := claims.next_size()) is not None:
        assert claims.compare(size, ROOT)
        met += 1
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (met, outcome.largest_holding, outcome.findings) == (MANY - 10, MANY, [])
    assert claims.is_kept("note 1")
    assert not claims.is_kept("note 0")
    assert used < MANY * BYTES_EACH_MAX
    claims.close()


def test_a_file_of_notes_is_read_piece_by_piece(tmp_path: Path) -> None:
    file = tmp_path / "checkpoints"
    note = signed_note(KEY, origin=ORIGIN, size=7, root=ROOT)
    append_notes(file, [note.whole] * MANY)
    tracemalloc.start()
    read = sum(1 for one in all_notes(file) if one == note)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read == MANY
    assert most < file.stat().st_size / 2
