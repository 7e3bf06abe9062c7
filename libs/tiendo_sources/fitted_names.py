"""Names of files of others made to fit the limits of events, the same name always in the same way."""

import hashlib
import unicodedata

CASE_ID_LENGTH_MAX = 50
ID_LENGTH_MAX = 200
NAME_LENGTH_MAX = 2_000
DIGEST_LENGTH = 16

_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_case_id(name: str) -> bool:
    """Whether the name can be the id of a case as it stands."""
    return 0 < len(name) <= CASE_ID_LENGTH_MAX and name.isprintable() and bool(name.strip()) and name not in {".", ".."}


def short_case_id(name: str) -> str:
    """`name` itself, or, when it is longer than a case id may be or cannot be printed, its beginning and a digest of the whole."""
    if is_case_id(name):
        return name
    printable = "".join(character for character in name if character.isprintable())
    return _with_digest(printable, name, CASE_ID_LENGTH_MAX)


def identified(name: str) -> dict[str, str]:
    """A thing that the log knows by its name alone: the name is its id too.

    Control characters and such as turn the direction of text are left out; an id without them, or shortened, ends in a digest of the whole name.
    """
    return {"id": short_id(name), "name": plain_text(name)[:NAME_LENGTH_MAX]}


def short_id(name: str) -> str:
    """`name` itself where it can be an id as it stands; else its beginning, without what cannot be shown, and a digest of the whole."""
    plain = plain_text(name)
    fits = plain == name and len(name) <= ID_LENGTH_MAX and name not in {".", ".."}
    return name if fits else _with_digest(plain, name, ID_LENGTH_MAX)


def plain_text(text: str) -> str:
    """The text on one line, without control characters and such as turn its direction."""
    if text.isprintable():
        return text
    spaced = "".join(" " if character in "\t\n\r\x85" else character for character in text)
    return "".join(each for each in spaced if unicodedata.category(each) != "Cc" and each not in _TURNS_TEXT).strip()


def _with_digest(shown: str, whole: str, length_max: int) -> str:
    digest = hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:DIGEST_LENGTH]
    return f"{shown[: length_max - DIGEST_LENGTH - 1]}~{digest}"
