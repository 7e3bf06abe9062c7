"""What stands in the way of signing in and out, in English and Vietnamese."""

from tiendo_contracts.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problem_phrases import PEOPLE, text

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
}
