"""The dues that were told of a dossier, kept up with each fact (rule N1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_sources.national.dates import meaning

BY_ENTRY: Final = "entry"
"""Stands behind the id of a restatement that an entry makes: NgayHenTra need not have heard of it."""

_STATING: Final = frozenset({"received", "entry", "restated"})


class StatedDues:
    """The dues in digits: the one told `last`, all that were `ever` told, and those `known`, which NgayHenTra may state again and says nothing new.

    A message that has not heard of the newest due of an entry states the one before: so both are known, until NgayHenTra states one anew; then
    `restated` is that one. `said_at` is when the newest message was sent that told one, None where none was told.
    """

    def __init__(self) -> None:
        self.last = ""
        self.known: set[str] = set()
        self.ever: set[str] = set()
        self.restated = ""
        self.said_at: datetime | None = None

    def add(self, parts: Sequence[str], event: Mapping[str, Any]) -> None:
        """Add what a fact states, `parts` being those of its id behind the code."""
        if not parts or parts[0] not in _STATING:
            return
        if parts[0] == "received" and parts[2:]:
            self.known.update(parts[2:])
            self.ever.update(parts[2:])
            self.last = parts[2]
        stated = (event.get("data") or {}).get("due_at")
        if stated is not None:
            self._add_due(parts, meaning(read_instant(stated)), read_instant(event["recordedat"]))

    def _add_due(self, parts: Sequence[str], due: str, recorded_at: datetime) -> None:
        self.last = due
        self.restated = due if parts[0] == "restated" and BY_ENTRY not in parts[3:] else ""
        if self.restated:
            self.known.clear()
        self.known.add(due)
        self.ever.add(due)
        self.said_at = recorded_at if self.said_at is None else max(self.said_at, recorded_at)
