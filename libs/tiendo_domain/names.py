"""How names are compared (rule H3): never as they are written, so that no invisible character makes two people of one."""

import unicodedata
from functools import lru_cache

_NAMES_REMEMBERED_MAX = 1 << 16


@lru_cache(maxsize=_NAMES_REMEMBERED_MAX)
def name_key(name: str) -> str:
    """What names are compared by: without characters of category Cf, then after NFC, white space of any kind trimmed and runs of it made one space."""
    if name.isascii():
        return " ".join(name.split())
    visible = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).split())
