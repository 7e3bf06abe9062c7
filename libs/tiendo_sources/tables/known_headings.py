"""Headings that the tables of Vietnamese offices have, by what they mean; compared without diacritics."""

from collections.abc import Mapping

from tiendo_domain.names import search_key

KNOWN: Mapping[str, tuple[str, ...]] = {
    "case_id": ("mã hồ sơ", "số hồ sơ", "mã số hồ sơ", "mã hs", "số biên nhận", "mã biên nhận", "mã hồ sơ tthc", "case id"),
    "received": (
        "ngày tiếp nhận", "thời gian tiếp nhận", "ngày nhận hồ sơ", "ngày nhận", "ngày giờ tiếp nhận", "thời điểm tiếp nhận",
        "tiếp nhận", "received",
    ),
    "due": (
        "ngày hẹn trả", "ngày hẹn trả kết quả", "hẹn trả", "hạn trả", "hạn xử lý", "hạn giải quyết", "ngày hẹn", "thời gian hẹn trả",
        "hẹn trả kết quả", "thời hạn giải quyết đến", "due",
    ),
    "completed": (
        "ngày có kết quả", "ngày kết thúc xử lý", "ngày xử lý xong", "ngày hoàn thành", "ngày giải quyết xong", "có kết quả",
        "ngày kết thúc", "thời gian hoàn thành", "thời gian có kết quả", "ngày giải quyết", "completed",
    ),
    "delivered": ("ngày trả kết quả", "ngày trả", "thời gian trả kết quả", "ngày trả thực tế", "ngày trả kq", "delivered"),
    "declined": ("ngày từ chối", "thời gian từ chối", "ngày từ chối tiếp nhận"),
    "withdrawn": ("ngày rút", "ngày rút hồ sơ", "ngày công dân rút"),
    "unit": (
        "đơn vị giải quyết", "cơ quan giải quyết", "đơn vị thụ lý", "cơ quan thực hiện", "đơn vị tiếp nhận", "đơn vị", "cơ quan",
        "đơn vị chủ trì", "unit",
    ),
    "unit_id": ("mã đơn vị", "mã cơ quan", "mã định danh đơn vị"),
    "procedure": (
        "thủ tục", "tên thủ tục", "thủ tục hành chính", "tên thủ tục hành chính", "tên tthc", "mã thủ tục", "mã tthc", "tthc",
        "mã thủ tục hành chính",
    ),
    "field": ("lĩnh vực", "tên lĩnh vực"),
    "channel": ("hình thức tiếp nhận", "hình thức nộp", "kênh tiếp nhận", "kênh thực hiện", "hình thức"),
    "step": ("bước", "bước xử lý", "tên bước", "quy trình", "công việc", "nội dung xử lý", "nội dung công việc", "step"),
    "step_id": ("mã bước", "số bước"),
    "officer": (
        "cán bộ xử lý", "người xử lý", "cán bộ thụ lý", "công chức xử lý", "chuyên viên xử lý", "họ tên cán bộ", "cán bộ",
        "người thụ lý", "cán bộ giải quyết", "họ và tên cán bộ", "officer",
    ),
    "officer_id": ("mã cán bộ", "mã công chức", "mã người xử lý", "tài khoản cán bộ", "tài khoản xử lý"),
    "officer_unit": ("phòng ban", "phòng ban xử lý", "bộ phận", "đơn vị cán bộ", "đơn vị xử lý", "phòng", "đơn vị công tác"),
    "position": ("chức vụ", "chức danh"),
    "started": (
        "thời gian bắt đầu", "ngày bắt đầu", "bắt đầu", "thời gian nhận", "ngày nhận xử lý", "thời gian nhận xử lý", "ngày chuyển đến",
    ),
    "ended": (
        "thời gian kết thúc", "kết thúc", "thời điểm xử lý", "ngày xử lý", "thời gian xử lý xong", "ngày chuyển đi",
        "ngày xử lý xong bước", "thời gian chuyển",
    ),
    "allotted_minutes": ("số phút quy định", "thời gian quy định (phút)", "số phút", "định mức (phút)"),
}  # fmt: skip
APPLICANT = (
    "chủ hồ sơ", "người nộp", "tên công dân", "họ tên người nộp", "số điện thoại", "điện thoại", "cmnd", "cccd", "căn cước",
    "địa chỉ", "email", "tên tổ chức", "người yêu cầu", "ngày sinh",
)  # fmt: skip
STATUS = ("trạng thái", "tình trạng", "trạng thái hồ sơ", "tình trạng hồ sơ")
folded = search_key
"""What headings are compared by."""


_MEANINGS = {folded(phrase): meaning for meaning, phrases in KNOWN.items() for phrase in phrases}
_APPLICANT = tuple(folded(phrase) for phrase in APPLICANT)
_STATUS = frozenset(folded(phrase) for phrase in STATUS)


def meaning_of(heading: str) -> str | None:
    """What a heading means, where it is one that is known."""
    return _MEANINGS.get(folded(heading))


def likely_meaning_of(heading: str) -> str | None:
    """What a heading may mean, as the longest of those known that begins it."""
    text = folded(heading)
    found = [phrase for phrase in _MEANINGS if text.startswith(f"{phrase} ")]
    return _MEANINGS[max(found, key=len)] if found else None


def is_of_applicant(heading: str) -> bool:
    """Whether a column tells of whoever applies, which is never taken over."""
    return folded(heading).startswith(_APPLICANT)


def is_status(heading: str) -> bool:
    """Whether a column says how a case stands."""
    return folded(heading) in _STATUS
