"""What is wrong with an event, in English and Vietnamese.

A detail names its values in braces. Nothing here quotes what was sent except names of members and parameters.
"""

from tiendo_contracts.events.event_types import FACT_TYPES
from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import CLOSED, KEYS, LIMITS, STRICT, text

_TYPES = ", ".join(fact.kind for fact in FACT_TYPES.values())

EVENT_TEXTS = {
    Kind.EVENT_NOT_AN_OBJECT: text(
        422,
        ("Not an event", "Không phải sự kiện"),
        ("An event is a JSON object.", "Sự kiện phải là một đối tượng JSON."),
        ("Send a CloudEvents 1.0 object.", "Hãy gửi một đối tượng CloudEvents 1.0."),
        STRICT,
    ),
    Kind.EVENT_TYPE_UNKNOWN: text(
        422,
        ("Unknown type of event", "Loại sự kiện không được hỗ trợ"),
        ("This type of event is not known here.", "Hệ thống không hỗ trợ loại sự kiện này."),
        (
            f"Send vn.tiendo.case.<name>.v1 with one of: {_TYPES}.",
            f"Hãy gửi vn.tiendo.case.<tên>.v1 với một trong: {_TYPES}.",
        ),
        CLOSED,
    ),
    Kind.MEMBER_MISSING: text(
        422,
        ("Member missing", "Thiếu trường bắt buộc"),
        ("The event means nothing without `{field}`.", "Sự kiện thiếu `{field}` nên không đủ nghĩa."),
        ("Send `{field}`: {expected}.", "Hãy gửi `{field}`: {expected}."),
        CLOSED,
    ),
    Kind.MEMBER_UNKNOWN: text(
        422,
        ("Unknown member", "Trường không được phép"),
        ("`{field}` is no member of this type of event.", "`{field}` không phải là trường của loại sự kiện này."),
        ("Leave `{field}` out.", "Hãy bỏ `{field}`."),
        CLOSED,
    ),
    Kind.EXTENSION_MISSPELT: text(
        422,
        ("Extension misspelt", "Tên thuộc tính mở rộng viết sai"),
        (
            "`{field}` differs from `{expected}` in capital and small letters only, and would be passed over.",
            "`{field}` chỉ khác `{expected}` ở chữ hoa, chữ thường, nên sẽ bị bỏ qua.",
        ),
        ("Write it `{expected}`, or leave it out.", "Hãy viết là `{expected}`, hoặc bỏ đi."),
        CLOSED,
    ),
    Kind.VALUE_INVALID: text(
        422,
        ("Value refused", "Giá trị không hợp lệ"),
        ("`{field}` must be {expected}.", "`{field}` không hợp lệ; cần: {expected}."),
        ("Right would be: {expected}.", "Giá trị đúng: {expected}."),
        CLOSED,
    ),
    Kind.INSTANT_INVALID: text(
        422,
        ("Not an instant", "Thời điểm không hợp lệ"),
        ("`{field}` is not an instant that can be kept.", "`{field}` không phải là thời điểm hợp lệ."),
        (
            "Send RFC 3339 with an offset, at most microseconds, years 1970 to 2199, no leap second, such as 2022-08-15T08:05:00+07:00.",
            (
                "Hãy gửi theo RFC 3339 có độ lệch múi giờ, tối đa micro giây, năm 1970 đến 2199, không có giây nhuận, "
                "ví dụ 2022-08-15T08:05:00+07:00."
            ),
        ),
        (
            "Minutes are counted against people, so a time without its offset is never guessed.",
            "Số phút được tính cho từng người nên thời điểm phải ghi rõ múi giờ; hệ thống không suy đoán.",
        ),
    ),
    Kind.SOURCE_RESERVED: text(
        422,
        ("Reserved source", "Nguồn dành riêng"),
        ("The source `{source}` belongs to tiendo itself.", "Nguồn `{source}` dành riêng cho tiendo."),
        ("Send the events under a source of your own.", "Hãy gửi sự kiện với nguồn của mình."),
        CLOSED,
    ),
    Kind.NOT_ENTITLED: text(
        403,
        ("Not entitled", "Không có quyền gửi"),
        ("You may not send {what}.", "Không có quyền gửi {what}."),
        ("Use a key, or sign in as somebody, that is entitled to it.", "Hãy dùng khóa hoặc tài khoản có quyền đó."),
        KEYS,
    ),
    Kind.CONFLICT: text(
        409,
        ("Conflict", "Xung đột"),
        (
            "An event of the same source and id, but with other content, is stored at position {position}.",
            "Một sự kiện cùng source và id nhưng khác nội dung đã được lưu ở vị trí {position}.",
        ),
        (
            "Send a new event under a new id; mend a wrong one with `corrected`.",
            "Hãy gửi sự kiện mới với id mới; sửa sự kiện sai bằng `corrected`.",
        ),
        (
            "Source and id are the key of an event. What is stored is never replaced: it is corrected by a further event.",
            "Sự kiện được nhận biết theo source và id. Nội dung đã lưu không bị sửa hay thay thế; muốn sửa thì gửi sự kiện đính chính.",
        ),
    ),
    Kind.EVENT_TOO_LARGE: text(
        413,
        ("Event too large", "Sự kiện quá lớn"),
        ("The event has more than {limit} bytes.", "Sự kiện dài hơn {limit} byte."),
        ("Send only what the contract names.", "Hãy chỉ gửi những trường có trong quy định."),
        LIMITS,
    ),
}
