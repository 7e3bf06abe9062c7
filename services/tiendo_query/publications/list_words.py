"""What the members of a list are called where people read them."""

from collections.abc import Mapping
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.monthly_list.listing import WithheldFor

MEMBERS: Final[Mapping[str, str]] = {
    "cases": "Số hồ sơ",
    "held_cases": "Trong đó đang giữ",
    "late_cases": "Số hồ sơ chậm (sau quyết định)",
    "late_cases_by_rule": "Số hồ sơ chậm (theo quy tắc)",
    "attributed_minutes": "Phút quy trách nhiệm (sau quyết định)",
    "attributed_by_rule_minutes": "Phút quy trách nhiệm (theo quy tắc)",
    "moved_minutes": "Trong đó đã chuyển theo quyết định",
    "late_entry_minutes": "Phút quên thao tác (sau quyết định)",
    "late_entry_by_rule_minutes": "Phút quên thao tác (theo quy tắc)",
}

FIGURES: Final[Mapping[str, str]] = {
    "resolved": "Đã giải quyết xong",
    "resolved_overdue": "Trong đó quá hạn (sau quyết định)",
    "resolved_overdue_by_rule": "Trong đó quá hạn (theo quy tắc)",
    "actual": "Quá hạn thực tế (sau quyết định)",
    "actual_by_rule": "Quá hạn thực tế (theo quy tắc)",
    "late_entry": "Quá hạn do quên thao tác (sau quyết định)",
    "late_entry_by_rule": "Quá hạn do quên thao tác (theo quy tắc)",
    "unproven": "Quá hạn, chưa có minh chứng quên thao tác (sau quyết định)",
    "unproven_by_rule": "Quá hạn, chưa có minh chứng quên thao tác (theo quy tắc)",
    "pause_not_respected": "Chỉ quá hạn vì chưa trừ thời gian tạm dừng (không tính quá hạn)",
    "late_sync": "Đồng bộ chậm theo quyết định (không tính quá hạn)",
    "open": "Đang giải quyết cuối tháng",
    "open_overdue": "Trong đó đã quá hạn",
    "declined": "Không tiếp nhận",
    "withdrawn": "Công dân rút",
    "recorded_later": "Kết thúc trong kỳ, ghi nhận sau kỳ",
}

_PARTS: Final[Mapping[str, str]] = {
    "open_overdue": "Hồ sơ quá hạn chưa xong",
    "officers_without_late_case": "Không có hồ sơ chậm",
}

WITHHELD: Final[Mapping[WithheldFor, str]] = {
    WithheldFor.UNDECIDED: "giải trình chưa được quyết định",
    WithheldFor.BELOW_LEAST_MINUTES: "dưới mức công khai",
    WithheldFor.UNNAMED: "không rõ họ tên",
}


def member_words(member: str) -> str:
    """A member of `differences` in words."""
    part, _, name = member.rpartition(".")
    if part == "figures":
        return FIGURES.get(name, name)
    words = MEMBERS.get(name, name)
    return f"{_PARTS[part]}: {words}" if part in _PARTS else words


_ENGLISH: Final[Mapping[str, str]] = {
    "cases": "cases",
    "held_cases": "of these held",
    "late_cases": "late cases (after decisions)",
    "late_cases_by_rule": "late cases (by rule)",
    "attributed_minutes": "attributed minutes (after decisions)",
    "attributed_by_rule_minutes": "attributed minutes (by rule)",
    "moved_minutes": "of these moved by decisions",
    "late_entry_minutes": "late-entry minutes (after decisions)",
    "late_entry_by_rule_minutes": "late-entry minutes (by rule)",
}
_FIGURES_ENGLISH: Final[Mapping[str, str]] = {
    "resolved": "Resolved",
    "resolved_overdue": "Of these overdue (after decisions)",
    "resolved_overdue_by_rule": "Of these overdue (by rule)",
    "actual": "Really overdue (after decisions)",
    "actual_by_rule": "Really overdue (by rule)",
    "late_entry": "Overdue by late entry (after decisions)",
    "late_entry_by_rule": "Overdue by late entry (by rule)",
    "unproven": "Overdue, late entry not proven (after decisions)",
    "unproven_by_rule": "Overdue, late entry not proven (by rule)",
    "pause_not_respected": "Overdue only because a pause was not respected (not counted as overdue)",
    "late_sync": "Synchronised late, by decision (not counted as overdue)",
    "open": "Open at the end of the month",
    "open_overdue": "Of these overdue",
    "declined": "Declined",
    "withdrawn": "Withdrawn by the applicant",
    "recorded_later": "Finished in the period, recorded later",
}
_PARTS_ENGLISH: Final[Mapping[str, str]] = {
    "open_overdue": "Open and overdue",
    "officers_without_late_case": "Without a late case",
}
_WITHHELD_ENGLISH: Final[Mapping[WithheldFor, str]] = {
    WithheldFor.UNDECIDED: "an explanation is not decided yet",
    WithheldFor.BELOW_LEAST_MINUTES: "below what is published",
    WithheldFor.UNNAMED: "name not known",
}


def figure_words(name: str) -> Words:
    """A figure of the unit in both languages."""
    return Words(vi=FIGURES[name], en=_FIGURES_ENGLISH[name])


def withheld_words(reason: WithheldFor) -> Words:
    """Why somebody is not named, in both languages."""
    return Words(vi=WITHHELD[reason], en=_WITHHELD_ENGLISH[reason])


def change_words(member: str) -> Words:
    """A member of `differences` in both languages."""
    part, _, name = member.rpartition(".")
    if part == "figures":
        return Words(vi=member_words(member), en=_FIGURES_ENGLISH.get(name, name))
    english = _ENGLISH.get(name, name)
    return Words(
        vi=member_words(member), en=f"{_PARTS_ENGLISH[part]}: {english}" if part in _PARTS_ENGLISH else english
    )
