"""What each anomaly means, in two languages (rule C)."""

from collections.abc import Mapping

from tiendo_contracts.problem_kinds import Words
from tiendo_domain.timeline_types import AnomalyKind as Kind

_MESSAGES: Mapping[Kind, Words] = {
    Kind.OUT_OF_ORDER: Words(
        en="The event does not fit the state of the case at its place.",
        vi="Sự kiện không phù hợp với trạng thái của hồ sơ tại thời điểm đó.",
    ),
    Kind.MISSING_RECEPTION: Words(
        en="Nothing says when the case was received; it is followed from its first event on.",
        vi="Không có sự kiện tiếp nhận; hồ sơ được theo dõi từ sự kiện đầu tiên.",
    ),
    Kind.MISSING_COMPLETION: Words(
        en="The result was delivered though nothing says that the case was completed; the delivery ends it.",
        vi="Đã trả kết quả nhưng không có sự kiện xử lý xong; việc trả kết quả được coi là kết thúc.",
    ),
    Kind.FINISH_MOVED_BACK: Words(
        en="A later record states an earlier finish; the finish recorded first counts.",
        vi="Bản ghi sau nêu thời điểm xử lý xong sớm hơn; thời điểm được ghi trước được tính.",
    ),
    Kind.REOPENED: Words(
        en="The case was reopened after its end; in between the clock stood.",
        vi="Hồ sơ được mở lại sau khi kết thúc; khoảng giữa không tính thời gian.",
    ),
    Kind.DEADLINE_MOVED_WITHOUT_REASON: Words(
        en="The due date was changed without a reason.", vi="Ngày hẹn trả bị thay đổi mà không nêu lý do."
    ),
    Kind.DEADLINE_MOVED_AFTER_DUE: Words(
        en="The due date was changed after it had passed; the change is shown and has no effect.",
        vi="Ngày hẹn trả bị thay đổi sau khi đã quá hạn; thay đổi được hiển thị nhưng không có hiệu lực.",
    ),
    Kind.SECOND_EXTENSION: Words(
        en="A case may be extended once; this extension has no effect.",
        vi="Hồ sơ chỉ được gia hạn một lần; lần gia hạn này không có hiệu lực.",
    ),
    Kind.EXTENSION_IRREGULAR: Words(
        en="The extension came less than 24 hours before the due instant, or without an apology.",
        vi="Gia hạn muộn hơn 24 giờ trước hạn, hoặc không có phiếu xin lỗi.",
    ),
    Kind.RECORDED_AFTER_DUE: Words(
        en="The new due was recorded only after the due that it moves had passed.",
        vi="Ngày hẹn mới được ghi nhận sau khi hạn cũ đã qua.",
    ),
    Kind.EVIDENCE_BEFORE_FINISH: Words(
        en="The result was signed before the stated finish.",
        vi="Kết quả được ký trước thời điểm xử lý xong đã khai.",
    ),
    Kind.TWO_HOLDERS: Words(
        en="Two holders are stated for the same time; the later statement counts.",
        vi="Hai người giữ hồ sơ được nêu cho cùng một thời điểm; sự kiện sau được tính.",
    ),
    Kind.HANDOVER_DURING_PAUSE: Words(
        en="The case was handed over during a pause; the pause goes on.",
        vi="Hồ sơ được chuyển giao khi đang tạm dừng; việc tạm dừng vẫn tiếp tục.",
    ),
    Kind.UNKNOWN_HOLDER: Words(
        en="The event should name a holder and does not; the holder is unknown.",
        vi="Sự kiện phải nêu người giữ hồ sơ nhưng không nêu; người giữ không xác định.",
    ),
    Kind.PLACEHOLDER_HOLDER: Words(
        en="The name given is a placeholder and names nobody.",
        vi="Tên được ghi là tên chung, không xác định được người.",
    ),
    Kind.HOLDER_WITHOUT_ID: Words(
        en="The officer is named without an id; told apart by name and unit.",
        vi="Công chức được nêu tên nhưng không có mã; phân biệt theo tên và đơn vị.",
    ),
    Kind.FUTURE_INSTANT: Words(
        en="The event bears a time after it was recorded or received; it takes effect when that time comes.",
        vi="Sự kiện mang thời điểm sau lúc được ghi nhận; sẽ có hiệu lực khi tới thời điểm đó.",
    ),
    Kind.DUE_BEFORE_RECEIVED: Words(
        en="The due instant lies before the reception; lateness counts from the reception.",
        vi="Hạn nằm trước thời điểm tiếp nhận; thời gian quá hạn tính từ lúc tiếp nhận.",
    ),
    Kind.MISSING_DUE: Words(
        en="No due is stated and no norm is known; lateness cannot be told.",
        vi="Không có ngày hẹn trả và không rõ thời hạn giải quyết; không xác định được quá hạn.",
    ),
    Kind.CORRECTION_WITHOUT_TARGET: Words(
        en="The correction names an event that this case does not have.",
        vi="Đính chính nêu một sự kiện không có trong hồ sơ này.",
    ),
    Kind.SILENT_TAIL: Words(
        en="More than 4,800 working minutes without any event before the end.",
        vi="Hơn 4.800 phút làm việc không có sự kiện nào cho tới khi kết thúc.",
    ),
}


def anomaly_message(kind: Kind) -> Words:
    """What the anomaly means, one sentence."""
    return _MESSAGES[kind]
