"""The ids of facts: made of what a row or message says, by meaning, so that what is sent again is known again (rule N4).

CODE:received:AT            CODE:received:AT:DUE (the message states a due beside the one before its first entry)
CODE:submitted:AT           likewise declined, completed, result-delivered
CODE:entry:KEY:requested:AT CODE:entry:KEY:answered:AT
CODE:restated:OLD:NEW       the due that it replaces, and the new one; with :entry behind it where an entry states it
CODE:row:STATE:AT:DIGEST    that somebody worked; with :until:AT behind it until another instant of the same minute, which a message states;
                            with :KIND behind it what the row's state says besides
ID:annulled-N               the Nth time that it turned out that ID says nothing, or does say it after all
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from tiendo_sources.national.dates import meaning
from tiendo_sources.national.texts import digest_digits

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,40}")
_ANNULMENT: Final = re.compile(r"(.+):annulled-(\d{1,6})", re.DOTALL)
_DIGEST_DIGITS: Final = 16
_ROW_PARTS: Final = 4
NO_STATE: Final = "x"
"""Stands in a row's id for a state that is missing or unknown."""


class RowKey(NamedTuple):
    """What the id of a row's fact says: the state, the instant in digits, the id of the row, and whether it is the fact of the work."""

    state: int | None
    at: str
    row: str
    is_work: bool


def fact_id(code: str, *parts: str) -> str:
    """The id of a fact about the dossier of that code."""
    return ":".join((code, *parts))


def entry_key(text: str) -> str:
    """What tells an entry from the others: the text itself, or a digest of it where it could be misread in an id."""
    return text if _PLAIN.fullmatch(text) else digest_digits(text, _DIGEST_DIGITS)


def row_id(code: str, state: int | None, at: datetime, said: Sequence[str]) -> str:
    """The id of the fact that somebody worked, by the members of the row, instants and names by meaning."""
    shown = NO_STATE if state is None else str(state)
    return fact_id(code, "row", shown, meaning(at), digest_digits("\x1f".join(said), _DIGEST_DIGITS))


def row_key(code: str, identity: str) -> RowKey | None:
    """What the id says, None where it is not that of a row's fact."""
    parts = parts_of(code, identity)
    if parts[:1] != ["row"] or len(parts) < _ROW_PARTS or annulled(identity) is not None:
        return None
    state = int(parts[1]) if parts[1].isdecimal() else None
    is_work = len(parts) == _ROW_PARTS or parts[_ROW_PARTS] == "until"
    return RowKey(state=state, at=parts[2], row=fact_id(code, *parts[:_ROW_PARTS]), is_work=is_work)


def parts_of(code: str, identity: str) -> list[str]:
    """The parts of an id behind the code; none of an id of another code."""
    prefix = f"{code}:"
    return identity.removeprefix(prefix).split(":") if identity.startswith(prefix) else []


def annulment_id(identity: str, number: int) -> str:
    """The id of the `number`th annulment in the line that begins with that of a fact."""
    return f"{identity}:annulled-{number}"


def annulled(identity: str) -> tuple[str, int] | None:
    """The fact at the beginning of an annulment's line and its number there; None for the id of any other fact."""
    found = _ANNULMENT.fullmatch(identity)
    return None if found is None else (found[1], int(found[2]))
