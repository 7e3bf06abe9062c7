"""TOML that people write, parsed in bounded time and memory.

Python's parser takes time and memory by the square of a key's dotted parts, and has no limit of its own for nesting; no file of tiendo's has
more than a few of either, so more are refused before it sees them.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

SIZE_MAX: Final = 4 * 1024 * 1024
"""Bytes of a file: some ten times the rules of a province."""

PARTS_MAX: Final = 16
"""Dotted parts of a key."""

NESTING_MAX: Final = 16
"""Arrays and inline tables within one another."""

# A text, a comment, a mark, or what lies between. What begins as a text and is none stops the scan: the parser refuses it there.
_TOKEN: Final = re.compile(
    r"""
      (?P<text> \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ \"{3,5} | \'{3} (?: [^']++ | '(?!'') )*+ \'{3,5}
              | (?!\"{3}) " (?: [^"\\\n]++ | \\. )*+ " | (?!\'{3}) ' [^'\n]*+ ' | \# [^\n]*+ )
    | (?P<mark> [\[\]{}=,.\n] )
    | [^"'\#\[\]{}=,.\n]++
    """,
    re.VERBOSE | re.DOTALL,
)


class TomlInvalid(ValueError):  # noqa: N818 - it names the state of the text
    """The text is not TOML that is read here; the message says where and why."""


def toml_text(path: Path) -> str:
    """The text of a TOML file. Raises TomlInvalid where it is too large, UnicodeDecodeError where it is not UTF-8, OSError."""
    with path.open("rb") as file:
        content = file.read(SIZE_MAX + 1)
    if len(content) > SIZE_MAX:
        raise _too_large()
    return content.decode("utf-8-sig")


def toml_tables(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises TomlInvalid."""
    if len(text) > SIZE_MAX:
        raise _too_large()
    _refuse_deep(text)
    try:
        return tomllib.loads(text)
    except ValueError as error:  # of a number, too, that has more digits than Python reads
        raise TomlInvalid(f"the file is not TOML: {error}") from None


def _refuse_deep(text: str) -> None:
    dots = depth = place = 0
    while token := _TOKEN.match(text, place):
        place = token.end()
        match token["mark"]:
            case None:
                continue
            case ".":
                dots += 1
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
        if token["mark"] != ".":
            dots = 0
        if dots >= PARTS_MAX:
            raise TomlInvalid(
                f"line {_line(text, place)}: a key has at most {PARTS_MAX} dotted parts; this one has more"
            )
        if depth > NESTING_MAX:
            raise TomlInvalid(
                f"line {_line(text, place)}: arrays and tables stand at most {NESTING_MAX} deep within one another; this one stands deeper"
            )


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _too_large() -> TomlInvalid:
    return TomlInvalid(
        f"the file is larger than {SIZE_MAX // 1024**2} MiB; nothing that tiendo reads as TOML is as large"
    )
