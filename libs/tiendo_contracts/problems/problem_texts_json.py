"""What is wrong with a text that should be JSON, in English and Vietnamese.

A detail names its values in braces. Nothing here quotes what was sent except names of members and parameters.
What RFC 8259 does not call JSON cannot be read: 400. JSON that could be read in two ways is an event that is refused: 422.
"""

from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import BUSY, STRICT, text

JSON_TEXTS = {
    Kind.JSON_INVALID: text(
        400,
        ("Not JSON", "Không phải JSON"),
        (
            "The text is not JSON; reading stopped at character {offset}.",
            "Văn bản không phải JSON; việc đọc dừng ở ký tự {offset}.",
        ),
        ("Send one JSON text as RFC 8259 describes it.", "Hãy gửi một văn bản JSON theo RFC 8259."),
        STRICT,
    ),
    Kind.JSON_NOT_UTF8: text(
        400,
        ("Not UTF-8", "Không phải UTF-8"),
        ("Byte {offset} is not UTF-8.", "Byte {offset} không phải UTF-8."),
        ("Send the text in UTF-8.", "Hãy gửi văn bản mã hóa UTF-8."),
        STRICT,
    ),
    Kind.JSON_BYTE_ORDER_MARK: text(
        400,
        ("Byte order mark", "Có dấu thứ tự byte (BOM)"),
        ("The text begins with a byte order mark (U+FEFF).", "Văn bản bắt đầu bằng dấu thứ tự byte (U+FEFF)."),
        ("Send UTF-8 without a byte order mark.", "Hãy gửi UTF-8 không có BOM."),
        STRICT,
    ),
    Kind.JSON_NULL_CHARACTER: text(
        422,
        ("Null character", "Có ký tự U+0000"),
        ("The text contains the character U+0000.", "Văn bản chứa ký tự U+0000."),
        ("Remove the character U+0000.", "Hãy bỏ ký tự U+0000."),
        STRICT,
    ),
    Kind.JSON_LONE_SURROGATE: text(
        422,
        ("Lone surrogate", "Ký tự thay thế đơn lẻ (surrogate)"),
        (
            "The text escapes half of a surrogate pair, which is no character.",
            "Văn bản chứa một nửa cặp surrogate, không phải là ký tự.",
        ),
        ("Write the whole pair, or the character itself in UTF-8.", "Hãy viết đủ cặp, hoặc chính ký tự đó bằng UTF-8."),
        STRICT,
    ),
    Kind.JSON_NOT_A_NUMBER: text(
        400,
        ("NaN or Infinity", "NaN hoặc Infinity"),
        ("{name} is not JSON.", "{name} không phải là JSON."),
        ("Leave the member out, or send a number.", "Hãy bỏ trường này hoặc gửi một số."),
        STRICT,
    ),
    Kind.JSON_DUPLICATE_MEMBER: text(
        422,
        ("Duplicate member", "Trường bị lặp"),
        (
            "A member of this name stands twice in one object.",
            "Một trường cùng tên xuất hiện hai lần trong một đối tượng.",
        ),
        ("Send each member once.", "Hãy gửi mỗi trường một lần."),
        STRICT,
    ),
    Kind.JSON_NUMBER_TOO_LARGE: text(
        422,
        ("Number beyond 2^53", "Số vượt quá 2^53"),
        (
            "A number lies beyond 2^53, where programs no longer agree on its value.",
            "Có số vượt quá 2^53, các chương trình hiểu khác nhau.",
        ),
        (
            "Send a smaller number, or the digits as text where text is asked for.",
            "Hãy gửi số nhỏ hơn, hoặc gửi dạng văn bản ở nơi cho phép.",
        ),
        STRICT,
    ),
    Kind.JSON_TOO_DEEP: text(
        422,
        ("Nested too deeply", "Lồng nhau quá sâu"),
        (
            "The text nests objects and arrays more than {limit} deep.",
            "Văn bản lồng đối tượng và mảng sâu hơn {limit} mức.",
        ),
        ("Send the event as the contract shows it.", "Hãy gửi sự kiện theo đúng mẫu."),
        STRICT,
    ),
    Kind.BODY_CUT_OFF: text(
        400,
        ("Body cut off", "Nội dung bị cắt giữa chừng"),
        (
            "The body ends in the middle, or comes too slowly: less than a byte in 30 seconds or 1 KiB in a minute.",
            "Nội dung kết thúc giữa chừng, hoặc đến quá chậm: dưới một byte trong 30 giây hay 1 KiB trong một phút.",
        ),
        ("Send it again; events already stored are recognised.", "Hãy gửi lại; sự kiện đã lưu sẽ được nhận biết."),
        BUSY,
    ),
    Kind.BODY_MISSING: text(
        400,
        ("No body", "Không có nội dung"),
        ("A body was announced, and nothing of it came.", "Yêu cầu báo có nội dung nhưng không có byte nào đến."),
        (
            "Send the events in the body; with no events, send no request.",
            "Hãy gửi sự kiện trong nội dung; nếu không có sự kiện thì không cần gửi.",
        ),
        BUSY,
    ),
    Kind.GZIP_INVALID: text(
        400,
        ("Not gzip", "Không phải gzip"),
        (
            "The body is announced as gzip and is not, or is damaged.",
            "Nội dung được khai là gzip nhưng không phải, hoặc bị hỏng.",
        ),
        ("Pack it anew, or send it without Content-Encoding.", "Hãy nén lại, hoặc gửi không kèm Content-Encoding."),
        STRICT,
    ),
    Kind.BATCH_NOT_AN_ARRAY: text(
        400,
        ("A batch is an array", "Lô sự kiện phải là mảng"),
        (
            "The body is JSON but no array, so it cannot be divided into events.",
            "Nội dung là JSON nhưng không phải mảng nên không tách được sự kiện.",
        ),
        (
            "Send an array, or one event as application/cloudevents+json.",
            "Hãy gửi một mảng, hoặc một sự kiện dạng application/cloudevents+json.",
        ),
        STRICT,
    ),
}
