"""What the table of delays says in which column."""

from typing import Final

from tiendo_contracts.answers.common import SIMULATED_NOTICE, Named
from tiendo_contracts.answers.delays import Delay
from tiendo_contracts.explanation import CLASS_WORDS, PARTY_WORDS, STATE_WORDS, days_and_hours, rule_in_words
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_query.tables.columns import Column, Table, Wording, coded, says


def _id(thing: Named | None) -> str | None:
    return None if thing is None else thing.id


def _name(thing: Named | None) -> str | None:
    return None if thing is None else thing.name


def _class(row: Delay, wording: Wording) -> str | None:
    return None if row.case_class is None else wording.words(CLASS_WORDS[row.case_class])


_CODES: Final[tuple[Column[Delay], ...]] = (
    coded("case", lambda row, _: row.case_id),
    coded("procedure", lambda row, _: _id(row.procedure)),
    coded("procedure_name", lambda row, _: _name(row.procedure)),
    coded("field", lambda row, _: _name(row.field) or _id(row.field)),
    coded("responsible_unit", lambda row, _: _id(row.responsible_unit)),
    coded("responsible_unit_name", lambda row, _: _name(row.responsible_unit)),
    coded("responsible_unit_path", lambda row, wording: wording.unit(row.responsible_unit)),
    coded("received", lambda row, _: row.received_at),
    coded("due", lambda row, _: row.due_at),
    coded("judged_due", lambda row, _: row.judged_due_at),
    coded("ended", lambda row, _: row.ended_at),
    coded("state", lambda row, _: row.state),
    coded("lateness_minutes", lambda row, _: row.lateness_minutes),
    coded("party_kind", lambda row, _: row.party_kind),
    coded("officer_id", lambda row, _: row.officer_id),
    coded("full_name", lambda row, _: row.full_name),
    coded("position", lambda row, _: row.position),
    coded("unit", lambda row, _: _name(row.unit) or _id(row.unit)),
    coded("unit_path", lambda row, wording: wording.unit(row.unit)),
    coded("step", lambda row, _: row.step),
    coded("held_from", lambda row, _: row.held_from),
    coded("held_to", lambda row, _: row.held_to),
    coded("minutes", lambda row, _: row.minutes),
    coded("by_rule_minutes", lambda row, _: row.by_rule_minutes),
    coded("late_entry_minutes", lambda row, _: row.late_entry_minutes),
    coded("late_entry_by_rule_minutes", lambda row, _: row.late_entry_by_rule_minutes),
    coded("received_by_decision_minutes", lambda row, _: row.received_by_decision_minutes),
    coded("class", lambda row, _: row.case_class),
    coded("rule", lambda row, _: row.rule),
    coded("event_ids", lambda row, _: " ".join(row.event_ids)),
    coded("aliases", lambda row, _: "; ".join(row.aliases) or None),
    coded("notice", lambda row, _: SIMULATED_NOTICE if row.simulated else None),
    coded("doubtful_minutes", lambda row, _: row.doubtful_minutes),
    coded("quality", lambda row, _: row.quality),
)
_IN_WORDS: Final[tuple[Column[Delay], ...]] = (
    says("Case", "Mã hồ sơ", lambda row, _: row.case_id, 28),
    says("Procedure code", "Mã thủ tục", lambda row, _: _id(row.procedure)),
    says("Procedure", "Tên thủ tục", lambda row, _: _name(row.procedure), 40),
    says("Field", "Lĩnh vực", lambda row, _: _name(row.field) or _id(row.field), 20),
    says("Responsible unit code", "Mã đơn vị giải quyết", lambda row, _: _id(row.responsible_unit)),
    says("Responsible unit", "Đơn vị giải quyết", lambda row, wording: wording.unit(row.responsible_unit), 48),
    says("Received", "Ngày tiếp nhận", lambda row, wording: wording.local(row.received_at), 17),
    says("Due as stated", "Ngày hẹn trả", lambda row, wording: wording.local(row.due_at), 17),
    says("Due judged by", "Hạn để tính quá hạn", lambda row, wording: wording.local(row.judged_due_at), 17),
    says("Ended", "Ngày có kết quả", lambda row, wording: wording.local(row.ended_at), 17),
    says("State", "Tình trạng", lambda row, wording: wording.words(STATE_WORDS[row.state]), 20),
    says("Case late by minutes", "Số phút quá hạn của hồ sơ", lambda row, _: row.lateness_minutes),
    says(
        "Who answers",
        "Bên chịu trách nhiệm",
        lambda row, wording: wording.words(PARTY_WORDS[row.party_kind]),
        24,
    ),
    says("Officer code", "Mã công chức, viên chức", lambda row, _: row.officer_id),
    says("Full name", "Họ và tên", lambda row, _: row.full_name, 26),
    says("Position", "Chức vụ", lambda row, _: row.position, 20),
    says("Unit", "Đơn vị", lambda row, wording: wording.unit(row.unit), 48),
    says("Step", "Bước", lambda row, _: row.step, 24),
    says("Held from", "Giữ từ", lambda row, wording: wording.local(row.held_from), 17),
    says("Held to", "Giữ đến", lambda row, wording: wording.local(row.held_to), 17),
    says("Minutes put to them", "Số phút quy trách nhiệm", lambda row, _: row.minutes),
    says(
        "In working days of 8 hours",
        "Quy ra ngày làm việc (8 giờ)",
        lambda row, wording: wording.words(days_and_hours(row.minutes)),
        22,
    ),
    says("By the rules alone", "Theo quy tắc, trước quyết định", lambda row, _: row.by_rule_minutes),
    says("Minutes of late entry", "Số phút do quên thao tác", lambda row, _: row.late_entry_minutes),
    says("Moved here by decision", "Nhận theo quyết định", lambda row, _: row.received_by_decision_minutes),
    says("Class", "Phân loại", _class, 24),
    says("Rule", "Quy tắc", lambda row, wording: wording.words(rule_in_words(row.rule)), 40),
    says("Events behind it", "Sự kiện làm căn cứ", lambda row, _: " ".join(row.event_ids), 40),
    says("Other codes of the case", "Mã khác của hồ sơ", lambda row, _: "; ".join(row.aliases) or None, 20),
    says("Note", "Ghi chú", lambda row, _: SIMULATED_NOTICE if row.simulated else None, 20),
    says("Of them doubtful minutes", "Trong đó số phút nghi vấn", lambda row, _: row.doubtful_minutes),
    says("Quality", "Chất lượng số liệu", lambda row, wording: wording.words(VERDICT_WORDS[row.quality]), 20),
)

DELAYS: Final = Table(name="delays", sheet=Words(en="Delays", vi="Chậm trễ"), codes=_CODES, in_words=_IN_WORDS)
"""The extraction case by case; units with their parents."""
