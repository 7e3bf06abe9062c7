"""What a bound key may send: prefixes of sources end at a `/`, those of case ids anywhere; both are compared as they stand."""

import unicodedata
from collections.abc import Sequence
from typing import Final

_NEVER: Final = frozenset("%\\?#")
_DOTS: Final = frozenset({"", ".", ".."})


def source_prefix(text: str) -> str:
    """The prefix that `--source` names, without one slash at its end; raises ValueError where no source could lie under it."""
    prefix = text.removesuffix("/")
    if not is_plain(prefix):
        raise ValueError(
            "a prefix of sources has no empty, `.` or `..` segment, no invisible character, and none of % \\ ? #"
        )
    return prefix


def is_plain(source: str) -> bool:
    """Whether a bound key may send the source at all: what programs could read as another path is refused."""
    return (
        _DOTS.isdisjoint(source.removeprefix("/").split("/"))
        and _NEVER.isdisjoint(source)
        and not any(unicodedata.category(character)[0] in "CZ" for character in source)
    )


def lies_under(source: str, prefixes: Sequence[str]) -> bool:
    """Whether the source is one of the prefixes, or goes on after one with a slash."""
    return any(source == prefix or source.startswith(f"{prefix}/") for prefix in prefixes)
