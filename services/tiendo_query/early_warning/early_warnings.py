"""Open cases that are due soon or will be late at today's pace, as the caller sees them (docs/warnings.md)."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.early_warning import (
    FinishedCase,
    Outlook,
    Pace,
    apology_by,
    finished_stays,
    open_case,
    outlook,
)
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import Party, PartyKind, UnitName
from tiendo_domain.visibility import Viewer
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_officers import known_officer, officer_key
from tiendo_query.names.known_units import known_subtree
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import asked_period
from tiendo_read_models.members import WITHHELD
from tiendo_read_models.queries.cases.relations import Exactness
from tiendo_read_models.queries.early_warning import (
    OPEN_FOLDED,
    OPEN_STORED,
    CourseRow,
    finished_courses,
    open_courses,
    seen_among,
)
from tiendo_read_models.queries.periods import AsAt

DUE_SOON: Final = timedelta(hours=24)
DUE_IN_DAYS: Final = timedelta(hours=72)
_LATE_ENTRY: Final = {
    f"late_entry_{name}": None for name in ("kind", "key", "id", "name", "position", "unit_id", "unit_name")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWarnings:
    """Which open cases; None asks nothing. `within_hours` are hours of the clock until the due."""

    as_of: datetime
    unit: str | None = None
    officer: str | None = None
    within_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnedCase:
    """An open case in time, its holder as the caller may know them, and what is to be expected of it; `record` are columns of its row."""

    record: Mapping[str, Any]
    holder: Party
    outlook: Outlook
    due_at: datetime
    apology_by: datetime
    as_of: datetime

    @property
    def late_by_either(self) -> bool:
        """Whether the plan or the pace says that it will be late."""
        return self.outlook.late_by_plan or self.outlook.late_by_pace

    @property
    def apology_today(self) -> bool:
        """Whether it will be late, and today is the last day on which form 04 comes a day before the due."""
        return self.late_by_either and self.as_of <= self.apology_by and self._is_today(self.apology_by)

    @property
    def due_within_a_day(self) -> bool:
        """Whether it is due within 24 hours of the clock."""
        return self.due_at <= self.as_of + DUE_SOON

    @property
    def due_within_three_days(self) -> bool:
        """Whether it is due within 72 hours of the clock."""
        return self.due_at <= self.as_of + DUE_IN_DAYS

    @property
    def is_warned(self) -> bool:
        """Whether there is a reason to warn of it."""
        return self.due_within_three_days or self.late_by_either

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands: by due, then by case id."""
        return self.due_at.isoformat(timespec="microseconds"), str(self.record["case_id"])

    def _is_today(self, instant: datetime) -> bool:
        return instant.date() == self.as_of.astimezone(instant.tzinfo).date()


async def warned_cases(
    side: QuerySide, asked: AskedWarnings, *, min_position: int = 0
) -> tuple[Snapshot, list[WarnedCase]]:
    """The cases that there is reason to warn of, soonest due first, and the snapshot as whose they were seen.

    Raises the refusal of a unit or officer whom nothing names.
    """
    everything = side.of_everything
    async with everything.snapshot(min_position=min_position, heavy=True) as whole:
        pace = await _pace(everything, whole, asked.as_of)
        courses = await _open_courses(whole, asked.as_of)
        expected = await asyncio.to_thread(_expected, courses, whole.rules, pace, asked.as_of)
    async with side.snapshot(min_position=min_position) as snapshot:
        seen = await _seen(snapshot, [one for one in expected if one.is_warned])
        return snapshot, await _asked_for(snapshot, seen, asked)


async def _asked_for(snapshot: Snapshot, seen: Sequence[WarnedCase], asked: AskedWarnings) -> list[WarnedCase]:
    if asked.unit is not None:
        period = asked_period(None, None, as_of=None, now=asked.as_of, zone=snapshot.zone).period
        units = (await known_subtree(snapshot, asked.unit, period)).at_the_end()
        seen = [one for one in seen if one.record["unit_id"] in units]
    if asked.officer is not None:
        key = officer_key(asked.officer, snapshot.rules)
        await known_officer(snapshot, key, field="officer")
        seen = [one for one in seen if one.holder.key == key]
    if asked.within_hours is not None:
        until = asked.as_of + timedelta(hours=asked.within_hours)
        seen = [one for one in seen if one.due_at <= until]
    return sorted(seen, key=lambda one: one.place)


