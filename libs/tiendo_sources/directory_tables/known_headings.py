"""The headings of the directory's tables, by table and by what they mean; the first is what a table is written with, all are compared without diacritics."""

from collections.abc import Mapping

Columns = Mapping[str, tuple[str, ...]]

_FROM = ("hiệu lực từ ngày", "từ ngày", "ngày bắt đầu", "ngày hiệu lực", "hiệu lực từ", "valid from")
_NO_LONGER = ("hết hiệu lực từ ngày", "hết hiệu lực từ", "ngày hết hiệu lực", "thôi áp dụng từ ngày", "valid to")
_LAST_DAY = ("đến hết ngày", "đến ngày", "ngày kết thúc", "ngày cuối", "last day")
_UNIT_NAME = ("đơn vị", "tên đơn vị", "phòng ban", "cơ quan", "đơn vị công tác", "phòng")
_OFFICER = (
    "mã cán bộ",
    "mã công chức",
    "mã viên chức",
    "mã cbcc",
    "mã nhân viên",
    "mã số cán bộ",
    "officer id",
    "officer",
)
_PROCEDURE = ("mã thủ tục", "mã tthc", "mã thủ tục hành chính", "procedure id", "procedure")
_CALENDAR = ("mã lịch", "lịch", "lịch làm việc", "calendar")

