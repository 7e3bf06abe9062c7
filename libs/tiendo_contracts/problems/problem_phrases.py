"""The shape of a problem's texts, and the explanations that several kinds share."""

from dataclasses import dataclass

from tiendo_contracts.problems.problem_kinds import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemText:
    """The texts of one kind; `remedy` says what would be right, `explanation` is the page under `/problems/<kind>`."""

    status: int
    title: Words
    detail: Words
    remedy: Words | None
    explanation: Words


def text(
    status: int, title: tuple[str, str], detail: tuple[str, str], remedy: tuple[str, str] | None, why: tuple[str, str]
) -> ProblemText:
    """The texts of one kind, each given as (English, Vietnamese)."""
    return ProblemText(
        status=status,
        title=Words(en=title[0], vi=title[1]),
        detail=Words(en=detail[0], vi=detail[1]),
        remedy=None if remedy is None else Words(en=remedy[0], vi=remedy[1]),
        explanation=Words(en=why[0], vi=why[1]),
    )


STRICT = (
    "Events are kept for ever and compared by their content, so JSON is read strictly: what two programs could read in two ways is refused.",
    (
        "Sự kiện được lưu vĩnh viễn và so sánh theo nội dung nên JSON phải đúng chuẩn: "
        "chỗ nào hai chương trình có thể hiểu khác nhau thì bị từ chối."
    ),
)
LIMITS = (
    "Every request has a limit, so that one sender cannot take the service from the others. NDJSON streams may be of any length.",
    "Mỗi yêu cầu đều có giới hạn để một bên gửi không làm ảnh hưởng bên khác. Luồng NDJSON có thể dài tùy ý.",
)
CLOSED = (
    (
        "The log forgets nothing, so only what is needed to attribute delay may enter it: the members that each type of event names. "
        "Personal data of applicants is never among them."
    ),
    (
        "Nhật ký được lưu vĩnh viễn nên chỉ nhận những trường cần để quy trách nhiệm chậm trễ, theo từng loại sự kiện; "
        "không nhận dữ liệu cá nhân của người nộp hồ sơ."
    ),
)
BUSY = (
    "Nothing of the answer's request is claimed to be stored. Sending the same events again is harmless: those already stored are duplicates.",
    "Chưa sự kiện nào của yêu cầu được xác nhận là đã lưu. Cứ gửi lại: sự kiện đã lưu sẽ được nhận biết là trùng, không bị ghi hai lần.",
)
AGAIN = (
    "Send the same request again after the time in Retry-After.",
    "Gửi lại đúng yêu cầu này sau thời gian nêu ở Retry-After.",
)
PEOPLE = (
    (
        "People sign in through their authority's sign-in service, or by a link that works once. "
        "A session ends on signing out, after eight hours without use, and when the account or key is no longer valid."
    ),
    (
        "Người dùng đăng nhập qua hệ thống đăng nhập của cơ quan, hoặc bằng liên kết dùng một lần. "
        "Phiên kết thúc khi đăng xuất, sau tám giờ không dùng, và khi tài khoản hoặc khóa không còn hiệu lực."
    ),
)
KEYS = (
    (
        "Every program has a key of its own with the scopes that it needs: ingest, read, explain, decide, publish, admin; "
        "none includes another. A key that sends is bound to sources, and perhaps to cases."
    ),
    (
        "Mỗi chương trình có khóa riêng với các quyền cần thiết: ingest, read, explain, decide, publish, admin; "
        "không quyền nào bao gồm quyền khác. Khóa gửi sự kiện được gắn với nguồn và có thể với hồ sơ."
    ),
)
QUERIES = (
    "Parameters are checked before anything is looked up, and never cut silently.",
    "Tham số được kiểm tra trước khi tra cứu; tham số sai thì bị từ chối, không bị bỏ qua.",
)
LISTS = (
    (
        "The monthly list of a unit goes from draft to open, approved and published, each step once and in this order; a published one is "
        "corrected by its next version, and any may be withdrawn. Each step is a fact of the log. For a unit and month there is one list at a time."
    ),
    (
        "Danh sách tháng của đơn vị đi từ dự thảo, mở giải trình, phê duyệt đến công khai, mỗi bước một lần và theo đúng thứ tự; danh sách đã công khai "
        "được đính chính bằng phiên bản sau, và danh sách nào cũng có thể thu hồi. Mỗi bước là một sự kiện của nhật ký. "
        "Mỗi đơn vị trong một tháng chỉ có một danh sách đang dùng."
    ),
)
