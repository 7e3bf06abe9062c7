"""Names that name nobody (rule H3)."""

import unicodedata
from functools import lru_cache

from tiendo_domain.names import name_key

DEFAULT_PLACEHOLDERS = (
    "chuyên viên",
    "cán bộ một cửa",
    "cán bộ",
    "công chức",
    "viên chức",
    "bộ phận một cửa",
    "không xác định",
    "hệ thống",
    "admin",
)

_NAMES_REMEMBERED_MAX = 1 << 14


@lru_cache(maxsize=_NAMES_REMEMBERED_MAX)
def placeholder_key(name: str) -> str:
    """What placeholders are compared by: the name as names are, and case folded.

    NFC once more at the end: folding a capital may take a letter apart.
    """
    return unicodedata.normalize("NFC", name_key(name).casefold())
