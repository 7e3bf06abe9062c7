"""What the morning's mail tells an officer of the cases that they hold, and a unit of those that it is responsible for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from tiendo_contracts.digest_list import Recipient
from tiendo_contracts.explanation import minutes_in_words, moment_of_text, pace_in_words, plan_in_words
from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.rules import RuleBook
from tiendo_query.early_warning.early_warnings import AskedWarnings, WarnedCase, warned_cases
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_officers import officer_key
from tiendo_query.names.known_units import known_trees, spans_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import asked_period
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.listed_cases import CaseFilter, matching_cases
from tiendo_read_models.queries.cases.relations import Exactness
from tiendo_read_models.queries.early_warning import OPEN_FOLDED, OPEN_STORED
from tiendo_read_models.queries.periods import AsAt

LINES_MAX: Final = 100
"""Of one section; the rest is counted."""
OVERDUE_MAX: Final = 5_000
_OVERDUE_SINCE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One case of a digest."""

    case_id: str
    procedure: str
    step: str
    due: str
    left: str
    holder: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSection:
    """Cases that ask for the same; `left_out` more are not shown."""

    title: str
    lines: tuple[DigestLine, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one recipient is told; without sections there is nothing to say."""

    recipient: Recipient
    name: str
    on_day: date
    sections: tuple[DigestSection, ...]
    simulated: bool

    @property
    def cases(self) -> int:
        """How many cases it tells of."""
        return sum(len(section.lines) + section.left_out for section in self.sections)


def morning_of(recipient: Recipient, rules: RuleBook, at: datetime) -> tuple[WorkingCalendar, datetime]:
    """The calendar of the recipient's unit, and the instant by its clock."""
    unit_id = recipient.unit
    if recipient.officer is not None:
        known = rules.officer(rules.officer_id(recipient.officer), at.astimezone(rules.default_calendar.zone).date())
        unit_id = None if known is None else known.unit
    calendar = rules.calendar_of(unit_id, {})
    return calendar, at.astimezone(calendar.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningCases:
    """All cases that there may be something to tell of, whoever is told."""

    at: datetime
    warned: Sequence[WarnedCase]
    overdue: Sequence[Mapping[str, Any]]
    snapshot: Snapshot
    units_below: Mapping[str, Collection[str]]


async def morning_cases(side: QuerySide, recipients: Iterable[Recipient], at: datetime) -> MorningCases:
    """What is due soon, expected to be late, or overdue since a working day, as is known at the instant."""
    _, warned = await warned_cases(side, AskedWarnings(as_of=at))
    async with side.snapshot(heavy=True) as snapshot:
        since = _overdue_since(snapshot.rules.default_calendar, at)
        overdue = await _overdue(snapshot, at, since)
        period = asked_period(None, None, as_of=None, now=at, zone=snapshot.zone).period
        trees, spans = await known_trees(snapshot), spans_of(snapshot, period)
        units = {one.unit for one in recipients if one.unit is not None}
        below = {unit_id: trees.subtree(unit_id, spans).at_the_end() for unit_id in units}
    return MorningCases(at=at, warned=warned, overdue=overdue, snapshot=snapshot, units_below=below)


def _overdue_since(calendar: WorkingCalendar, at: datetime) -> datetime:
    """The beginning of the working day before: what became overdue since has not been told of."""
    local = at.astimezone(calendar.zone)
    day = local.date() - _OVERDUE_SINCE
    for _ in range(30):
        if calendar.is_working_day(day):
            break
        day -= _OVERDUE_SINCE
    return datetime.combine(day, datetime.min.time(), calendar.zone)


async def _overdue(snapshot: Snapshot, at: datetime, since: datetime) -> list[Mapping[str, Any]]:
    newly = CaseCondition(where="c.judged_due_at >= :overdue_since", parameters={"overdue_since": since})
    asked = CaseFilter(open=True, overdue=True, conditions=(newly,))
    found: list[Mapping[str, Any]] = []
    async for relation in snapshot.relations(
        AsAt(at), Exactness.COUNTS, where=OPEN_STORED, where_folded=OPEN_FOLDED, in_part=False
    ):
        found += await matching_cases(snapshot.reader.connection, relation, asked, limit=OVERDUE_MAX)
    named = DirectoryNames.of(snapshot)
    return sorted((named.case(one, at) for one in found), key=lambda one: (one["judged_due_at"], one["case_id"]))


def digest_of(recipient: Recipient, cases: MorningCases) -> Digest:
    """What the recipient is told: each case once, where it asks for most."""
    rules = cases.snapshot.rules
    _, local = morning_of(recipient, rules, cases.at)
    key = None if recipient.officer is None else officer_key(recipient.officer, rules)
    units = () if recipient.unit is None else cases.units_below[recipient.unit]

    def concerns(record: Mapping[str, Any]) -> bool:
        return record["holder_key"] == key if key is not None else record["unit_id"] in units

    warned = [one for one in cases.warned if concerns(one.record)]
    overdue = [one for one in cases.overdue if concerns(one)]
    simulated = any(one.record["simulated"] for one in warned) or any(one["simulated"] for one in overdue)
    sections = (
        _section("Phải gửi phiếu xin lỗi và hẹn lại (mẫu 04) hôm nay", [_line(o) for o in warned if o.apology_today]),
        _section(
            "Còn dưới 24 giờ đến hạn",
            [_line(one) for one in warned if one.due_within_a_day and not one.apology_today],
        ),
        _section(
            "Dự kiến quá hạn",
            [_line(one) for one in warned if one.late_by_either and not one.apology_today and not one.due_within_a_day],
        ),
        _section(
            "Còn dưới 3 ngày đến hạn",
            [_line(one) for one in warned if not one.late_by_either and not one.due_within_a_day],
        ),
        _section("Mới quá hạn", [_overdue_line(one) for one in overdue]),
    )
    return Digest(
        recipient=recipient,
        name=_name(recipient, rules, local.date()),
        on_day=local.date(),
        sections=tuple(section for section in sections if section.lines),
        simulated=simulated,
    )


def _section(title: str, lines: Sequence[DigestLine]) -> DigestSection:
    return DigestSection(title=title, lines=tuple(lines[:LINES_MAX]), left_out=max(0, len(lines) - LINES_MAX))


def _line(one: WarnedCase) -> DigestLine:
    expected, step = one.outlook, one.record["step_name"] or one.record["step_id"]
    why = []
    if expected.late_by_pace and expected.pace is not None:
        why.append(pace_in_words(expected.pace, expected.left_minutes).vi)
    if expected.late_by_plan and expected.plan is not None:
        why.append(plan_in_words(expected.plan, expected.left_minutes, step).vi)
    left = f"còn {minutes_in_words(expected.left_minutes).vi}"
    return replace(_overdue_line(one.record), step=step or "", left=left, why="; ".join(why))


def _overdue_line(record: Mapping[str, Any]) -> DigestLine:
    unit = record["holder_unit_name"] or record["holder_unit_id"]
    holder = record["holder_name"] or record["holder_id"] or unit or ""
    return DigestLine(
        case_id=record["case_id"],
        procedure=record["procedure_name"] or record["procedure_id"] or "",
        step="",
        due=moment_of_text(record["judged_due_text"]),
        left="",
        holder=holder,
        why="",
    )


def _name(recipient: Recipient, rules: RuleBook, on: date) -> str:
    if recipient.officer is not None:
        officer = rules.officer(recipient.officer, on)
        return (None if officer is None else officer.name) or recipient.officer
    unit = None if recipient.unit is None else rules.unit(recipient.unit, on)
    return (None if unit is None else unit.name) or recipient.unit or ""
