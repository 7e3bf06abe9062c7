"""What the directory says of officers and units goes before what events mention in passing, in lists, pages and figures (rule H11)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import PartyKind
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.cases.listed_cases import CaseRecord
from tiendo_read_models.queries.officers import OfficerNames
from tiendo_read_models.queries.periods import Period

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryNames:
    """How the directory names officers and units on a day; what it does not say stays as the events said it."""

    rules: RuleBook
    zone: ZoneInfo

    @classmethod
    def of(cls, snapshot: Snapshot) -> "DirectoryNames":
        """The names as the snapshot's rules have them."""
        return cls(rules=snapshot.rules, zone=snapshot.zone)

    def officer(self, names: OfficerNames, period: Period) -> OfficerNames:
        """An officer as the directory has them at the period's end."""
        return self._officer(names, self._day(period.last_moment))

    def officer_then(self, names: OfficerNames, at: datetime) -> OfficerNames:
        """An officer as the directory has them on the day of an instant."""
        return self._officer(names, self._day(at))

    def case(self, record: CaseRecord, as_of: datetime) -> CaseRecord:
        """A case of a list: units and people as on the day of its finish, of an open one as on that of `as_of`."""
        on = self._day(record["finished_at"] or as_of)
        parties = {**self._party(record, "holder", on), **self._party(record, "late_entry", on)}
        return {**record, **self._responsible(record, on), **parties}

    def share(self, row: Row, period: Period) -> Row:
        """A party's row of an extraction: the party as on the day on which its last hold of the case began."""
        finished = row["finished_text"]
        ended_on = self._day(period.last_moment if finished is None else read_instant(finished))
        holds = row["holds"] or ()
        held_on = self._day(read_instant(holds[-1]["from"])) if holds else ended_on
        return {**row, **self._responsible(row, ended_on), **self._party(row, "party", held_on)}

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _officer(self, names: OfficerNames, on: date) -> OfficerNames:
        known = None if names.id is None else self.rules.officer(names.id, on)
        unit_id, unit_name = names.unit_id, names.unit_name
        if known is not None and known.unit is not None and known.unit != unit_id:
            unit_id, unit_name = known.unit, None
        shown = replace(names, unit_id=unit_id, unit_name=self._unit_name(unit_id, unit_name, on))
        if known is None:
            return shown
        return replace(shown, name=known.name or names.name, position=known.position or names.position)

    def _unit_name(self, unit_id: str | None, otherwise: str | None, on: date) -> str | None:
        known = None if unit_id is None else self.rules.unit(unit_id, on)
        return (None if known is None else known.name) or otherwise

    def _responsible(self, row: Row, on: date) -> Row:
        return {"unit_name": self._unit_name(row["unit_id"], row["unit_name"], on)}

    def _party(self, row: Row, prefix: str, on: date) -> Row:
        identity, name = row[f"{prefix}_id"], row[f"{prefix}_name"]
        unit_id, unit_name = row[f"{prefix}_unit_id"], row[f"{prefix}_unit_name"]
        match row[f"{prefix}_kind"]:
            case PartyKind.OFFICER:
                position = row[f"{prefix}_position"]
                told = OfficerNames(id=identity, name=name, position=position, unit_id=unit_id, unit_name=unit_name)
                shown = self._officer(told, on)
                return {f"{prefix}_{member}": getattr(shown, member) for member in _SHOWN_OF_OFFICERS}
            case PartyKind.UNIT | PartyKind.CONSULTED_UNIT:
                name = self._unit_name(identity, name, on)
            case _:
                pass
        return {f"{prefix}_name": name, f"{prefix}_unit_name": self._unit_name(unit_id, unit_name, on)}


_SHOWN_OF_OFFICERS = ("name", "position", "unit_id", "unit_name")
