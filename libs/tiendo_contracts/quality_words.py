"""What each kind of irregularity is called, and what it means, in English and Vietnamese."""

from typing import Final

from tiendo_contracts.answers.anomaly_messages import anomaly_words
from tiendo_contracts.problem_kinds import Words
from tiendo_domain.quality import THRESHOLDS, OtherKind, QualityKind, QualityVerdict
from tiendo_domain.timeline_types import AnomalyKind

_TITLES: Final[dict[QualityKind, Words]] = {
    AnomalyKind.OUT_OF_ORDER: Words(en="Does not fit the state", vi="Không phù hợp trạng thái"),
    AnomalyKind.MISSING_RECEPTION: Words(en="No reception", vi="Thiếu tiếp nhận"),
    AnomalyKind.MISSING_COMPLETION: Words(en="No completion", vi="Thiếu bước xử lý xong"),
    AnomalyKind.FINISH_MOVED_BACK: Words(en="Finish moved back", vi="Lùi ngày kết thúc"),
    AnomalyKind.REOPENED: Words(en="Reopened", vi="Mở lại hồ sơ đã kết thúc"),
    AnomalyKind.DEADLINE_MOVED_WITHOUT_REASON: Words(en="Due moved without a reason", vi="Dời hạn không nêu lý do"),
    AnomalyKind.DEADLINE_MOVED_AFTER_DUE: Words(en="Due moved after it had passed", vi="Dời hạn khi đã quá hạn"),
    AnomalyKind.SECOND_EXTENSION: Words(en="Second extension", vi="Gia hạn lần thứ hai"),
    AnomalyKind.EXTENSION_IRREGULAR: Words(en="Irregular extension", vi="Gia hạn không đúng quy định"),
    AnomalyKind.RECORDED_AFTER_DUE: Words(en="New due recorded too late", vi="Hạn mới ghi nhận sau khi hạn cũ đã qua"),
    AnomalyKind.EVIDENCE_BEFORE_FINISH: Words(
        en="Evidence signed before the finish", vi="Văn bản ký trước khi bấm kết thúc"
    ),
    AnomalyKind.ACTED_WHILE_ABSENT: Words(en="Acted while absent", vi="Thao tác trong lúc vắng mặt"),
    AnomalyKind.TWO_HOLDERS: Words(en="Two holders at once", vi="Hai người giữ cùng lúc"),
    AnomalyKind.HANDOVER_DURING_PAUSE: Words(en="Handover during a pause", vi="Chuyển hồ sơ trong lúc tạm dừng"),
    AnomalyKind.UNKNOWN_HOLDER: Words(en="Holder unknown", vi="Không rõ người giữ hồ sơ"),
    AnomalyKind.PLACEHOLDER_HOLDER: Words(en="Placeholder for a name", vi="Họ tên chỉ ghi chung chung"),
    AnomalyKind.HOLDER_WITHOUT_ID: Words(en="Holder without an id", vi="Người giữ không có mã"),
    AnomalyKind.FUTURE_INSTANT: Words(en="Instant in the future", vi="Thời điểm ở tương lai"),
    AnomalyKind.DUE_BEFORE_RECEIVED: Words(en="Due before the reception", vi="Hạn trước ngày tiếp nhận"),
    AnomalyKind.MISSING_DUE: Words(en="No due", vi="Không có ngày hẹn trả"),
    AnomalyKind.CORRECTION_WITHOUT_TARGET: Words(en="Correction of nothing", vi="Hủy sự kiện không tồn tại"),
    AnomalyKind.SILENT_TAIL: Words(en="Silent end", vi="Lâu không có thao tác"),
    AnomalyKind.DECIDED_BY_PARTY: Words(en="Decided by who bears minutes", vi="Người quyết định chịu phần chậm"),
    AnomalyKind.EVIDENCE_TOO_LATE: Words(en="Evidence of a decision too late", vi="Căn cứ của quyết định muộn hơn hạn"),
    AnomalyKind.UNIT_NOT_IN_CASE: Words(
        en="Decision on a unit not in the case", vi="Chuyển sang đơn vị không tham gia"
    ),
    AnomalyKind.DECISION_OUTDATED: Words(en="Outdated decision", vi="Quyết định theo số phút đã khác"),
    OtherKind.UNPROVEN: Words(en="Late entry without evidence", vi="Quên thao tác chưa có minh chứng"),
    OtherKind.INFERRED_HOLDER: Words(en="Holder inferred", vi="Người giữ do suy ra"),
    OtherKind.SENDER_REPAIR: Words(en="Row of a sender's repair", vi="Dòng do hệ thống gửi tự thêm"),
    OtherKind.STATUS_UNMAPPED: Words(en="Unknown status", vi="Trạng thái chưa khai báo"),
    OtherKind.IMPOSSIBLE_DURATION: Words(en="Impossible duration", vi="Thời lượng không thể có"),
    OtherKind.STEP_WITHOUT_ALLOTMENT: Words(en="Step without an allotment", vi="Bước không quy định thời gian"),
    OtherKind.OFFICER_WITHOUT_UNIT: Words(en="Officer without a unit", vi="Người giữ không rõ đơn vị"),
    OtherKind.BURST_CLICKING: Words(en="Burst clicking", vi="Bấm kết thúc hàng loạt"),
    OtherKind.SYNC_GAP: Words(en="Gap in synchronisation", vi="Gián đoạn đồng bộ"),
    OtherKind.SEVERAL_NAMES: Words(en="One id, several names", vi="Một mã nhiều họ tên"),
    OtherKind.SHARED_NAME: Words(en="One name, several ids", vi="Một họ tên nhiều mã"),
}

