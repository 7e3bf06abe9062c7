"""What happened, in two languages: the kinds of events of a case."""

from collections.abc import Mapping

from tiendo_contracts.problems.problem_kinds import Words

EVENT_WORDS: Mapping[str, Words] = {
    "submitted": Words(en="submitted", vi="nộp hồ sơ"),
    "received": Words(en="received", vi="tiếp nhận"),
    "assigned": Words(en="assigned", vi="phân công"),
    "claimed": Words(en="claimed", vi="nhận xử lý"),
    "forwarded": Words(en="forwarded", vi="chuyển xử lý"),
    "sent-back": Words(en="sent back", vi="trả lại bước trước"),
    "recalled": Words(en="recalled", vi="thu hồi"),
    "worked": Words(en="worked on", vi="đã xử lý đến lúc đó"),
    "supplement-requested": Words(en="papers requested", vi="yêu cầu bổ sung"),
    "supplement-received": Words(en="papers received", vi="đã bổ sung"),
    "payment-requested": Words(en="payment requested", vi="yêu cầu thực hiện nghĩa vụ tài chính"),
    "payment-received": Words(en="payment received", vi="đã thực hiện nghĩa vụ tài chính"),
    "suspended": Words(en="suspended", vi="tạm dừng"),
    "resumed": Words(en="resumed", vi="tiếp tục"),
    "reopened": Words(en="reopened", vi="mở lại"),
    "consultation-requested": Words(en="another unit asked", vi="xin ý kiến"),
    "consultation-answered": Words(en="the unit answered", vi="đã có ý kiến"),
    "deadline-extended": Words(en="due extended", vi="gia hạn"),
    "deadline-restated": Words(en="due stated anew", vi="nêu lại hạn"),
    "completed": Words(en="completed", vi="đã xử lý xong"),
    "result-delivered": Words(en="result delivered", vi="đã trả kết quả"),
    "declined": Words(en="declined", vi="không được tiếp nhận"),
    "withdrawn": Words(en="withdrawn", vi="rút hồ sơ"),
    "corrected": Words(en="corrected", vi="đính chính"),
    "joined": Words(en="joined with another code", vi="gộp mã"),
    "explanation.filed": Words(en="explanation filed", vi="giải trình"),
    "explanation.withdrawn": Words(en="explanation withdrawn", vi="rút giải trình"),
    "explanation.decided": Words(en="explanation decided", vi="quyết định về giải trình"),
}
"""Kind -> what happened. Kinds of explanations have the word in front, since cases are withdrawn too."""


def event_in_words(kind: str) -> Words:
    """What happened; a kind that has no words yet as it is written."""
    return EVENT_WORDS.get(kind, Words(en=kind, vi=kind))
