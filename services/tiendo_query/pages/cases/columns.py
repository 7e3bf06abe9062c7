"""What the exported list of cases says in which column."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from tiendo_contracts.answers.common import SIMULATED_NOTICE, Named
from tiendo_contracts.explanation import CLASS_WORDS, STATE_WORDS, days_and_hours
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.timeline_types import CaseClass, State
from tiendo_query.cases.case_pages import AskedCases
from tiendo_query.cases.sorted_pages import all_of_list
from tiendo_query.pages.showing import Said, holder_words
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.tables.columns import Column, Table, Wording, coded, says
from tiendo_read_models.queries.cases.listed_cases import CaseRecord

ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """A case of the list."""

    record: CaseRecord

    @property
    def simulated(self) -> bool:
        """Whether it rests on simulated events."""
        return bool(self.record["simulated"])

    def member(self, name: str) -> Any:  # noqa: ANN401 - whatever the row holds
        """The member of the row."""
        return self.record[name]

    @property
    def unit(self) -> Named | None:
        """The unit responsible."""
        unit_id, name = self.record["unit_id"], self.record["unit_name"]
        return None if unit_id is None and name is None else Named(id=unit_id, name=name)


async def exported_cases(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime
) -> AsyncIterator[ExportedCase]:
    """All cases of the list as at `now`, in its order, so many at once as a page holds."""
    async for records in all_of_list(side, snapshot, replace(asked, limit=ROWS_AT_ONCE), now):
        for record in records:
            yield ExportedCase(record)


def _coded(name: str, member: str | None = None) -> Column[ExportedCase]:
    return coded(name, lambda row, _: row.member(member or name))


def _yes_or_no(name: str, member: str) -> Column[ExportedCase]:
    return coded(name, lambda row, _: "true" if row.member(member) else "false")


def _told(said: Said, language: Language) -> str:
    return said.spoken(language) if isinstance(said, Words) else said


def _state(row: ExportedCase, wording: Wording) -> str | None:
    return wording.words(STATE_WORDS[State(row.member("state"))])


def _class(heading: str, of_class: str, member: str) -> Column[ExportedCase]:
    def told(row: ExportedCase, wording: Wording) -> str | None:
        found = row.member(member)
        return None if found is None else wording.words(CLASS_WORDS[CaseClass(found)])

    return says(heading, of_class, told, 24)


def _minutes(heading: str, of_minutes: str, member: str) -> Column[ExportedCase]:
    return says(heading, of_minutes, lambda row, _: row.member(member))


def _holder(place: int, *, names: bool) -> Column[ExportedCase]:
    words = (("Holder", "Đang giữ hồ sơ"), ("Holder's position and unit", "Chức vụ, đơn vị đang giữ"))[place]
    return says(*words, lambda row, wording: _told(holder_words(row.record, names=names)[place], wording.language), 28)


def _codes(*, names: bool) -> Sequence[Column[ExportedCase]]:
    plain = ("case_id", "procedure_id", "procedure_name", "field_id", "field_name", "channel", "unit_id", "unit_name")
    times = ("received_text", "due_text", "judged_due_text", "finished_text")
    held = ("holder_kind", "holder_unit_id", *(("holder_id", "holder_name", "holder_position") if names else ()))
    return (
        *map(_coded, plain),
        *(_coded(name.replace("_text", "_at"), name) for name in times),
        _coded("state"),
        _coded("class", "case_class"),
        _coded("class_by_rule"),
        _yes_or_no("overdue", "counts_as_overdue"),
        _yes_or_no("overdue_by_rule", "counts_as_overdue_by_rule"),
        *(_coded(name) for name in ("lateness_minutes", "lateness_by_rule_minutes")),
        *(_coded(name) for name in ("late_entry_minutes", "late_entry_by_rule_minutes")),
        _coded("doubtful_minutes"),
        *map(_coded, held),
        coded("notice", lambda row, _: SIMULATED_NOTICE if row.simulated else None),
    )


def _in_words(*, names: bool) -> Sequence[Column[ExportedCase]]:
    return (
        says("Case", "Mã hồ sơ", lambda row, _: row.member("case_id"), 28),
        says("Procedure", "Thủ tục", lambda row, _: row.member("procedure_name") or row.member("procedure_id"), 40),
        says("Field", "Lĩnh vực", lambda row, _: row.member("field_name") or row.member("field_id"), 20),
        says("Responsible unit", "Đơn vị giải quyết", lambda row, wording: wording.unit(row.unit), 48),
        says("Received", "Ngày tiếp nhận", lambda row, wording: wording.local(row.member("received_text")), 17),
        says(
            "Due judged by",
            "Hạn để tính quá hạn",
            lambda row, wording: wording.local(row.member("judged_due_text")),
            17,
        ),
        says("Ended", "Kết thúc", lambda row, wording: wording.local(row.member("finished_text")), 17),
        says("State", "Trạng thái", _state, 20),
        _class("Class by rule", "Phân loại theo quy tắc", "class_by_rule"),
        _class("Class after decisions", "Phân loại sau quyết định", "case_class"),
        _minutes(
            "Overdue by rule, working minutes",
            "Quá hạn theo quy tắc (phút làm việc)",
            "lateness_by_rule_minutes",
        ),
        _minutes(
            "Overdue after decisions, working minutes",
            "Quá hạn sau quyết định (phút làm việc)",
            "lateness_minutes",
        ),
        says(
            "In working days of 8 hours",
            "Quy ra ngày làm việc (8 giờ)",
            lambda row, wording: wording.words(days_and_hours(row.member("lateness_minutes") or 0)),
            22,
        ),
        _minutes("Minutes of late entry by rule", "Phút quên thao tác theo quy tắc", "late_entry_by_rule_minutes"),
        _minutes("Minutes of late entry after decisions", "Phút quên thao tác sau quyết định", "late_entry_minutes"),
        _holder(0, names=names),
        _holder(1, names=names),
        says("Note", "Ghi chú", lambda row, _: SIMULATED_NOTICE if row.simulated else None, 20),
    )


def cases_table(*, names: bool) -> Table[ExportedCase]:
    """The table; officers only with `names`."""
    sheet = Words(en="Cases", vi="Hồ sơ")
    return Table(name="cases", sheet=sheet, codes=_codes(names=names), in_words=_in_words(names=names))