_DEFINITIONS: Final[dict[OtherKind, Words]] = {
    OtherKind.UNPROVEN: Words(
        en="Finished by the due, recorded after it, and nothing proves the finish (rule C).",
        vi="Kết thúc trong hạn nhưng ghi nhận sau hạn, chưa có văn bản chứng minh (quy tắc C).",
    ),
    OtherKind.INFERRED_HOLDER: Words(
        en="Nobody said when the officer got the case; the time before the officer's work was inferred (rules H12, X1).",
        vi="Không ai nêu lúc công chức nhận hồ sơ; thời gian trước khi xử lý là do suy ra (quy tắc H12, X1).",
    ),
    OtherKind.SENDER_REPAIR: Words(
        en="A hold begins or ends by a row that the sender's system made up (rule N3).",
        vi="Khoảng giữ bắt đầu hoặc kết thúc bằng dòng do hệ thống gửi tự thêm (quy tắc N3).",
    ),
    OtherKind.STATUS_UNMAPPED: Words(
        en="A hold begins or ends with a status that the configuration does not know.",
        vi="Khoảng giữ bắt đầu hoặc kết thúc với trạng thái chưa khai báo trong cấu hình.",
    ),
    OtherKind.IMPOSSIBLE_DURATION: Words(
        en=f"Completed within {THRESHOLDS.case_seconds_min} seconds of the reception, or one hold of an officer that has ended lasted over "
        f"{THRESHOLDS.hold_minutes_max:,} working minutes (250 days).",
        vi=f"Xử lý xong trong vòng {THRESHOLDS.case_seconds_min} giây sau khi tiếp nhận, hoặc một khoảng giữ đã kết thúc của công chức dài hơn "
        f"{THRESHOLDS.hold_minutes_max // 1000}.000 phút làm việc (250 ngày).",
    ),
    OtherKind.STEP_WITHOUT_ALLOTMENT: Words(
        en="An officer held the case in a step for which no working time is allotted, or in none; lateness may be shared by rule A4 for it.",
        vi="Công chức giữ hồ sơ ở bước không quy định thời gian, hoặc không rõ bước; phần chậm có thể phải quy theo quy tắc A4.",
    ),
    OtherKind.OFFICER_WITHOUT_UNIT: Words(
        en="A hold names an officer and no unit.", vi="Khoảng giữ nêu công chức nhưng không nêu đơn vị."
    ),
    OtherKind.BURST_CLICKING: Words(
        en=f"{THRESHOLDS.burst_cases} or more cases completed by one officer within {THRESHOLDS.burst_minutes} minutes, when the day had at most "
        f"{THRESHOLDS.closing_minutes} minutes of working time left or the month no further working day.",
        vi=f"Một công chức kết thúc từ {THRESHOLDS.burst_cases} hồ sơ trong {THRESHOLDS.burst_minutes} phút, khi ngày làm việc chỉ còn không quá "
        f"{THRESHOLDS.closing_minutes} phút hoặc tháng không còn ngày làm việc nào.",
    ),
    OtherKind.SYNC_GAP: Words(
        en=f"Nothing came from the source for more than {THRESHOLDS.silence_minutes} working minutes; listed are its cases that were finished meanwhile.",
        vi=f"Nguồn không gửi gì trong hơn {THRESHOLDS.silence_minutes} phút làm việc; danh sách gồm các hồ sơ của nguồn kết thúc trong khoảng đó.",
    ),
    OtherKind.SEVERAL_NAMES: Words(
        en="Holds know one officer's id under several names, told apart by rule H3; listed are the cases that the id held.",
        vi="Một mã công chức được ghi với nhiều họ tên khác nhau (quy tắc H3); danh sách gồm các hồ sơ mà mã đó giữ.",
    ),
    OtherKind.SHARED_NAME: Words(
        en="In one unit several ids bear one name; listed are the cases that these ids held in the unit.",
        vi="Trong một đơn vị, một họ tên có nhiều mã; danh sách gồm các hồ sơ mà các mã đó giữ tại đơn vị.",
    ),
}

VERDICT_WORDS: Final[dict[QualityVerdict, Words]] = {
    QualityVerdict.GOOD: Words(en="good", vi="tốt"),
    QualityVerdict.DOUBTFUL: Words(en="doubtful", vi="có nghi vấn"),
    QualityVerdict.UNUSABLE: Words(en="unusable", vi="chưa dùng được"),
}


def quality_title(kind: QualityKind) -> Words:
    """What the kind is called."""
    return _TITLES[kind]


def quality_definition(kind: QualityKind) -> Words:
    """What the kind means, with its numbers."""
    return anomaly_words(kind) if isinstance(kind, AnomalyKind) else _DEFINITIONS[kind]