async def _pace(side: QuerySide, snapshot: Snapshot, as_of: datetime) -> Pace:
    """The pace of the cases known to be finished at the beginning of the hour; worked out once an hour."""
    known_at = as_of.replace(minute=0, second=0, microsecond=0)
    key = ("pace", snapshot.reader.build.build_id, known_at)
    async with side.answering(key):
        kept = side.sums.get(key)
        if isinstance(kept, Pace):
            return kept
        rows = await finished_courses(snapshot.reader.connection, snapshot.reader.build, known_at)
        pace = await asyncio.to_thread(_pace_of, rows, snapshot.rules)
        if side.kept is not None:
            side.keep_sum(key, pace)
        return pace


def _pace_of(rows: Sequence[CourseRow], rules: RuleBook) -> Pace:
    finished = []
    for row in rows:
        left = _calendar(row, rules).working_minutes(row["finished_at"], row["judged_due_at"])
        stays = finished_stays(row.holds, left)
        finished.append(FinishedCase(procedure=row["procedure_id"], stays=stays, late=bool(row["overdue"])))
    return Pace(finished)


async def _open_courses(snapshot: Snapshot, as_of: datetime) -> list[CourseRow]:
    found: list[CourseRow] = []
    async for relation in snapshot.relations(
        AsAt(as_of), Exactness.COUNTS, where=OPEN_STORED, where_folded=OPEN_FOLDED, in_part=False
    ):
        found += await open_courses(snapshot.reader.connection, relation)
    return found


def _expected(courses: Sequence[CourseRow], rules: RuleBook, pace: Pace, as_of: datetime) -> list[WarnedCase]:
    return [one for course in courses if (one := _expectation(course, rules, pace, as_of)) is not None]


def _expectation(course: CourseRow, rules: RuleBook, pace: Pace, as_of: datetime) -> WarnedCase | None:
    """What is to be expected of the case; its last hold is measured up to `as_of`."""
    since, last = course["holder_since"], course.holds[-1]
    calendar = _calendar(course, rules)
    last = replace(last, working_minutes=calendar.working_minutes(since, as_of))
    where, due_at = open_case([*course.holds[:-1], last]), course["judged_due_at"]
    if where is None:
        return None
    left = calendar.working_minutes(as_of, due_at)
    return WarnedCase(
        record=course.row,
        holder=_holder(course.row),
        outlook=outlook(course["procedure_id"], where, left, pace),
        due_at=due_at,
        apology_by=apology_by(due_at, calendar),
        as_of=as_of,
    )


def _calendar(course: CourseRow, rules: RuleBook) -> WorkingCalendar:
    named = rules.calendar_version(course["calendar_version"], calendar_days=course["calendar_days"])
    return named or rules.default_calendar


def _holder(row: Mapping[str, Any]) -> Party:
    unit = (row["holder_unit_id"], row["holder_unit_name"])
    return Party(
        key=row["holder_key"],
        kind=PartyKind(row["holder_kind"]),
        id=row["holder_id"],
        name=row["holder_name"],
        position=row["holder_position"],
        unit=None if unit == (None, None) else UnitName(id=unit[0], name=unit[1]),
    )


async def _seen(snapshot: Snapshot, found: Sequence[WarnedCase]) -> list[WarnedCase]:
    """Those that the caller sees, with the names of the directory, and of others than the caller's people kind and unit alone."""
    reader = snapshot.reader
    visible = await seen_among(reader.connection, reader.build, [one.record["case_id"] for one in found])
    named = DirectoryNames.of(snapshot)
    shown = []
    for one in found:
        if one.record["case_id"] in visible:
            whole, parents = visible[one.record["case_id"]]
            masked = one.record if whole else _in_part(one, snapshot.viewer, parents)
            record = named.case({**masked, "finished_at": None, **_LATE_ENTRY}, one.as_of)
            shown.append(
                WarnedCase(
                    record=record,
                    holder=_holder(record),
                    outlook=one.outlook,
                    due_at=one.due_at,
                    apology_by=one.apology_by,
                    as_of=one.as_of,
                )
            )
    return shown


def _in_part(one: WarnedCase, viewer: Viewer | None, parents: str | Mapping[str, str]) -> Mapping[str, Any]:
    said = json.loads(parents) if isinstance(parents, str) else parents
    if viewer is None or viewer.is_own(one.holder, said):
        return one.record
    party = viewer.masked(one.holder)
    return {
        **one.record,
        "holder_key": WITHHELD,
        "holder_id": party.id,
        "holder_name": party.name,
        "holder_position": party.position,
    }
