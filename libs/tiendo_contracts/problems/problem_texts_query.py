"""What is wrong with a question to the query side, in English and Vietnamese.

A detail names its values in braces. Nothing here quotes what was sent except names of members and parameters.
"""

from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import QUERIES, text

QUERY_TEXTS = {
    Kind.NOT_FOUND: text(
        404,
        ("Not found", "Không tìm thấy"),
        ("There is nothing under this address.", "Không có gì ở địa chỉ này."),
        ("See /docs for the addresses.", "Xem các địa chỉ ở /docs."),
        QUERIES,
    ),
    Kind.METHOD_NOT_ALLOWED: text(
        405,
        ("Method not allowed", "Phương thức không được phép"),
        ("This address does not answer this method.", "Địa chỉ này không nhận phương thức này."),
        ("See the Allow header.", "Xem tiêu đề Allow."),
        QUERIES,
    ),
    Kind.NOT_ACCEPTABLE: text(
        406,
        ("Format not available", "Không có định dạng này"),
        (
            "The answer is not to be had in the formats that Accept names.",
            "Không có câu trả lời theo các định dạng nêu ở Accept.",
        ),
        ("Ask for one of {known}.", "Hãy yêu cầu một trong {known}."),
        QUERIES,
    ),
    Kind.PARAMETER_INVALID: text(
        400,
        ("Parameter refused", "Tham số không hợp lệ"),
        ("`{field}` must be {expected}.", "`{field}` không hợp lệ; cần: {expected}."),
        ("Right would be: {expected}.", "Giá trị đúng: {expected}."),
        QUERIES,
    ),
    Kind.PARAMETER_UNKNOWN: text(
        400,
        ("Unknown parameter", "Tham số không có"),
        ("There is no parameter `{field}` here.", "Ở đây không có tham số `{field}`."),
        ("Leave `{field}` out, or see its right name under /docs.", "Hãy bỏ `{field}`, hoặc xem tên đúng ở /docs."),
        QUERIES,
    ),
    Kind.PARAMETER_MISSING: text(
        400,
        ("Parameter missing", "Thiếu tham số"),
        ("`{field}` is missing.", "Thiếu `{field}`."),
        ("Send `{field}` with the request.", "Hãy gửi kèm `{field}`."),
        QUERIES,
    ),
    Kind.PARAMETER_REPEATED: text(
        400,
        ("Parameter given more than once", "Tham số bị lặp"),
        (
            "`{field}` was given more than once, and which one counts would be a guess.",
            "`{field}` được gửi nhiều lần nên không rõ lấy giá trị nào.",
        ),
        ("Send `{field}` once.", "Hãy gửi `{field}` một lần."),
        QUERIES,
    ),
    Kind.PARAMETERS_CONTRADICT: text(
        400,
        ("Parameters contradict each other", "Các tham số mâu thuẫn nhau"),
        ("`{field}` does not go with {others}.", "`{field}` không dùng cùng {others}."),
        ("Leave one of them out.", "Hãy bỏ bớt một tham số."),
        QUERIES,
    ),
    Kind.CURSOR_INVALID: text(
        400,
        ("Cursor refused", "Con trỏ trang không hợp lệ"),
        ("The cursor was not given out by this list.", "Con trỏ này không do danh sách này cấp."),
        (
            "Take `next` of the page before, or begin without a cursor.",
            "Hãy dùng `next` của trang trước, hoặc bắt đầu không có con trỏ.",
        ),
        QUERIES,
    ),
    Kind.COMBINATION_UNAVAILABLE: text(
        422,
        ("Not to be had", "Không cung cấp được"),
        ("`{field}` is not to be had here.", "Ở đây không cung cấp `{field}`."),
        (
            "Leave `{field}` out here; the timeline of one case answers every combination.",
            "Hãy bỏ `{field}`; chỉ diễn biến của từng hồ sơ mới nhận mọi cách kết hợp.",
        ),
        QUERIES,
    ),
    Kind.SORT_UNAVAILABLE: text(
        422,
        ("This order is not to be had", "Không sắp xếp được"),
        (
            "At this instant too many cases would have to be computed anew before it is known which come first.",
            "Tại thời điểm này phải tính lại quá nhiều hồ sơ thì mới biết hồ sơ nào đứng trước.",
        ),
        (
            "Leave `{field}` out, or ask as of now or of a later instant.",
            "Hãy bỏ `{field}`, hoặc xem như tại thời điểm hiện tại hoặc muộn hơn.",
        ),
        QUERIES,
    ),
    Kind.NOT_COVERED: text(
        404,
        ("Not covered yet", "Chưa có trong điểm kiểm tra"),
        (
            "The tree over the log covers {covered} events, and no more can be proved yet.",
            "Cây băm của nhật ký mới bao gồm {covered} sự kiện; chưa chứng minh được nhiều hơn.",
        ),
        (
            "Ask again within a minute; sizes and positions up to that of GET /v1/log/checkpoint can be asked for.",
            "Hãy hỏi lại trong một phút; chỉ hỏi được đến kích thước nêu ở GET /v1/log/checkpoint.",
        ),
        QUERIES,
    ),
    Kind.CASE_UNKNOWN: text(
        404,
        ("No such case", "Không có hồ sơ này"),
        ("No event of this case is stored.", "Chưa lưu sự kiện nào của hồ sơ này."),
        ("Look it up in GET /v1/cases.", "Hãy tra ở GET /v1/cases."),
        QUERIES,
    ),
    Kind.CASE_NOT_PROJECTED: text(
        404,
        ("Case not yet computed", "Hồ sơ chưa được tính"),
        (
            "The case is in the log, and its timeline is still being computed.",
            "Hồ sơ đã được ghi vào nhật ký; diễn biến đang được tính.",
        ),
        ("Ask again after the time in Retry-After.", "Hãy hỏi lại sau thời gian nêu ở Retry-After."),
        QUERIES,
    ),
    Kind.CASE_NOT_KNOWN_THEN: text(
        404,
        ("Case not known then", "Khi đó chưa biết hồ sơ này"),
        (
            "No event of this case had been ingested by the instant of `{field}`.",
            "Tới thời điểm của `{field}` chưa nhận được sự kiện nào của hồ sơ này.",
        ),
        ("Ask with a later instant.", "Hãy hỏi với thời điểm muộn hơn."),
        QUERIES,
    ),
    Kind.CASE_FAULTY: text(
        500,
        ("Case cannot be computed", "Không tính được hồ sơ này"),
        ("The events of the case could not be computed: {cause}.", "Không tính được các sự kiện của hồ sơ: {cause}."),
        (
            "Read its events under /v1/cases/{{case_id}}/events and tell the operator; the other cases go on.",
            "Đọc sự kiện ở /v1/cases/{{case_id}}/events và báo cho người vận hành; các hồ sơ khác không bị ảnh hưởng.",
        ),
        QUERIES,
    ),
    Kind.OFFICER_UNKNOWN: text(
        404,
        ("No such officer", "Không có công chức, viên chức này"),
        ("No event names an officer of this id.", "Không có sự kiện nào nêu công chức, viên chức có mã này."),
        ("Look it up in GET /v1/officers.", "Hãy tra ở GET /v1/officers."),
        QUERIES,
    ),
    Kind.UNIT_UNKNOWN: text(
        404,
        ("No such unit", "Không có đơn vị này"),
        ("No event and no rule names a unit of this id.", "Không có sự kiện hay cấu hình nào nêu đơn vị có mã này."),
        ("Look it up in GET /v1/units.", "Hãy tra ở GET /v1/units."),
        QUERIES,
    ),
    Kind.PROCEDURE_UNKNOWN: text(
        404,
        ("No such procedure", "Không có thủ tục này"),
        ("No case names a procedure of this id.", "Không có hồ sơ nào nêu thủ tục có mã này."),
        ("Look it up in GET /v1/procedures.", "Hãy tra ở GET /v1/procedures."),
        QUERIES,
    ),
    Kind.QUESTION_TOO_COSTLY: text(
        503,
        ("The question takes too long", "Truy vấn mất quá nhiều thời gian"),
        (
            "The database was given up on before it had the answer.",
            "Cơ sở dữ liệu chưa trả lời xong trong thời gian cho phép.",
        ),
        (
            "Ask for a shorter period, one unit, or a smaller page; or ask again later.",
            "Hãy hỏi với kỳ ngắn hơn, một đơn vị hoặc trang nhỏ hơn; hoặc hỏi lại sau.",
        ),
        QUERIES,
    ),
    Kind.TOO_MANY_QUESTIONS: text(
        503,
        ("Too many questions at once", "Quá nhiều truy vấn cùng lúc"),
        ("The questions before this one have not been answered yet.", "Các truy vấn trước chưa được trả lời xong."),
        ("Ask again after the time in Retry-After.", "Hãy hỏi lại sau thời gian nêu ở Retry-After."),
        QUERIES,
    ),
    Kind.POSITION_NOT_REACHED: text(
        504,
        ("Not yet computed so far", "Chưa cập nhật đến vị trí này"),
        (
            "The figures do not yet reflect position {position}.",
            "Số liệu chưa được cập nhật đến vị trí {position} của nhật ký.",
        ),
        ("Ask again, or without min_position.", "Hãy hỏi lại, hoặc bỏ min_position."),
        QUERIES,
    ),
}
