"""How names are compared (rule H3): never as they are written, so that no invisible character makes two people of one. And how they are searched."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_NAMES_REMEMBERED_MAX = 1 << 16


@lru_cache(maxsize=_NAMES_REMEMBERED_MAX)
def name_key(name: str) -> str:
    """What names are compared by: without characters of category Cf, then after NFC, white space of any kind trimmed and runs of it made one space."""
    if name.isascii():
        return " ".join(name.split())
    visible = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).split())


_BETWEEN_WORDS = re.compile(r"[\W_]+")
_INITIALS_MIN = 2


@lru_cache(maxsize=_NAMES_REMEMBERED_MAX)
def search_key(text: str) -> str:
    """What texts are searched by: in small letters without diacritics (đ is d) and signs, one blank between words; `nguyen thi anh` for „Nguyễn Thị Ánh“."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    letters = "".join(character for character in bare if not unicodedata.combining(character))
    return _BETWEEN_WORDS.sub(" ", letters).strip()


@lru_cache(maxsize=_NAMES_REMEMBERED_MAX)
def searched_by(name: str) -> str:
    """What is stored of a name to be searched: a blank before every word, and on a line of its own the initials. Empty where it has no word."""
    key = search_key(name)
    return f"\n {key}\n={''.join(word[0] for word in key.split())}" if key else ""


def all_searched_by(names: Iterable[str | None]) -> str:
    """The same of several names, each once, in an order of their own."""
    return "".join(sorted({searched_by(name) for name in names if name is not None}))


def search_parts(text: str) -> tuple[str, ...]:
    """The parts of which one stands in what is stored of a name that the text finds: its words begin words of the name in a row, or it begins the initials."""
    key = search_key(text)
    if not key:
        return ()
    return (f" {key}",) if " " in key or len(key) < _INITIALS_MIN else (f" {key}", f"\n={key}")


def is_found(text: str, name: str | None) -> bool:
    """Whether the text finds the name."""
    return name is not None and any(part in searched_by(name) for part in search_parts(text))
