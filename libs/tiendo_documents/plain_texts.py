"""Texts of facts as documents can bear them: one reading for all formats, so that they say the same."""

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n|[\r\x85\u2028\u2029\x0b\x0c]")
# What turns the order of letters round: a name must not rewrite what stands beside it.
_DIRECTIONS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What no XML can bear, and what no letter is.
_NO_CHARACTERS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def plain(text: str) -> str:
    """The text in NFC, its lines ended by LF, TAB as a space; what is no letter shows as U+FFFD, marks of direction are left out."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    return _NO_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", _DIRECTIONS.sub("", text))


def one_line(text: str) -> str:
    """The plain text with its lines joined by spaces."""
    return plain(text).replace("\n", " ")