TABLES: Mapping[str, Columns] = {
    "unit": {
        "id": ("mã đơn vị", "mã cơ quan", "mã định danh đơn vị", "mã định danh", "unit id", "unit"),
        "name": ("tên đơn vị", "đơn vị", "tên cơ quan", "cơ quan", "name"),
        "parent": ("mã đơn vị cấp trên", "mã đơn vị cha", "mã cấp trên", "đơn vị cấp trên", "trực thuộc", "cấp trên", "parent"),
        "level": ("cấp", "cấp hành chính", "cấp đơn vị", "level"),
        "valid_from": _FROM,
        "valid_to": _NO_LONGER,
        "last_day": _LAST_DAY,
        "merged_into": ("sáp nhập vào", "mã đơn vị sáp nhập vào", "nhập vào", "hợp nhất vào", "merged into"),
    },
    "officer": {
        "id": _OFFICER,
        "name": ("họ và tên", "họ tên", "tên cán bộ", "họ và tên cán bộ", "họ tên cán bộ", "name"),
        "unit": ("mã đơn vị", "mã cơ quan", "mã phòng ban", "unit id", "unit"),
        "unit_name": _UNIT_NAME,
        "position": ("chức vụ", "chức danh", "position"),
        "valid_from": _FROM,
        "valid_to": _NO_LONGER,
        "last_day": _LAST_DAY,
        "same_as": ("cùng người với mã", "trùng với mã", "là một người với mã", "mã gốc", "same as"),
        "accounts": ("tài khoản", "tên đăng nhập", "tài khoản đăng nhập", "accounts"),
    },
    "absence": {
        "officer": _OFFICER,
        "from": ("nghỉ từ ngày", "nghỉ từ", "từ ngày", "ngày bắt đầu nghỉ", "bắt đầu nghỉ", "vắng từ", "from"),
        "to": ("nghỉ đến hết ngày", "nghỉ đến ngày", "nghỉ đến", "đến ngày", "đến hết ngày", "ngày kết thúc nghỉ", "vắng đến", "to"),
        "kind": ("loại nghỉ", "lý do nghỉ", "hình thức nghỉ", "lý do vắng", "kind"),
    },
    "procedure": {
        "id": _PROCEDURE,
        "valid_from": _FROM,
        "pause": ("cách tính khi tạm dừng", "tạm dừng", "cách tính tạm dừng", "pause"),
        "days": ("loại ngày", "tính theo ngày", "cách tính ngày", "days"),
        "norm_minutes": ("thời hạn giải quyết (phút)", "thời hạn (phút)", "số phút giải quyết", "norm minutes"),
        "norm_hours": ("thời hạn giải quyết (giờ)", "thời hạn (giờ)", "số giờ giải quyết"),
        "norm_days": ("thời hạn giải quyết (ngày)", "thời hạn (ngày)", "số ngày giải quyết"),
    },
    "step": {
        "procedure": _PROCEDURE,
        "id": ("mã bước", "step id", "step"),
        "name": ("tên bước", "bước", "bước xử lý", "nội dung công việc", "name"),
        "allotted_minutes": ("thời gian quy định (phút)", "thời hạn bước (phút)", "số phút", "định mức (phút)", "allotted minutes"),
        "allotted_hours": ("thời gian quy định (giờ)", "thời hạn bước (giờ)", "số giờ", "định mức (giờ)"),
        "allotted_days": ("thời gian quy định (ngày)", "thời hạn bước (ngày)", "số ngày", "định mức (ngày)"),
        "valid_from": _FROM,
    },
    "calendar": {
        "id": _CALENDAR,
        "time_zone": ("múi giờ", "time zone"),
        "units": ("áp dụng cho đơn vị", "đơn vị áp dụng", "mã đơn vị áp dụng", "units"),
        "holidays": ("ngày lễ của", "ngày lễ", "nước", "holidays"),
        "due_on_day_off": ("hạn rơi vào ngày nghỉ", "hạn vào ngày nghỉ", "due on day off"),
    },
    "session": {
        "calendar": _CALENDAR,
        "weekdays": ("thứ", "các thứ", "ngày trong tuần"),
        "from": ("từ giờ", "giờ bắt đầu", "from"),
        "to": ("đến giờ", "giờ kết thúc", "to"),
        "valid_from": _FROM,
        "valid_to": (*_LAST_DAY, "valid to"),
    },
    "override": {
        "calendar": _CALENDAR,
        "date": ("ngày", "ngày nghỉ, làm bù", "date"),
        "kind": ("nghỉ hay làm", "loại ngày", "nghỉ / làm bù", "kind"),
        "legal_reference": ("căn cứ", "văn bản", "căn cứ pháp lý", "legal reference"),
    },
}  # fmt: skip
REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "unit": (("id",),),
    "officer": (("id",),),
    "absence": (("officer",), ("from",), ("to",)),
    "procedure": (("id",),),
    "step": (("procedure",), ("id",), ("allotted_minutes", "allotted_hours", "allotted_days")),
    "calendar": (("id",),),
    "session": (("calendar",), ("weekdays",), ("from",), ("to",)),
    "override": (("calendar",), ("date",), ("kind",)),
}
"""Of each table the columns without which it is none; of a group one is enough."""
SHEETS: Mapping[str, tuple[str, ...]] = {
    "unit": ("Đơn vị", "Cơ quan"),
    "officer": ("Công chức", "Cán bộ", "Viên chức"),
    "absence": ("Nghỉ, vắng", "Nghỉ phép", "Vắng mặt", "Nghỉ"),
    "procedure": ("Thủ tục", "Thủ tục hành chính"),
    "step": ("Bước", "Quy trình", "Các bước"),
    "calendar": ("Lịch",),
    "session": ("Buổi làm việc",),
    "override": ("Ngày nghỉ, làm bù", "Ngày nghỉ", "Làm bù"),
}
"""The names of sheets, by which a table is known whose headings could be another's."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "level": {"tỉnh": "province", "cấp tỉnh": "province", "huyện": "district", "cấp huyện": "district", "xã": "commune", "cấp xã": "commune"},
    "pause": {"dừng tính giờ": "suspend", "tính lại từ đầu": "restart", "dời hạn": "shift"},
    "days": {"ngày làm việc": "working", "làm việc": "working", "ngày lịch": "calendar", "ngày dương lịch": "calendar"},
    "kind": {"nghỉ": "off", "ngày nghỉ": "off", "làm bù": "working", "làm việc": "working", "đi làm": "working"},
    "due_on_day_off": {"chuyển sang ngày làm việc tiếp theo": "next-working-day", "giữ nguyên": "as-stated"},
}  # fmt: skip
"""Words of cells by what they mean, of the columns that know few; the first of each meaning is what a table is written with."""
