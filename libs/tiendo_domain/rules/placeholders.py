"""Names that name nobody (rule H3)."""

import unicodedata
from functools import lru_cache

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
    """What placeholders are compared by: the name after NFC, trimming and case folding.

    NFC once more at the end: folding a capital may take a letter apart.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())
