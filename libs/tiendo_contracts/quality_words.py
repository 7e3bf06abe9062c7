"""What each kind of irregularity is called, and what it means, in English and Vietnamese."""

from typing import Final

from tiendo_contracts.answers.anomaly_messages import anomaly_words
from tiendo_contracts.explanation import ANOMALY_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.quality import THRESHOLDS, OtherKind, QualityKind, QualityVerdict
from tiendo_domain.timeline_types import AnomalyKind

_TITLES: Final[dict[OtherKind, Words]] = {
    OtherKind.UNPROVEN: Words(en="Late entry without evidence", vi="Quên thao tác chưa có minh chứng"),
    OtherKind.INFERRED_HOLDER: Words(en="Holder inferred", vi="Người giữ do suy ra"),
    OtherKind.SENDER_REPAIR: Words(en="Row of a sender's repair", vi="Dòng do hệ thống gửi tự thêm"),
    OtherKind.STATUS_UNMAPPED: Words(en="Unknown status", vi="Trạng thái chưa khai báo"),
    OtherKind.IMPOSSIBLE_DURATION: Words(en="Impossible duration", vi="Thời lượng không thể có"),
    OtherKind.STEP_WITHOUT_ALLOTMENT: Words(en="Step without an allotment", vi="Bước không quy định thời gian"),
    OtherKind.OFFICER_WITHOUT_UNIT: Words(en="Officer without a unit", vi="Người giữ không rõ đơn vị"),
    OtherKind.BURST_CLICKING: Words(en="Burst clicking", vi="Bấm kết thúc hàng loạt"),
    OtherKind.SYNC_GAP: Words(en="Gap in synchronisation", vi="Gián đoạn đồng bộ"),
    OtherKind.ROW_DISAPPEARED: Words(en="Row that disappeared", vi="Dòng dữ liệu biến mất"),
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
    OtherKind.ROW_DISAPPEARED: Words(
        en="The source listed the case, or a row of it, before and does not any more, and nothing that it told took it back; what was told stands.",
        vi="Nguồn từng liệt kê hồ sơ hoặc một dòng của hồ sơ, nay không còn, cũng không đính chính; những gì đã nhận vẫn giữ nguyên.",
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
    """What the kind is called, as a heading; an anomaly as it is called everywhere."""
    words = ANOMALY_WORDS[kind] if isinstance(kind, AnomalyKind) else _TITLES[kind]
    return Words(en=_capitalised(words.en), vi=_capitalised(words.vi))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def quality_definition(kind: QualityKind) -> Words:
    """What the kind means, with its numbers."""
    return anomaly_words(kind) if isinstance(kind, AnomalyKind) else _DEFINITIONS[kind]
