"""The states 0 to 10 of the format, as they are written."""

from typing import Final

from tiendo_sources.national.texts import Record, text_of

HIGHEST: Final = 10
_DIGITS_MAX: Final = 9


def state_of(record: Record, name: str) -> int | None:
    """The state that the member names (`5`, `05`, `"5"`, 5.0); None where it is missing, or none of 0 to 10."""
    text = text_of(record, name)
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX):
        return None
    return int(text) if int(text) <= HIGHEST else None


def is_unknown(record: Record, name: str) -> bool:
    """Whether the member says something that is no state of the format."""
    return bool(text_of(record, name)) and state_of(record, name) is None
