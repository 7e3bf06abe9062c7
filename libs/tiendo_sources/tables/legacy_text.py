"""Vietnamese text in the encodings of fonts from before Unicode, known by letters that no other encoding puts where they stand.

No maintained program library converts these: capital letters depend on the font. So they are known here, to be named, and not read.
"""

import re
from collections.abc import Iterable

_TCVN3_LETTERS = frozenset(b"\xa8\xa9\xaa\xab\xac\xad\xae\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe")
"""Bytes that are ă â ê ô ơ ư đ à ả ã á ạ ằ ẳ ẵ ắ in TCVN3 and signs elsewhere."""
_VNI_LETTERS = frozenset(b"\xf1\xd1\xf6\xd6\xf8\xd8\xef\xcf\xfb\xdb\xe4\xc4\xe5\xc5\xeb\xcb\xfc\xdc\xee\xce\xe6\xc6")
"""Bytes that are đ ư and the marks of tones in VNI, and that Windows-1258 never has in Vietnamese."""
_WINDOWS_1258_LETTERS = frozenset(
    b"\xcc\xd2\xde\xec\xf2\xc2\xca\xd4\xc3\xd5\xdd\xd0\xe2\xea\xf4\xe3\xf5\xfd\xf0"
    b"\xc0\xc1\xc8\xc9\xcd\xd3\xd9\xda\xe0\xe1\xe8\xe9\xed\xf3\xf9\xfa"
)
_MARKED_TONES_1258 = frozenset(b"\xcc\xd2\xde\xec\xf2")
_IN_WORDS = re.compile(rb"[A-Za-z\xa8-\xff][\xa8-\xff]|[\xa8-\xff][A-Za-z\xa8-\xff]")
_LEAST_LETTERS = 8
_SHARE_OF_LETTERS = 0.1
_SHARE_OF_1258 = 0.9

TCVN3 = "TCVN3 (ABC)"
VNI = "VNI"


def legacy_encoding(text: bytes) -> str | None:
    """The name of the encoding, TCVN3 or VNI, that the bytes of a text look like; None where they look like neither."""
    letters = _letters(text)
    if len(letters) < _LEAST_LETTERS or _share(letters, _WINDOWS_1258_LETTERS) >= _SHARE_OF_1258:
        return None
    tcvn3, vni = _share(letters, _TCVN3_LETTERS), _share(letters, _VNI_LETTERS)
    if max(tcvn3, vni) < _SHARE_OF_LETTERS:
        return None
    return TCVN3 if tcvn3 >= vni else VNI


def looks_like_windows_1258(text: bytes) -> bool:
    """Whether the bytes, which are no UTF-8, are Vietnamese in Windows-1258, with its marks for tones."""
    letters = _letters(text)
    return (
        bool(letters)
        and _share(letters, _WINDOWS_1258_LETTERS) >= _SHARE_OF_1258
        and not _MARKED_TONES_1258.isdisjoint(letters)
    )


def legacy_in_unicode(texts: Iterable[str]) -> str | None:
    """The same of texts in Unicode that were typed for such a font: each letter is then the sign at the place of its byte."""
    return legacy_encoding(" ".join(texts).encode("latin-1", errors="ignore"))


def _letters(text: bytes) -> bytes:
    return bytes(byte for found in _IN_WORDS.findall(text) for byte in found if byte >= 0xA8)  # noqa: PLR2004 - above signs


def _share(letters: bytes, known: frozenset[int]) -> float:
    return sum(byte in known for byte in letters) / len(letters)
