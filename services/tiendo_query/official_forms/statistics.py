"""The statistical forms of a unit and period: II.06a/VPCP/KSTT by field, the table of Decision 766 by unit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tiendo_contracts.answers.common import Named, notice_of
from tiendo_contracts.answers.official_forms import (
    FORM_NAMES,
    FormFigures,
    FormRow,
    StatisticalForm,
    StatisticalTable,
)
from tiendo_domain.form_standings import FormChannel, FormStanding
from tiendo_domain.instants import Instant
from tiendo_query.names.known_units import known_subtree, known_trees, moved_out_of, spans_of
from tiendo_query.official_forms.case_forms import superior_of
from tiendo_query.official_forms.counted_forms import NAMES, SIMULATED, CountedForm, FormSums, form_cases, form_sums
from tiendo_query.official_forms.errors import FormInconsistent
from tiendo_query.official_forms.form_law import law_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_read_models.queries.counts import CountedFor
from tiendo_read_models.queries.units import UnitTrees

Counts = Mapping[str, int]
Thing = tuple[str | None, str | None]
"""Id and, only without an id, name."""

_TITLES: Final = {
    StatisticalForm.II06A: "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị trực tiếp giải quyết thủ tục hành chính",
    StatisticalForm.DECISION_766: "Tiến độ giải quyết hồ sơ thủ tục hành chính",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForm:
    """A form of a unit over local days, both inclusive; `known_at`: as it was, or would have been, printed then (None: now)."""

    form: StatisticalForm
    unit: str
    start: date
    end: date
    known_at: Instant | None = None


async def statistical_table(
    side: QuerySide, snapshot: Snapshot, asked: AskedForm, *, processes: int = 1
) -> StatisticalTable:
    """The form, its identities checked, worked out by so many `processes`. Raises the refusal of an unknown unit, and FormInconsistent."""
    snapshot, period, counted = await _begun(side, snapshot, asked)
    trees = await known_trees(snapshot)
    sums = await form_sums(side, snapshot, counted, processes=processes)
    left_out = asked.unit in moved_out_of(snapshot, trees, period.period)
    return _table(snapshot, asked, period, _Counted(sums=sums, trees=trees, last=counted.spans.last), left_out=left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCell:
    """A figure of a form: the name of one of `FormFigures`, and whose row it stands in; None: in the total."""

    figure: str
    row: Thing | None = None


async def cases_of_cell(side: QuerySide, snapshot: Snapshot, asked: AskedForm, cell: FormCell) -> list[str]:
    """The ids of the cases that the figure counts, in their order. Raises the refusal of an unknown unit."""
    snapshot, _, form = await _begun(side, snapshot, asked)
    counted = _Counted(sums={}, trees=await known_trees(snapshot), last=form.spans.last)
    return [
        one.case_id
        for one in await form_cases(snapshot, form)
        if getattr(figures_of(one.counts), cell.figure)
        and (cell.row is None or counted.thing(one.counted_for, asked) == cell.row)
    ]


async def _begun(side: QuerySide, snapshot: Snapshot, asked: AskedForm) -> tuple[Snapshot, AskedPeriod, CountedForm]:
    """The snapshot by the rules that were known, the period, and what is counted."""
    if asked.known_at is not None:
        known = await snapshot.histories.rules(snapshot.reader.position, known_at=asked.known_at.at)
        snapshot = replace(snapshot, rules=known)
    period = asked_period(asked.start, asked.end, as_of=asked.known_at, now=side.now(), zone=snapshot.zone)
    counted = CountedForm(
        period=period.period,
        zone=snapshot.zone.key,
        spans=spans_of(snapshot, period.period),
        units=await known_subtree(snapshot, asked.unit, period.period),
        position=snapshot.reader.position,
        known_at=None if asked.known_at is None else asked.known_at.at,
    )
    return snapshot, period, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    sums: FormSums
    trees: UnitTrees
    last: int

    def rows(self, asked: AskedForm) -> dict[Thing, Counter[str]]:
        """The counts of each row, by what the rows of the form are of."""
        found: dict[Thing, Counter[str]] = {}
        for key, counts in self.sums.items():
            found.setdefault(self.thing(key, asked), Counter()).update(dict(zip(NAMES, counts, strict=True)))
        return found

    def thing(self, key: CountedFor, asked: AskedForm) -> Thing:
        """What the row is of in which a case so counted stands."""
        if asked.form is StatisticalForm.II06A:
            return (key.field_id, None if key.field_id is not None else key.field_name)
        return (self._unit_below(key.unit_id, key.span, asked.unit), None)

    def _unit_below(self, unit_id: str | None, span: int, asked: str) -> str:
        """The unit right below the one asked for to which the case belongs by the tree of its day; the one asked for for its own cases."""
        if unit_id is None:
            return asked
        below = asked
        for above in self.trees.of_span(span).line(self.trees.carried_on_by(unit_id, span)):
            if above == asked:
                return below
            below = above
        return asked

    def field_names(self) -> dict[str, str]:
        """How the cases name fields: the greatest name by code point, so that no order of counting decides."""
        found: dict[str, str] = {}
        for key in self.sums:
            if key.field_id is not None and key.field_name is not None:
                found[key.field_id] = max(key.field_name, found.get(key.field_id, ""))
        return found

    def unit_name(self, unit_id: str | None) -> str | None:
        """The name of the unit at the period's end, else as cases name it."""
        if unit_id is None:
            return None
        node = self.trees.of_span(self.last).nodes.get(unit_id)
        named = (key.unit_name for key in self.sums if key.unit_id == unit_id and key.unit_name is not None)
        return (None if node is None else node.name) or max(named, default=None)


