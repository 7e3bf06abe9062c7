"""The codes of all cases, kept in the process so that a part of them is found without reading every case."""

import asyncio
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Final

from tiendo_read_models.builds import Build, Reader
from tiendo_read_models.queries.cases.changes import (
    Revisions,
    case_codes,
    changed_since,
    joined_cases_with,
    revisions_of,
)

CODES_MAX: Final = 2_000_000
"""Of more cases the codes are not kept: the database looks through them."""

_NEW_MAX: Final = 1_000
_CHANGED_MAX: Final = 20_000
_READ_AT_ONCE: Final = 20_000
_BETWEEN: Final = b"\n"
"""No code has a control character in it."""


class CaseCodes:
    """The codes of the live build: read once, and then those of cases that were folded since. Some may be of cases that have no row any more."""

    def __init__(self, codes_max: int = CODES_MAX) -> None:
        self._codes_max = codes_max
        self._build: Build | None = None
        self._revisions: Revisions = ()
        self._are_too_many = False
        self._codes: list[str] = []
        self._starts: list[int] = []
        self._text = b""
        self._new: list[str] = []
        self._reading = asyncio.Lock()

    async def with_part(self, reader: Reader, part: str, *, after: str, limit: int) -> list[str] | None:
        """Ids, the first `limit` behind `after` by code point, of cases in one of whose codes `part` stands, whatever the case of a to z.

        Codes that name no case any more may be among them. None: codes are not kept.
        """
        async with self._reading:
            await self._read(reader)
        if self._are_too_many:
            return None
        wanted = part.encode().lower()
        found = self._among_the_old(wanted, after, limit)
        found += [code for code in self._new if code > after and wanted in code.encode().lower()]
        found += await joined_cases_with(reader.connection, reader.build, part, after=after, limit=limit)
        return sorted(set(found))[:limit]

    def _among_the_old(self, wanted: bytes, after: str, limit: int) -> list[str]:
        found: list[str] = []
        index = bisect_right(self._codes, after)
        while len(found) < limit and index < len(self._codes):
            at = self._text.find(wanted, self._starts[index])
            if at < 0:
                break
            index = bisect_right(self._starts, at) - 1
            found.append(self._codes[index])
            index += 1
        return found

    async def _read(self, reader: Reader) -> None:
        """Read what has come to the build since; an older snapshot than the last one has nothing that is not here."""
        if reader.build != self._build:
            await self._read_all(reader)
        elif not self._are_too_many:
            changed = await changed_since(reader.connection, reader.build, self._revisions, limit=_CHANGED_MAX)
            if len(changed) == _CHANGED_MAX:
                await self._read_all(reader)
            elif changed:
                self._add(changed)
                now = await revisions_of(reader.connection, reader.build)
                self._revisions = tuple(map(max, self._revisions, now))

    async def _read_all(self, reader: Reader) -> None:
        codes: list[str] = []
        while len(codes) <= self._codes_max:
            after = codes[-1] if codes else ""
            piece = await case_codes(reader.connection, reader.build, after=after, limit=_READ_AT_ONCE)
            codes += piece
            if len(piece) < _READ_AT_ONCE:
                break
        self._revisions = await revisions_of(reader.connection, reader.build)
        self._build, self._are_too_many, self._new = reader.build, len(codes) > self._codes_max, []
        self._keep([] if self._are_too_many else codes)

    def _add(self, changed: list[str]) -> None:
        present = set(self._new)
        self._new += [code for code in changed if code not in present and not self._has(code)]
        if len(self._new) > _NEW_MAX:
            self._keep(sorted(self._codes + self._new))
            self._new = []

    def _has(self, code: str) -> bool:
        index = bisect_left(self._codes, code)
        return index < len(self._codes) and self._codes[index] == code

    def _keep(self, codes: list[str]) -> None:
        parts = [code.encode().lower() for code in codes]
        self._codes, self._text = codes, _BETWEEN.join(parts)
        self._starts = [0, *accumulate(len(part) + len(_BETWEEN) for part in parts)][: len(codes)]
