"""The forms of one case, from its timeline and events."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_contracts.answers.common import Named, notice_of
from tiendo_contracts.answers.official_forms import Apology, ControlBlock, ControlSheet
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import DeadlineExtended, SignedDocument
from tiendo_domain.instants import Instant, LocalDate
from tiendo_domain.overdue import counts_as_overdue, is_open
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline, standing_events
from tiendo_domain.timeline_types import AnomalyKind, CaseTimeline, Hold, Party, PartyKind, State
from tiendo_query.cases.single_cases import SeenCase
from tiendo_query.official_forms.form_law import apology_title, control_sheet_number, law_of

NO_NORM: Final = "Không quy định"
EARLY: Final = "Trước hạn"
ON_TIME: Final = "Đúng hạn"
OVERDUE: Final = "Quá hạn"
IN_PROCESS: Final = "Đang giải quyết"

_KINDS: Final = {
    PartyKind.OFFICER: "Công chức, viên chức",
    PartyKind.UNIT: "Chưa phân công",
    PartyKind.APPLICANT: "Người nộp hồ sơ",
    PartyKind.CONSULTED_UNIT: "Cơ quan phối hợp",
    PartyKind.SUSPENSION: "Tạm dừng giải quyết",
    PartyKind.UNKNOWN: "Không xác định",
    PartyKind.ORGANISATION: "Cơ quan",
}
_APPLICANT: Final = (_KINDS[PartyKind.APPLICANT], None)
"""Whose name is not stored: the line is signed by hand."""

_NOT_EFFECTIVE: Final = frozenset({AnomalyKind.SECOND_EXTENSION, AnomalyKind.DEADLINE_MOVED_AFTER_DUE})


def control_sheet(seen: SeenCase) -> ControlSheet:
    """The form of the case: a block for each hold, in their order."""
    timeline = seen.timeline
    zone = timeline.calendar.zone
    on = timeline.as_of.astimezone(zone).date()
    return ControlSheet(
        simulated=seen.simulated,
        notice=notice_of(simulated=seen.simulated),
        form=control_sheet_number(_form_day(timeline, zone)),
        law=law_of(_form_day(timeline, zone)),
        case_id=timeline.case_id,
        procedure=_procedure(timeline),
        unit=_responsible(seen, on),
        superior=_superior(seen, on),
        co_ordinating=list(_co_ordinating(timeline.holds)),
        received_at=_local(timeline.received_at, zone),
        due_at=_local(timeline.judged_due_at, zone),
        finished_at=_local(timeline.finished_at, zone),
        state=timeline.state,
        result=_case_result(timeline),
        lateness_minutes=timeline.lateness_minutes,
        as_of=_text(timeline.as_of, zone),
        blocks=[_block(number, timeline.holds, zone) for number in range(1, len(timeline.holds) + 1)],
    )


def _form_day(timeline: CaseTimeline, zone: ZoneInfo) -> date:
    """The date by which the regulations of a case's forms are told: that of its reception, else the day of looking."""
    at = timeline.as_of if timeline.received_at is None else timeline.received_at.at
    return at.astimezone(zone).date()


def _block(number: int, holds: Sequence[Hold], zone: ZoneInfo) -> ControlBlock:
    hold = holds[number - 1]
    before = None if number == 1 else holds[number - 2].party
    given_unit, given = _APPLICANT if before is None else _named(before)
    received_unit, received = _named(hold.party)
    return ControlBlock(
        number=number,
        given_by_unit=given_unit,
        given_by=given,
        received_by_unit=received_unit,
        received_by=received,
        received_at=_text(hold.started_at.at, zone),
        result=hold_result(hold),
        minutes=hold.working_minutes,
        allotted_minutes=hold.allotted_minutes,
        notes=list(_notes(hold)),
    )


def hold_result(hold: Hold) -> str:
    """Early, on time or overdue by what the hold's account still had when it began (rule A2)."""
    if hold.allotted_minutes is None:
        return NO_NORM
    if hold.working_minutes > hold.allotted_minutes:
        return OVERDUE
    if hold.ended_at is None:
        return IN_PROCESS
    return ON_TIME if hold.working_minutes == hold.allotted_minutes else EARLY


def _named(party: Party) -> tuple[str | None, str | None]:
    """The unit and the person; of units, and of parties that are nobody, what they are."""
    if party.kind in {PartyKind.UNIT, PartyKind.CONSULTED_UNIT}:
        return party.name or party.id, _KINDS[party.kind]
    if party.kind is PartyKind.APPLICANT:
        return _APPLICANT
    unit = None if party.unit is None else party.unit.name or party.unit.id
    if party.kind is PartyKind.OFFICER:
        named = party.name or party.id or _KINDS[party.kind]
        return unit, f"{named}, {party.position}" if party.position else named
    return unit, _KINDS[party.kind]


def _notes(hold: Hold) -> Iterator[str]:
    if hold.step is not None:
        yield f"Bước: {hold.step.name or hold.step.id}"
    if hold.paused:
        yield "Tạm dừng tính thời hạn"
    if hold.party.kind is PartyKind.CONSULTED_UNIT:
        yield "Lấy ý kiến"
    if hold.absent:
        yield "Công chức vắng mặt (quy tắc H10)"
    if hold.inferred:
        yield "Suy ra từ thao tác sau (quy tắc H12)"