def _table(
    snapshot: Snapshot, asked: AskedForm, period: AskedPeriod, counted: _Counted, *, left_out: bool
) -> StatisticalTable:
    rows = counted.rows(asked)
    total: Counter[str] = sum(rows.values(), Counter())
    simulated = total[SIMULATED] > 0
    return StatisticalTable(
        simulated=simulated,
        notice=notice_of(simulated=simulated),
        form=asked.form,
        name=FORM_NAMES[asked.form],
        title=_TITLES[asked.form],
        law=law_of(asked.end),
        unit=Named(id=asked.unit, name=counted.unit_name(asked.unit)),
        superior=superior_of(snapshot.rules, asked.unit, asked.end),
        from_=asked.start,
        to=asked.end,
        as_of=period.as_of_text,
        known_at=None if asked.known_at is None else asked.known_at.text,
        cases_left_out=left_out,
        rows=[_row(asked, counted, thing, rows[thing]) for thing in sorted(rows, key=_order)],
        total=_total(rows, total),
        notes=list(_notes(figures_of(total), asked, total, left_out=left_out)),
    )


def _row(asked: AskedForm, counted: _Counted, thing: Thing, counts: Counts) -> FormRow:
    identity, name = thing
    named = (
        counted.field_names().get(identity or "")
        if asked.form is StatisticalForm.II06A
        else counted.unit_name(identity)
    )
    figures = checked(figures_of(counts), where=identity or name or "-")
    return FormRow(id=identity, name=name or named, **figures.model_dump())


def _total(rows: Mapping[Thing, Counts], total: Counts) -> FormFigures:
    """The sums, checked against those of the rows."""
    found = checked(figures_of(total), where="the total")
    for name in FormFigures.model_fields:
        if getattr(found, name) != sum(getattr(figures_of(counts), name) for counts in rows.values()):
            raise FormInconsistent("the total", f"{name} is not the sum of its rows")
    return found


