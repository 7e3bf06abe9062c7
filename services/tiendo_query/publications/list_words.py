"""What the members of a list are called where people read them."""

from collections.abc import Mapping
from typing import Final

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
    "resolved_overdue": "Trong đó quá hạn",
    "actual": "Quá hạn thực tế",
    "late_entry": "Quá hạn do quên thao tác",
    "unproven": "Quá hạn, chưa có minh chứng quên thao tác",
    "pause_not_respected": "Chỉ quá hạn vì chưa trừ thời gian tạm dừng (không tính quá hạn)",
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