def _case_result(timeline: CaseTimeline) -> str:
    if timeline.state in {State.DECLINED, State.WITHDRAWN}:
        return "Không tiếp nhận" if timeline.state is State.DECLINED else "Rút hồ sơ"
    if counts_as_overdue(timeline):
        return f"{IN_PROCESS}, quá hạn" if is_open(timeline) else OVERDUE
    if is_open(timeline):
        return IN_PROCESS
    if timeline.finished_at is None:
        return "Chưa tiếp nhận"
    return NO_NORM if timeline.judged_due_at is None else "Trong hạn"


def _co_ordinating(holds: Sequence[Hold]) -> Iterator[str]:
    names = (hold.party.name or hold.party.id for hold in holds if hold.party.kind is PartyKind.CONSULTED_UNIT)
    yield from dict.fromkeys(name for name in names if name)


def apology(seen: SeenCase) -> Apology:
    """The form of the case: filled from its extension, a draft where there is none that counts."""
    timeline = seen.timeline
    zone = timeline.calendar.zone
    extension = _extension(seen)
    event = None if extension is None else extension[0]
    said = None if extension is None else extension[1]
    paper = None if said is None else said.apology
    on = (timeline.as_of if event is None else event.occurred_at.at).astimezone(zone).date()
    return Apology(
        simulated=seen.simulated,
        notice=notice_of(simulated=seen.simulated),
        form="Mẫu số 04",
        title=apology_title(on),
        law=law_of(on),
        is_draft=said is None,
        case_id=timeline.case_id,
        procedure=_procedure(timeline),
        unit=_responsible(seen, on),
        superior=_superior(seen, on),
        number=None if paper is None else paper.document_number,
        dated_on=_signed_on(paper, zone),
        received_at=_local(timeline.received_at, zone),
        due_at=_local(timeline.due_at if event is None else _due_without(seen, event), zone),
        new_due_at=None if said is None else _local(said.due_at, zone),
        reason=None if said is None else said.reason,
    )


def _extension(seen: SeenCase) -> tuple[CaseEvent, DeadlineExtended] | None:
    """The extension that counts (rule D3), the latest where none does; nothing of a case that is seen in part."""
    if not seen.whole:
        return None
    found = [
        (event, event.fact)
        for event in standing_events(_own_events(seen))
        if isinstance(event.fact, DeadlineExtended) and event.occurred_at.at <= seen.timeline.as_of
    ]
    found.sort(key=lambda one: (one[0].occurred_at.at, one[0].source, one[0].id))
    without = {event_id for one in seen.timeline.anomalies if one.kind in _NOT_EFFECTIVE for event_id in one.event_ids}
    effective = [one for one in found if not {one[0].id, f"{one[0].source}#{one[0].id}"} & without]
    return next(reversed(effective or found), None)


def _own_events(seen: SeenCase) -> list[CaseEvent]:
    """What is told of the case's own codes: what was once told of another, by a joining that was annulled, is another case's."""
    codes = {seen.timeline.case_id, *seen.timeline.aliases}
    return [event for event in seen.events if event.case_id in codes]


def _due_without(seen: SeenCase, extension: CaseEvent) -> Instant | None:
    """The due that was told before the extension: that of the case as it stood until then."""
    before = [
        event
        for event in _own_events(seen)
        if event is not extension and event.occurred_at.at <= extension.occurred_at.at
    ]
    if not before:
        return None
    return case_timeline(before, seen.rules, as_of=extension.occurred_at.at, code=seen.timeline.case_id).due_at


def _responsible(seen: SeenCase, on: date) -> Named:
    """The responsible unit as the directory names it on the day, else as the case does."""
    unit = seen.timeline.unit
    if unit is None:
        return Named(id=None, name=None)
    known = None if unit.id is None else seen.rules.unit(unit.id, on)
    return Named(id=unit.id, name=(None if known is None else known.name) or unit.name)


def _superior(seen: SeenCase, on: date) -> str | None:
    unit = seen.timeline.unit
    return None if unit is None or unit.id is None else superior_of(seen.rules, unit.id, on)


def superior_of(rules: RuleBook, unit_id: str, on: date) -> str | None:
    """The name of the unit above, where the directory has it."""
    above = rules.unit_above(unit_id, {}, on)
    known = None if above is None else rules.unit(above, on)
    return None if known is None else known.name


def _procedure(timeline: CaseTimeline) -> Named | None:
    procedure = timeline.procedure
    return None if procedure is None else Named(id=procedure.id, name=procedure.name)


def _signed_on(paper: SignedDocument | None, zone: ZoneInfo) -> date | None:
    match None if paper is None else paper.signed_at:
        case Instant(at=signed_at):
            return signed_at.astimezone(zone).date()
        case LocalDate(on=signed_on):
            return signed_on
        case _:
            return None


def _local(instant: Instant | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else _text(instant.at, zone)


def _text(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")
