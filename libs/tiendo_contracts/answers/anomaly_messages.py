"""What each kind of anomaly means, in English and Vietnamese."""

from typing import Final

from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.timeline_types import AnomalyKind as Kind

_MESSAGES: Final = {
    Kind.OUT_OF_ORDER: Words(
        en="The event does not fit the state of the case at its place; the state goes on as it was.",
        vi="Sự kiện không phù hợp với trạng thái hồ sơ tại thời điểm đó; trạng thái được giữ nguyên.",
    ),
    Kind.MISSING_RECEPTION: Words(
        en="No reception was sent; the holds begin at the first event.",
        vi="Thiếu sự kiện tiếp nhận; thời gian giữ hồ sơ tính từ sự kiện đầu tiên.",
    ),
    Kind.MISSING_COMPLETION: Words(
        en="The result was delivered without a completion; the delivery counts as the finish.",
        vi="Trả kết quả mà không có sự kiện xử lý xong; thời điểm trả được coi là kết thúc.",
    ),
    Kind.FINISH_MOVED_BACK: Words(
        en="A later record names an earlier finish; the finish recorded first counts.",
        vi="Có bản ghi sau nêu thời điểm kết thúc sớm hơn; tính theo thời điểm được ghi nhận đầu tiên.",
    ),
    Kind.REOPENED: Words(
        en="The ended case was reopened; the time between counts as a pause.",
        vi="Hồ sơ đã kết thúc được mở lại; khoảng giữa được tính như tạm dừng.",
    ),
    Kind.DEADLINE_MOVED_WITHOUT_REASON: Words(
        en="The due was moved without a reason; it counts only if it is later.",
        vi="Hạn được dời mà không nêu lý do; chỉ tính nếu hạn mới muộn hơn.",
    ),
    Kind.DEADLINE_MOVED_AFTER_DUE: Words(
        en="The due was moved when it had already passed; the move does not count.",
        vi="Hạn được dời khi đã quá hạn; việc dời không được tính.",
    ),
    Kind.SECOND_EXTENSION: Words(
        en="A second extension; only the first one counts.",
        vi="Gia hạn lần thứ hai; chỉ lần đầu được tính.",
    ),
    Kind.EXTENSION_IRREGULAR: Words(
        en="The extension came less than 24 hours before the due, or without an apology; it counts.",
        vi="Gia hạn trong vòng 24 giờ trước hạn, hoặc không có văn bản xin lỗi; vẫn được tính.",
    ),
    Kind.RECORDED_AFTER_DUE: Words(
        en="The new due was recorded after the due that it moves.",
        vi="Hạn mới được ghi nhận sau khi hạn cũ đã qua.",
    ),
    Kind.EVIDENCE_BEFORE_FINISH: Words(
        en="The evidence was signed before the finish that it proves.",
        vi="Minh chứng được ký trước thời điểm kết thúc mà nó chứng minh.",
    ),
    Kind.ACTED_WHILE_ABSENT: Words(
        en="An officer who was away acted on the case; for this case the absence ends with that day.",
        vi="Người đang vắng mặt có thao tác trên hồ sơ; với hồ sơ này, việc vắng mặt kết thúc từ đầu ngày đó.",
    ),
    Kind.TWO_HOLDERS: Words(
        en="Two holders at the same time; the later event names the one who holds.",
        vi="Hai người giữ hồ sơ cùng lúc; sự kiện sau quyết định người giữ.",
    ),
    Kind.HANDOVER_DURING_PAUSE: Words(
        en="Handed over while the clock stood; the new holder holds when the pause ends.",
        vi="Chuyển hồ sơ trong lúc tạm dừng; người mới giữ hồ sơ khi hết tạm dừng.",
    ),
    Kind.UNKNOWN_HOLDER: Words(
        en="The event names no holder; the holder is unknown, and nobody is guessed.",
        vi="Sự kiện không nêu người giữ hồ sơ; ghi là không xác định, hệ thống không suy đoán.",
    ),
    Kind.PLACEHOLDER_HOLDER: Words(
        en="The holder's name is a placeholder and names nobody.",
        vi="Họ tên người giữ chỉ ghi chung chung, không rõ là ai.",
    ),
    Kind.HOLDER_WITHOUT_ID: Words(
        en="The holder has a name but no id, and is told apart by name and unit.",
        vi="Người giữ có tên nhưng không có mã, được phân biệt theo tên và đơn vị.",
    ),
    Kind.FUTURE_INSTANT: Words(
        en="The event lies in the future of its record; it takes effect when its time comes.",
        vi="Sự kiện có thời điểm sau lúc ghi nhận; có hiệu lực khi tới thời điểm đó.",
    ),
    Kind.DUE_BEFORE_RECEIVED: Words(
        en="The due lies before the reception; lateness counts from the reception.",
        vi="Hạn nằm trước thời điểm tiếp nhận; quá hạn tính từ lúc tiếp nhận.",
    ),
    Kind.MISSING_DUE: Words(
        en="Neither a due nor a norm is known; lateness cannot be told.",
        vi="Không có ngày hẹn trả và không có thời hạn quy định; không xác định được quá hạn.",
    ),
    Kind.CORRECTION_WITHOUT_TARGET: Words(
        en="The event to be annulled is not among the events of this case.",
        vi="Không tìm thấy sự kiện cần hủy trong hồ sơ này.",
    ),
    Kind.SILENT_TAIL: Words(
        en="Nothing was heard of the case for more than 4,800 working minutes before its finish or this instant.",
        vi="Hơn 4.800 phút làm việc không có sự kiện nào trước khi kết thúc hoặc đến thời điểm này.",
    ),
    Kind.DECIDED_BY_PARTY: Words(
        en="Whoever decided bears minutes in the case; the decision has no effect.",
        vi="Người quyết định là người chịu phần chậm trong hồ sơ này; quyết định không có hiệu lực.",
    ),
    Kind.EVIDENCE_TOO_LATE: Words(
        en="What the decision rests on lies after the judged due, or does not say when the case was finished; it has no effect.",
        vi="Căn cứ của quyết định có thời điểm sau hạn, hoặc không nêu lúc xử lý xong; quyết định không có hiệu lực.",
    ),
    Kind.UNIT_NOT_IN_CASE: Words(
        en="The decision moves minutes to a unit that had nothing to do with the case; they stay where they were.",
        vi="Quyết định chuyển số phút sang đơn vị không tham gia hồ sơ này; số phút được giữ nguyên.",
    ),
    Kind.DECISION_OUTDATED: Words(
        en="The share that the decision was made on is another by now; it moves as much as there is.",
        vi="Số phút làm căn cứ cho quyết định nay đã khác; chỉ chuyển trong phạm vi số phút hiện có.",
    ),
}


def anomaly_message(kind: Kind, language: Language) -> str:
    """What the anomaly means, for people."""
    return anomaly_words(kind).spoken(language)


def anomaly_words(kind: Kind) -> Words:
    """The same in both languages."""
    return _MESSAGES[kind]
