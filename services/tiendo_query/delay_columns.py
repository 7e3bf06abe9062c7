"""What a table of delays says in which column: codes and instants for programs, words and local dates for people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_contracts.answers.common import SIMULATED_NOTICE, Named
from tiendo_contracts.answers.delays import Delay
from tiendo_contracts.explanation import CLASS_WORDS, PARTY_WORDS, STATE_WORDS, days_and_hours, rule_in_words
from tiendo_contracts.instants import read_instant
from tiendo_contracts.problem_kinds import Language, Words
from tiendo_read_models.queries.units import UnitTree

Value = str | int | datetime | None
"""A datetime is naive: the local clock of the province."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How values are put for people: the tree for the paths of units, the zone for local dates, the language of the words."""

    tree: UnitTree
    zone: ZoneInfo
    language: Language

    def unit(self, unit: Named | None) -> str | None:
        """The unit with the path of its parents."""
        return None if unit is None else self.tree.path(unit.id, unit.name)

    def local(self, text: str | None) -> datetime | None:
        """The instant by the local clock."""
        return None if text is None else read_instant(text).astimezone(self.zone).replace(tzinfo=None)

    def words(self, words: Words | None) -> str | None:
        """The words in the language."""
        return None if words is None else words.spoken(self.language)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what it says of a row, and its width in a spreadsheet."""

    heading: Words
    value: Callable[[Delay, Wording], Value]
    width: int = 16


def headings(columns: Sequence[Column], language: Language) -> list[str]:
    """The line of headings."""
    return [column.heading.spoken(language) for column in columns]


def _id(thing: Named | None) -> str | None:
    return None if thing is None else thing.id


def _name(thing: Named | None) -> str | None:
    return None if thing is None else thing.name


def _class(row: Delay, wording: Wording) -> str | None:
    return None if row.case_class is None else wording.words(CLASS_WORDS[row.case_class])


def _column(name: str, value: Callable[[Delay, Wording], Value]) -> Column:
    return Column(Words(en=name, vi=name), value)


CODES: Final = (
    _column("case", lambda row, _: row.case_id),
    _column("procedure", lambda row, _: _id(row.procedure)),
    _column("procedure_name", lambda row, _: _name(row.procedure)),
    _column("field", lambda row, _: _name(row.field) or _id(row.field)),
    _column("responsible_unit", lambda row, _: _id(row.responsible_unit)),
    _column("responsible_unit_name", lambda row, _: _name(row.responsible_unit)),
    _column("responsible_unit_path", lambda row, wording: wording.unit(row.responsible_unit)),
    _column("received", lambda row, _: row.received_at),
    _column("due", lambda row, _: row.due_at),
    _column("judged_due", lambda row, _: row.judged_due_at),
    _column("ended", lambda row, _: row.ended_at),
    _column("state", lambda row, _: row.state),
    _column("lateness_minutes", lambda row, _: row.lateness_minutes),
    _column("party_kind", lambda row, _: row.party_kind),
    _column("officer_id", lambda row, _: row.officer_id),
    _column("full_name", lambda row, _: row.full_name),
    _column("position", lambda row, _: row.position),
    _column("unit", lambda row, _: _name(row.unit) or _id(row.unit)),
    _column("unit_path", lambda row, wording: wording.unit(row.unit)),
    _column("step", lambda row, _: row.step),
    _column("held_from", lambda row, _: row.held_from),
    _column("held_to", lambda row, _: row.held_to),
    _column("minutes", lambda row, _: row.minutes),
    _column("late_entry_minutes", lambda row, _: row.late_entry_minutes),
    _column("class", lambda row, _: row.case_class),
    _column("rule", lambda row, _: row.rule),
    _column("event_ids", lambda row, _: " ".join(row.event_ids)),
    _column("notice", lambda row, _: SIMULATED_NOTICE if row.simulated else None),
)
"""For programs: codes, and instants as answers show them."""


def _says(en: str, vi: str, value: Callable[[Delay, Wording], Value], width: int = 16) -> Column:
    return Column(Words(en=en, vi=vi), value, width)


IN_WORDS: Final = (
    _says("Case", "Mã hồ sơ", lambda row, _: row.case_id, 28),
    _says("Procedure code", "Mã thủ tục", lambda row, _: _id(row.procedure)),
    _says("Procedure", "Tên thủ tục", lambda row, _: _name(row.procedure), 40),
    _says("Field", "Lĩnh vực", lambda row, _: _name(row.field) or _id(row.field), 20),
    _says("Responsible unit code", "Mã đơn vị giải quyết", lambda row, _: _id(row.responsible_unit)),
    _says("Responsible unit", "Đơn vị giải quyết", lambda row, wording: wording.unit(row.responsible_unit), 48),
    _says("Received", "Ngày tiếp nhận", lambda row, wording: wording.local(row.received_at), 17),
    _says("Due as stated", "Ngày hẹn trả", lambda row, wording: wording.local(row.due_at), 17),
    _says("Due judged by", "Hạn để tính quá hạn", lambda row, wording: wording.local(row.judged_due_at), 17),
    _says("Ended", "Ngày có kết quả", lambda row, wording: wording.local(row.ended_at), 17),
    _says("State", "Tình trạng", lambda row, wording: wording.words(STATE_WORDS[row.state]), 20),
    _says("Case late by minutes", "Số phút quá hạn của hồ sơ", lambda row, _: row.lateness_minutes),
    _says(
        "Who answers",
        "Bên chịu trách nhiệm",
        lambda row, wording: wording.words(PARTY_WORDS[row.party_kind]),
        24,
    ),
    _says("Officer code", "Mã công chức, viên chức", lambda row, _: row.officer_id),
    _says("Full name", "Họ và tên", lambda row, _: row.full_name, 26),
    _says("Position", "Chức vụ", lambda row, _: row.position, 20),
    _says("Unit", "Đơn vị", lambda row, wording: wording.unit(row.unit), 48),
    _says("Step", "Bước", lambda row, _: row.step, 24),
    _says("Held from", "Giữ từ", lambda row, wording: wording.local(row.held_from), 17),
    _says("Held to", "Giữ đến", lambda row, wording: wording.local(row.held_to), 17),
    _says("Minutes put to them", "Số phút quy trách nhiệm", lambda row, _: row.minutes),
    _says(
        "In working days of 8 hours",
        "Quy ra ngày làm việc (8 giờ)",
        lambda row, wording: wording.words(days_and_hours(row.minutes)),
        22,
    ),
    _says("Minutes of late entry", "Số phút do quên thao tác", lambda row, _: row.late_entry_minutes),
    _says("Class", "Phân loại", _class, 24),
    _says("Rule", "Quy tắc", lambda row, wording: wording.words(rule_in_words(row.rule)), 40),
    _says("Events behind it", "Sự kiện làm căn cứ", lambda row, _: " ".join(row.event_ids), 40),
    _says("Note", "Ghi chú", lambda row, _: SIMULATED_NOTICE if row.simulated else None, 20),
)
"""For people: words, local dates, units with their parents."""
