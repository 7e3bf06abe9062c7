"""Names of a log made to fit the limits of events, the same name always in the same way."""

import hashlib

CASE_ID_LENGTH_MAX = 50
ID_LENGTH_MAX = 200
NAME_LENGTH_MAX = 2_000
DIGEST_LENGTH = 16


def short_case_id(name: str) -> str:
    """`name` itself, or, when it is longer than a case id may be or cannot be printed, its beginning and a digest of the whole."""
    printable = "".join(character for character in name if character.isprintable())
    if printable == name and len(name) <= CASE_ID_LENGTH_MAX and name not in {".", ".."}:
        return name
    return _with_digest(printable, name, CASE_ID_LENGTH_MAX)


def identified(name: str) -> dict[str, str]:
    """A thing that the log knows by its name alone: the name is its id too."""
    identity = name if len(name) <= ID_LENGTH_MAX else _with_digest(name, name, ID_LENGTH_MAX)
    return {"id": identity, "name": name[:NAME_LENGTH_MAX]}


def _with_digest(shown: str, whole: str, length_max: int) -> str:
    digest = hashlib.sha256(whole.encode()).hexdigest()[:DIGEST_LENGTH]
    return f"{shown[: length_max - DIGEST_LENGTH - 1]}~{digest}"
