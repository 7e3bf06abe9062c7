"""The order in which Vietnamese names stand in lists: by given name (tên), then middle names (đệm), then family name (họ).

Letters go as in the Vietnamese alphabet (a ă â b c d đ e ê …), and of two syllables of the same letters the tone decides: ngang, huyền, hỏi, ngã, sắc,
nặng. Capitals count as small letters. No locale of the machine is asked, so that every list of everybody stands in the same order.
"""

import unicodedata
from functools import lru_cache
from typing import Final

from tiendo_domain.names import name_key

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKS: Final = {letter: rank for rank, letter in enumerate(_ALPHABET)}
_BEHIND: Final = len(_ALPHABET)
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Huyền, hỏi, ngã, sắc, nặng; without any, ngang."""

_Syllable = tuple[tuple[int, ...], tuple[int, ...]]
NameOrder = tuple[bool, tuple[tuple[_Syllable, ...], ...], str]


@lru_cache(maxsize=1 << 14)
def name_order(name: str | None) -> NameOrder:
    """What people's names are sorted by; nobody's name stands behind all others."""
    words = name_key(name or "").casefold().split()
    if not words:
        return (True, (), "")
    family, *rest = map(_syllable, words)
    *middle, given = rest or [family]
    parts = ((given,), tuple(middle), (family,) if rest else ())
    return (False, parts, name_key(name or ""))


@lru_cache(maxsize=1 << 14)
def text_order(text: str | None) -> NameOrder:
    """What names of units and other texts are sorted by: word by word from the first on, by the same letters and tones."""
    words = name_key(text or "").casefold().split()
    return (not words, (tuple(map(_syllable, words)),), name_key(text or ""))


@lru_cache(maxsize=1 << 14)
def _syllable(word: str) -> _Syllable:
    """The ranks of its letters, then its tones."""
    letters: list[int] = []
    tones: list[int] = []
    for character in word:
        letter, tone = _without_tone(character)
        letters.append(_RANKS.get(letter, _BEHIND + ord(letter)))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _without_tone(character: str) -> tuple[str, int]:
    """The letter of the alphabet, and the rank of the tone that it bears."""
    parts = unicodedata.normalize("NFD", character)
    tone = next((rank for mark, rank in _TONES.items() if mark in parts), 0)
    bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return (bare if len(bare) == 1 else bare[0]), tone