def figures_of(counts: Counts) -> FormFigures:
    """The figures of the form from the counts of its cases."""
    channels = {channel: counts.get(f"received_{channel.value}", 0) for channel in FormChannel}
    standings = {standing: counts.get(standing.value, 0) for standing in FormStanding}
    early, on_time, overdue = (
        standings[one]
        for one in (FormStanding.RESOLVED_EARLY, FormStanding.RESOLVED_ON_TIME, FormStanding.RESOLVED_OVERDUE)
    )
    in_time, late = standings[FormStanding.OPEN_IN_TIME], standings[FormStanding.OPEN_OVERDUE]
    paused_in_time, paused_overdue = counts.get("paused_in_time", 0), counts.get("paused_overdue", 0)
    return FormFigures(
        received=sum(channels.values()),
        received_online=channels[FormChannel.ONLINE],
        received_direct=channels[FormChannel.DIRECT] + channels[FormChannel.UNKNOWN],
        channel_unknown=channels[FormChannel.UNKNOWN],
        carried_over=channels[FormChannel.CARRIED_OVER],
        resolved=early + on_time + overdue,
        resolved_early=early,
        resolved_on_time=on_time,
        resolved_overdue=overdue,
        open=in_time + late,
        open_in_time=in_time,
        open_overdue=late,
        paused=paused_in_time + paused_overdue,
        paused_in_time=paused_in_time,
        paused_overdue=paused_overdue,
        declined=counts.get("declined", 0),
        withdrawn=counts.get("withdrawn", 0),
        without_due=counts.get("resolved_without_due", 0) + counts.get("open_without_due", 0),
    )


def checked(figures: FormFigures, *, where: str) -> FormFigures:
    """The same figures. Raises FormInconsistent: an error rather than a wrong table."""
    one = figures
    identities = {
        "(3) = (4) + (5) + (6)": one.received == one.received_online + one.received_direct + one.carried_over,
        "(7) = (8) + (9) + (10)": one.resolved == one.resolved_early + one.resolved_on_time + one.resolved_overdue,
        "(11) = (12) + (13)": one.open == one.open_in_time + one.open_overdue,
        "(3) = (7) + (11)": one.received == one.resolved + one.open,
        "declined and withdrawn are among (9)": one.declined + one.withdrawn <= one.resolved_on_time,
        "paused are among (11)": one.paused_in_time <= one.open_in_time and one.paused_overdue <= one.open_overdue,
    }
    for what, holds in identities.items():
        if not holds:
            raise FormInconsistent(where, what)
    return figures


def _notes(total: FormFigures, asked: AskedForm, counts: Counts, *, left_out: bool) -> Iterator[str]:
    yield (
        f"Cách tính {FORM_NAMES[asked.form]}: theo thời điểm ghi nhận trên hệ thống, so sánh theo ngày; hồ sơ kết thúc được ghi nhận sau kỳ là "
        "hồ sơ đang giải quyết; quên thao tác và chưa có minh chứng tính quá hạn; chậm do đồng bộ và do không trừ thời gian tạm dừng không tính quá hạn."
    )
    if total.declined or total.withdrawn:
        yield (
            f"Số đã giải quyết (đúng hạn) gồm {total.declined} hồ sơ không được tiếp nhận giải quyết và {total.withdrawn} hồ sơ do "
            "người nộp rút."
        )
    if total.paused:
        yield f"Số đang giải quyết gồm {total.paused} hồ sơ tạm dừng, trong đó {total.paused_overdue} hồ sơ quá hạn."
    if total.channel_unknown:
        yield f"{total.channel_unknown} hồ sơ không rõ kênh tiếp nhận, tính vào số tiếp nhận trực tiếp, bưu chính."
    if without_due := counts.get("resolved_without_due", 0):
        yield f"{without_due} hồ sơ đã giải quyết không có thời hạn, tính đúng hạn."
    if without_due := counts.get("open_without_due", 0):
        yield f"{without_due} hồ sơ đang giải quyết không có thời hạn, tính trong hạn."
    if left_out:
        yield "Không gồm hồ sơ của đơn vị đã chuyển khỏi phạm vi được xem sau khi sắp xếp lại tổ chức."


def _order(thing: Thing) -> tuple[bool, str, str]:
    return (thing[0] is None, thing[0] or "", thing[1] or "")
