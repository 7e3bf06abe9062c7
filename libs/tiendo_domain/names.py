"""How names are compared (rule H3)."""

import unicodedata
from functools import lru_cache

_NAMES_REMEMBERED_MAX = 1 << 14


@lru_cache(maxsize=_NAMES_REMEMBERED_MAX)
def name_key(name: str) -> str:
    """What two names are compared by: without characters of category Cf, then in NFC, white space trimmed and its runs made one space.

    Empty where nothing is left. Names are shown as they were sent.
    """
    visible = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).split())
