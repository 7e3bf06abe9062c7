"""Who applied, remembered so far that a later row's text can be cleared of it, and no further: 24 bits of a digest for each name or number.

So few bits name nobody: of the telephone numbers of the country some sixty have the same. A text in which words meet them by chance is one in millions.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from msgspec import Struct, structs

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_sources.national.applicants import REPLACED, applicant_values
from tiendo_sources.national.dossier import DossierMessage, code_of
from tiendo_sources.national.progress import ProgressRow
from tiendo_sources.national.texts import Record

_WORD: Final = re.compile(r"\w+")
_CHARACTERS_MIN: Final = 6
"""Fewer stand for somebody only in several words that are no numbers: `12-5` is as well the twelfth of May."""
_BYTES: Final = 3
_WORDS_MAX: Final = 20
_TEXT_LENGTH_MAX: Final = 4_000


class Fingerprint(Struct, frozen=True, order=True):
    """Of how many words a name or number consists, and 24 bits of its digest."""

    words: int
    bits: int


Fingerprints = frozenset[Fingerprint]


def fingerprints_of(record: object) -> tuple[str, Fingerprints]:
    """The code of the dossier that a record is about and the fingerprints of its applicant; an empty code where none can be read."""
    if not isinstance(record, Mapping):
        return "", frozenset()
    try:
        code = code_of(record, "MaHoSo")
    except Refusal:
        return "", frozenset()
    return code, frozenset(_of_values(code, record))


def code_named(record: object) -> str:
    """The code of the dossier that a record is about, empty where none can be read."""
    return fingerprints_of(record)[0]


def cleared(text: str, code: str, known: Fingerprints) -> str:
    """The text with what meets a fingerprint replaced; of one of over 4,000 characters what lies behind them is cut off."""
    if not known or not text:
        return text
    text = unicodedata.normalize("NFC", text[:_TEXT_LENGTH_MAX])
    words = list(_WORD.finditer(text))
    counts = sorted({fingerprint.words for fingerprint in known}, reverse=True)
    pieces, done, place = [], 0, 0
    while place < len(words):
        count = next((count for count in counts if _meets(words[place : place + count], count, code, known)), 0)
        if count:
            pieces += [text[done : words[place].start()], REPLACED]
            done = words[place + count - 1].end()
        place += count or 1
    return "".join((*pieces, text[done:]))


def cleared_of_all(text: str, known: Mapping[str, Fingerprints]) -> str:
    """The text cleared by what is known under each code of its dossier."""
    for code, fingerprints in sorted(known.items()):
        text = cleared(text, code, fingerprints)
    return text


def cleared_record(
    read: ProgressRow | DossierMessage, known: Mapping[str, Fingerprints]
) -> ProgressRow | DossierMessage:
    """What was read, its free texts cleared by what is known under each code of its dossier."""
    if not known:
        return read
    if isinstance(read, ProgressRow):
        work, position = (cleared_of_all(text, known) for text in (read.work, read.position))
        return structs.replace(read, work=work, position=position)
    entries = tuple(
        structs.replace(entry, reason=entry.reason and cleared_of_all(entry.reason, known)) for entry in read.entries
    )
    procedure, field = (_named_without(known, named) for named in (read.procedure, read.field))
    return structs.replace(read, entries=entries, procedure=procedure, field=field)


def _named_without(known: Mapping[str, Fingerprints], named: Mapping[str, str]) -> dict[str, str]:
    return {key: cleared_of_all(text, known) if key == "name" else text for key, text in named.items()}


def _of_values(code: str, record: Record) -> Iterator[Fingerprint]:
    for value in applicant_values(record):
        words = [word.group() for word in _WORD.finditer(value)][:_WORDS_MAX]
        said = "".join(words)
        if len(said) >= _CHARACTERS_MIN or (len(words) > 1 and not any(word.isdecimal() for word in words)):
            yield Fingerprint(len(words), _bits(code, words))


def _meets(words: list[re.Match[str]], count: int, code: str, known: Fingerprints) -> bool:
    return len(words) == count and Fingerprint(count, _bits(code, [word.group() for word in words])) in known


def _bits(code: str, words: list[str]) -> int:
    said = "\x1f".join((code, *(word.casefold() for word in words)))
    return int.from_bytes(sha256(said.encode("utf-8", "surrogatepass")).digest()[:_BYTES])
