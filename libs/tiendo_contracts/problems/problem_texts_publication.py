"""What stands in the way of a monthly list, in English and Vietnamese."""

from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import LISTS, text

PUBLICATION_TEXTS = {
    Kind.PUBLICATION_UNKNOWN: text(
        404,
        ("No such list", "Không có danh sách này"),
        ("There is no list of this id or number.", "Không có danh sách nào có mã hoặc số này."),
        (
            "See /v1/publications, or /cong-khai for what is published.",
            "Xem /v1/publications, hoặc /cong-khai để biết những gì đã công khai.",
        ),
        LISTS,
    ),
    Kind.PUBLICATION_VERSION_UNKNOWN: text(
        404,
        ("No such version", "Không có phiên bản này"),
        ("The list has no such version.", "Danh sách không có phiên bản này."),
        ("Its versions are {versions}.", "Các phiên bản hiện có: {versions}."),
        LISTS,
    ),
    Kind.PUBLICATION_EXISTS: text(
        409,
        ("There is a list already", "Đã có danh sách"),
        (
            "The unit has a list of this month: {id}, which is {state}.",
            "Đơn vị đã có danh sách của tháng này: {id}, đang ở trạng thái {state}.",
        ),
        ("Go on with that one, or withdraw it first.", "Hãy làm tiếp danh sách đó, hoặc thu hồi nó trước."),
        LISTS,
    ),
    Kind.PUBLICATION_STEP_REFUSED: text(
        409,
        ("Not now", "Chưa đến bước này"),
        (
            "The list is {state}; this step needs one that is {needed}.",
            "Danh sách đang ở trạng thái {state}; bước này cần trạng thái {needed}.",
        ),
        ("See its `state`, and take the step that follows.", "Hãy xem `state` và thực hiện bước kế tiếp."),
        LISTS,
    ),
    Kind.PUBLICATION_WINDOW_OPEN: text(
        409,
        ("Explanations may still be filed", "Còn trong thời hạn giải trình"),
        ("Officers may explain themselves until {until}.", "Công chức, viên chức còn được giải trình đến {until}."),
        ("Approve the list after that.", "Hãy phê duyệt sau thời điểm đó."),
        LISTS,
    ),
    Kind.PUBLICATION_CHANGED: text(
        409,
        ("Another step came first", "Đã có bước khác trước đó"),
        (
            "Somebody took another step with the list of this unit and month in this moment.",
            "Vừa có người thực hiện một bước khác với danh sách của đơn vị và tháng này.",
        ),
        ("Look at the list again.", "Hãy xem lại danh sách."),
        LISTS,
    ),
    Kind.PUBLICATION_WITHDRAWN: text(
        410,
        ("The list was withdrawn", "Danh sách đã thu hồi"),
        ("The list {number} was withdrawn on {on}: {reason}", "Danh sách {number} đã được thu hồi ngày {on}: {reason}"),
        None,
        LISTS,
    ),
    Kind.PUBLICATION_BY_DRAFTER: text(
        403,
        ("Drafted by the same person", "Do chính người này lập"),
        ("Whoever has drafted a list does not approve it.", "Người lập danh sách không phê duyệt danh sách đó."),
        (
            "Let somebody else of the unit, or of the Office, approve it.",
            "Hãy để người khác của đơn vị, hoặc của Văn phòng, phê duyệt.",
        ),
        LISTS,
    ),
    Kind.PUBLICATION_MONTH_NOT_OVER: text(
        422,
        ("The month is not over", "Tháng chưa kết thúc"),
        (
            "A list is drafted when its month is over: from {from_} on.",
            "Danh sách được lập khi tháng đã kết thúc: từ {from_}.",
        ),
        ("Name a month that is over, such as 2022-08.", "Hãy nêu một tháng đã kết thúc, ví dụ 2022-08."),
        LISTS,
    ),
    Kind.PUBLICATION_WINDOW_TOO_SHORT: text(
        422,
        ("The time for explanations is too short", "Thời hạn giải trình quá ngắn"),
        (
            "`{field}` is before {least}, the end of working day {days} counted from tomorrow.",
            "`{field}` sớm hơn {least}, là hết ngày làm việc thứ {days} tính từ ngày mai.",
        ),
        ("Name a later instant, or leave it out.", "Hãy nêu thời điểm muộn hơn, hoặc bỏ trống."),
        LISTS,
    ),
}
