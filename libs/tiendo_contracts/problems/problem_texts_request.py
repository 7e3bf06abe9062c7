"""What stands in the way of a whole request, in English and Vietnamese.

A detail names its values in braces. Nothing here quotes what was sent except names of members and parameters.
"""

from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import AGAIN, BUSY, KEYS, LIMITS, QUERIES, STRICT, text

REQUEST_TEXTS = {
    Kind.DIRECTORY_REFUSED: text(
        422,
        ("Directory refused", "Danh bạ không hợp lệ"),
        ("{field}: {cause}", "{field}: {cause}"),
        (
            "Mend what each of `errors` names, and send the whole again: nothing of it was taken.",
            "Hãy sửa những chỗ nêu ở `errors` rồi gửi lại toàn bộ: chưa có gì được ghi nhận.",
        ),
        STRICT,
    ),
    Kind.BODY_TOO_LARGE: text(
        413,
        ("Body too large", "Nội dung quá lớn"),
        ("The body, unpacked, has more than {limit} bytes.", "Nội dung sau khi giải nén dài hơn {limit} byte."),
        (
            "Send several smaller batches, or application/x-ndjson of any length.",
            "Hãy chia nhỏ lô, hoặc dùng application/x-ndjson dài tùy ý.",
        ),
        LIMITS,
    ),
    Kind.TOO_MANY_EVENTS: text(
        413,
        ("Too many events", "Quá nhiều sự kiện"),
        ("A batch holds at most {limit} events.", "Một lô có nhiều nhất {limit} sự kiện."),
        (
            "Send several smaller batches, or application/x-ndjson of any length.",
            "Hãy chia nhỏ lô, hoặc dùng application/x-ndjson dài tùy ý.",
        ),
        LIMITS,
    ),
    Kind.MEDIA_TYPE_UNSUPPORTED: text(
        415,
        ("Media type not supported", "Kiểu nội dung không được hỗ trợ"),
        ("Bodies of this media type are not read here.", "Không nhận nội dung kiểu này."),
        (
            "Send one of {known}, with charset=utf-8 or without charset.",
            "Hãy gửi một trong {known}, với charset=utf-8 hoặc không nêu charset.",
        ),
        STRICT,
    ),
    Kind.CONTENT_ENCODING_UNSUPPORTED: text(
        415,
        ("Content encoding not supported", "Cách nén không được hỗ trợ"),
        ("Bodies are read plain or packed with gzip.", "Nội dung chỉ được nhận dạng thường hoặc nén gzip."),
        ("Send Content-Encoding: gzip, or none.", "Hãy gửi Content-Encoding: gzip, hoặc không nén."),
        LIMITS,
    ),
    Kind.UNAUTHENTICATED: text(
        401,
        ("Not authenticated", "Chưa xác thực"),
        (
            "There is no key with the request, or it is not known, was revoked, or has expired.",
            "Yêu cầu không kèm khóa, hoặc khóa không đúng, đã bị thu hồi hay hết hạn.",
        ),
        ("Send Authorization: Bearer KEY.", "Hãy gửi Authorization: Bearer KHÓA."),
        KEYS,
    ),
    Kind.TOO_MANY_REQUESTS: text(
        429,
        ("Too many requests", "Quá nhiều yêu cầu"),
        (
            "More is asked or sent at once, or within a minute, than one address or key may.",
            "Số yêu cầu hoặc dung lượng gửi cùng lúc hay trong một phút đã vượt mức cho một địa chỉ hoặc một khóa.",
        ),
        (
            "Try again after the time in Retry-After, and send in batches.",
            "Hãy thử lại sau thời gian ở Retry-After, và gửi theo lô.",
        ),
        KEYS,
    ),
    Kind.TOO_MANY_LOGINS: text(
        429,
        ("Too many failed logins", "Đăng nhập sai quá nhiều lần"),
        (
            "More than ten logins with this key id failed within a minute.",
            "Trong một phút đã có hơn mười lần đăng nhập sai với mã khóa này.",
        ),
        (
            "Use the right key; try again after the time in Retry-After.",
            "Hãy dùng đúng khóa; thử lại sau thời gian ở Retry-After.",
        ),
        KEYS,
    ),
    Kind.TOO_MANY_REJECTIONS: text(
        429,
        ("Too many refused events", "Quá nhiều sự kiện bị từ chối"),
        (
            "So much of this key was refused within an hour that nothing more is kept; nothing of this request was taken.",
            "Trong một giờ, quá nhiều sự kiện của khóa này bị từ chối nên không lưu thêm; không sự kiện nào của yêu cầu này được nhận.",
        ),
        ("Mend what `errors` says and send the events again.", "Hãy sửa theo `errors` rồi gửi lại."),
        LIMITS,
    ),
    Kind.SCOPE_MISSING: text(
        403,
        ("Not allowed", "Không có quyền"),
        ("The key does not have the scope {scope}.", "Khóa không có quyền {scope}."),
        ("Use a key with the scope {scope}.", "Hãy dùng khóa có quyền {scope}."),
        KEYS,
    ),
    Kind.REJECTION_OF_ANOTHER_KEY: text(
        403,
        ("Not allowed", "Không có quyền"),
        ("The refused event was sent with another key.", "Sự kiện bị từ chối này do khóa khác gửi."),
        ("Use the key that sent it, or one with the scope admin.", "Hãy dùng khóa đã gửi, hoặc khóa có quyền admin."),
        KEYS,
    ),
    Kind.REJECTION_UNKNOWN: text(
        404,
        ("No such rejection", "Không có mục từ chối này"),
        ("There is no refused event of this id.", "Không có sự kiện bị từ chối nào có mã này."),
        ("Look it up in GET /v1/rejections.", "Hãy tra ở GET /v1/rejections."),
        QUERIES,
    ),
    Kind.HEAD_TOO_LARGE: text(
        431,
        ("Head too large", "Phần đầu yêu cầu quá lớn"),
        (
            "The head of the request has more than 64 KiB, or more than 200 headers.",
            "Phần đầu của yêu cầu dài hơn 64 KiB, hoặc có hơn 200 trường tiêu đề.",
        ),
        ("Send fewer and shorter headers.", "Hãy gửi ít trường tiêu đề hơn và ngắn hơn."),
        LIMITS,
    ),
    Kind.REQUEST_TOO_SLOW: text(
        408,
        ("Too slow", "Yêu cầu đến quá chậm"),
        (
            "The head of the request was not complete 30 seconds after its first byte.",
            "Sau 30 giây kể từ byte đầu tiên, phần đầu của yêu cầu vẫn chưa gửi xong.",
        ),
        ("Open a connection when the request is ready.", "Hãy mở kết nối khi yêu cầu đã sẵn sàng."),
        LIMITS,
    ),
    Kind.OVERLOADED: text(
        503,
        ("Too busy", "Hệ thống đang quá tải"),
        ("More is waiting to be stored than the service takes on.", "Số sự kiện chờ ghi đã vượt mức nhận."),
        AGAIN,
        BUSY,
    ),
    Kind.LOG_UNAVAILABLE: text(
        503,
        ("The log cannot be written", "Không ghi được nhật ký"),
        ("The event log cannot be written at the moment.", "Hiện không ghi được nhật ký sự kiện."),
        AGAIN,
        BUSY,
    ),
    Kind.NOT_TAKEN_HERE: text(
        503,
        ("Nothing is taken at this address", "Địa chỉ này không nhận nội dung"),
        (
            "Questions alone are answered here; what is explained and decided is taken under `tiendo up` or `tiendo serve web`. Nothing was kept.",
            "Ở đây chỉ trả lời câu hỏi; giải trình, quyết định được nhận ở `tiendo up` hoặc `tiendo serve web`. Chưa có gì được ghi.",
        ),
        (
            "Open the same page at that address; whoever runs the service knows it.",
            "Hãy mở trang này ở địa chỉ đó; người vận hành hệ thống cho biết.",
        ),
        BUSY,
    ),
    Kind.DATABASE_UNAVAILABLE: text(
        503,
        ("The database does not answer", "Cơ sở dữ liệu không phản hồi"),
        ("The database does not answer at the moment.", "Hiện cơ sở dữ liệu không phản hồi."),
        AGAIN,
        BUSY,
    ),
    Kind.NOT_READY: text(
        503,
        ("Not ready", "Chưa sẵn sàng"),
        ("The service is starting or stopping.", "Dịch vụ đang khởi động hoặc đang dừng."),
        AGAIN,
        BUSY,
    ),
    Kind.REQUEST_REFUSED: text(
        400,
        ("Request refused", "Yêu cầu bị từ chối"),
        ("The request cannot be understood.", "Không hiểu được yêu cầu."),
        None,
        QUERIES,
    ),
    Kind.INTERNAL_ERROR: text(
        500,
        ("A fault of ours", "Lỗi của hệ thống"),
        (
            "Something went wrong here. It was written to the service's journal.",
            "Hệ thống gặp lỗi và đã ghi vào nhật ký vận hành.",
        ),
        (
            "Send the request again; if it fails again, tell the operator.",
            "Hãy thử lại; nếu vẫn lỗi, hãy báo người vận hành.",
        ),
        BUSY,
    ),
}
