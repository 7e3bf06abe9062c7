"""What the list of officers says as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.answers.common import SIMULATED_NOTICE
from tiendo_contracts.explanation import days_and_hours
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.answering.named_answers import named_from
from tiendo_query.figures.ranking import RankedOfficer
from tiendo_query.tables.columns import Column, Table, coded, says

_SUMS: Final = (
    "cases",
    "late_cases",
    "late_cases_by_rule",
    "attributed_minutes",
    "attributed_by_rule_minutes",
    "late_entry_minutes",
    "overrun_minutes",
)


@dataclass(frozen=True, slots=True)
class ExportedOfficer:
    """An officer of the list."""

    officer: RankedOfficer

    @property
    def simulated(self) -> bool:
        """Whether it rests on simulated events."""
        return self.officer.sums.simulated > 0


def _name(member: str) -> Column[ExportedOfficer]:
    return coded(
        f"officer_{member}" if not member.startswith("unit") else member,
        lambda row, _: getattr(row.officer.names, member),
    )


def _sum(member: str) -> Column[ExportedOfficer]:
    return coded(member, lambda row, _: getattr(row.officer.sums, member))


def _says_sum(en: str, vi: str, member: str) -> Column[ExportedOfficer]:
    return says(en, vi, lambda row, _: getattr(row.officer.sums, member))


def _note(row: ExportedOfficer) -> str | None:
    return SIMULATED_NOTICE if row.simulated else None


CODES: Final[Sequence[Column[ExportedOfficer]]] = (
    *map(_name, ("id", "name", "position", "unit_id", "unit_name")),
    *map(_sum, _SUMS),
    coded("notice", lambda row, _: _note(row)),
)
IN_WORDS: Final[Sequence[Column[ExportedOfficer]]] = (
    says("Full name", "Họ và tên", lambda row, _: row.officer.names.name or row.officer.names.id, 28),
    says("Position", "Chức vụ", lambda row, _: row.officer.names.position, 20),
    says(
        "Unit",
        "Đơn vị",
        lambda row, wording: wording.unit(named_from(row.officer.names.unit_id, row.officer.names.unit_name)),
        48,
    ),
    _says_sum("Cases held", "Hồ sơ đã giữ", "cases"),
    _says_sum("Late cases by rule", "Hồ sơ chậm theo quy tắc", "late_cases_by_rule"),
    _says_sum("Late cases after decisions", "Hồ sơ chậm sau quyết định", "late_cases"),
    _says_sum("Minutes by rule", "Phút theo quy tắc", "attributed_by_rule_minutes"),
    _says_sum("Minutes after decisions", "Phút sau quyết định", "attributed_minutes"),
    says(
        "In working days of 8 hours",
        "Quy ra ngày làm việc (8 giờ)",
        lambda row, wording: wording.words(days_and_hours(row.officer.sums.attributed_minutes)),
        22,
    ),
    _says_sum("Minutes of late entry", "Phút quên thao tác", "late_entry_minutes"),
    _says_sum("Minutes over the allotments", "Phút vượt thời hạn bước", "overrun_minutes"),
    says("Note", "Ghi chú", lambda row, _: _note(row), 20),
)


def officers_table() -> Table[ExportedOfficer]:
    """The table."""
    sheet = Words(en="Officers", vi="Công chức, viên chức")
    return Table(name="officers", sheet=sheet, codes=CODES, in_words=IN_WORDS)
