"""Fingerprints of applicants, kept for each dossier of a source: what they are is the translator's matter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.faults import unavailable_when_unreachable

Kept = tuple[str, int, int]
"""The code of a dossier, of how many words a name or number consists, and its bits."""

_NOTE = """
INSERT INTO tiendo.applicant_fingerprints (source, code, words, bits)
SELECT :source, one.code, one.words, one.bits
  FROM unnest(CAST(:codes AS text[]), CAST(:words AS smallint[]), CAST(:bits AS integer[])) AS one (code, words, bits)
    ON CONFLICT DO NOTHING
"""
_KNOWN = """
SELECT code, words, bits FROM tiendo.applicant_fingerprints WHERE source = :source AND code = ANY (CAST(:codes AS text[]))
"""


async def note_fingerprints(engine: AsyncEngine, source: str, kept: Iterable[Kept]) -> None:
    """Keep them; those that are kept already stay. Raises LogUnavailable."""
    rows = sorted(set(kept))
    if not rows:
        return
    codes, words, bits = zip(*rows, strict=True)
    with unavailable_when_unreachable():
        async with engine.begin() as connection:
            values = {"source": source, "codes": list(codes), "words": list(words), "bits": list(bits)}
            await connection.execute(text(_NOTE), values)


async def fingerprints_known(
    engine: AsyncEngine, source: str, codes: Sequence[str]
) -> dict[str, list[tuple[int, int]]]:
    """By the code of a dossier what is kept of it; raises LogUnavailable."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    with unavailable_when_unreachable():
        async with engine.connect() as connection:
            for code, words, bits in await connection.execute(text(_KNOWN), {"source": source, "codes": list(codes)}):
                found[code].append((words, bits))
    return dict(found)
