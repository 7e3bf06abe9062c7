"""What stands in the way of signing in and out, in English and Vietnamese."""

from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import PEOPLE, text

SIGN_IN_TEXTS = {
    Kind.OTHER_ORIGIN: text(
        403,
        ("Sent by another site", "Gửi từ trang khác"),
        ("The request was sent by a page of another origin.", "Yêu cầu do trang của một địa chỉ khác gửi."),
        (
            "Begin on a page of this service, by the address in TIENDO_PUBLIC_URL.",
            "Hãy bắt đầu từ một trang của hệ thống này, theo địa chỉ ở TIENDO_PUBLIC_URL.",
        ),
        PEOPLE,
    ),
    Kind.SIGN_IN_LINK_SPENT: text(
        410,
        ("Sign-in link no longer valid", "Liên kết đăng nhập không còn hiệu lực"),
        (
            "The link was used, has expired, or never was one.",
            "Liên kết đã được dùng, đã hết hạn hoặc không phải là liên kết đăng nhập.",
        ),
        (
            "Ask the operator for another (`tiendo sign-in`).",
            "Hãy xin đơn vị vận hành một liên kết khác (`tiendo sign-in`).",
        ),
        PEOPLE,
    ),
    Kind.SIGN_IN_FAILED: text(
        400,
        ("Not signed in", "Chưa đăng nhập được"),
        (
            "The answer of the sign-in service does not belong to a sign-in that this browser began within ten minutes, or is not valid.",
            "Phản hồi của hệ thống đăng nhập không thuộc lần đăng nhập mà trình duyệt này đã bắt đầu trong mười phút qua, hoặc không hợp lệ.",
        ),
        ("Sign in again.", "Hãy đăng nhập lại."),
        PEOPLE,
    ),
    Kind.LOGOUT_TOKEN_INVALID: text(
        400,
        ("Logout token not valid", "Mã đăng xuất không hợp lệ"),
        (
            "The body has no logout token of the issuer for this service, or one that was taken before.",
            "Nội dung không có mã đăng xuất do hệ thống đăng nhập cấp cho dịch vụ này, hoặc mã đã được dùng.",
        ),
        (
            "Send `logout_token` as application/x-www-form-urlencoded, as OpenID Connect Back-Channel Logout says.",
            "Hãy gửi `logout_token` dạng application/x-www-form-urlencoded, theo OpenID Connect Back-Channel Logout.",
        ),
        PEOPLE,
    ),
    Kind.ISSUER_AWAY: text(
        503,
        ("Sign-in service not reached", "Chưa kết nối được hệ thống đăng nhập"),
        ("The service by which people sign in does not answer.", "Hệ thống đăng nhập không phản hồi."),
        ("Try again after the time in Retry-After.", "Hãy thử lại sau thời gian ở Retry-After."),
        PEOPLE,
    ),
}
