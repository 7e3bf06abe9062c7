"""What is wrong with a record that another system sends in its own format, in English and Vietnamese.

Nothing here quotes what was sent except names of members.
"""

from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import KEYS, text

_ASIDE = (
    "One bad record is set aside with its reason, and the rest goes on. It is kept under /v1/rejections without the applicant's data.",
    (
        "Bản ghi sai được để riêng kèm lý do, các bản ghi khác vẫn được nhận. "
        "Bản ghi đó được giữ ở /v1/rejections, không có dữ liệu của người nộp hồ sơ."
    ),
)

RECORD_TEXTS = {
    Kind.RECORD_INSTANT_UNREADABLE: text(
        422,
        ("Instant not readable", "Không đọc được thời điểm"),
        ("`{field}` is not an instant that can be read.", "`{field}` không phải là thời điểm đọc được."),
        (
            'Send `{field}` as "20220815080500" or "2022-08-15T08:05:00.000", with its time of day, or leave it empty; years are 1970 to 2199.',
            (
                'Hãy gửi `{field}` dạng "20220815080500" hoặc "2022-08-15T08:05:00.000", có giờ phút, hoặc để trống; '
                "năm từ 1970 đến 2199."
            ),
        ),
        _ASIDE,
    ),
    Kind.RECORD_MEMBER_MISSING: text(
        422,
        ("Member missing", "Thiếu trường bắt buộc"),
        ("The record means nothing without `{field}`.", "Bản ghi thiếu `{field}` nên không đủ nghĩa."),
        ("Send `{field}`: {expected}.", "Hãy gửi `{field}`: {expected}."),
        _ASIDE,
    ),
    Kind.RECORDS_MISSING: text(
        400,
        ("No records", "Không có bản ghi"),
        ("The body holds no array of records.", "Nội dung gửi không có mảng bản ghi."),
        (
            "Send an object with `service` and the array `data`, or the bare array to the address of its service.",
            "Hãy gửi đối tượng có `service` và mảng `data`, hoặc mảng bản ghi tới địa chỉ của dịch vụ.",
        ),
        _ASIDE,
    ),
    Kind.SERVICE_UNKNOWN: text(
        400,
        ("Unknown service", "Dịch vụ không được hỗ trợ"),
        ("This service is not known here.", "Hệ thống không có dịch vụ này."),
        ("Send one of: {known}.", "Hãy gửi một trong: {known}."),
        _ASIDE,
    ),
    Kind.SOURCE_NOT_ONE: text(
        403,
        ("The key is not bound to one source", "Khóa không gắn với đúng một nguồn"),
        (
            "What this address takes bears the source that the key is bound to, and this key is bound to none or to several.",
            "Dữ liệu gửi tới địa chỉ này mang nguồn mà khóa được gắn, nhưng khóa này không gắn với nguồn nào hoặc gắn với nhiều nguồn.",
        ),
        (
            "Have a key made that is bound to one source: `tiendo keys create --scope ingest --source /kontum`.",
            "Hãy xin tạo khóa gắn với một nguồn: `tiendo keys create --scope ingest --source /kontum`.",
        ),
        KEYS,
    ),
}
