"""The field's words in two languages: parties, states, classes, moments."""

from collections.abc import Mapping
from datetime import time, timedelta

from tiendo_contracts.explanation.policies import policy_in_words
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import AnomalyKind, CaseClass, Party, PartyKind, Policy, State

PARTY_WORDS: Mapping[PartyKind, Words] = {
    PartyKind.OFFICER: Words(en="officer", vi="công chức, viên chức"),
    PartyKind.UNIT: Words(en="unit, nobody has picked it up", vi="đơn vị, chưa ai nhận xử lý"),
    PartyKind.APPLICANT: Words(en="the applicant", vi="người nộp hồ sơ"),
    PartyKind.CONSULTED_UNIT: Words(en="consulted unit", vi="đơn vị được xin ý kiến"),
    PartyKind.SUSPENSION: Words(en="suspension", vi="tạm dừng"),
    PartyKind.UNKNOWN: Words(en="holder unknown", vi="không xác định được người giữ"),
    PartyKind.ORGANISATION: Words(en="organisation or plan", vi="tổ chức hoặc quy trình"),
}
STATE_WORDS: Mapping[State, Words] = {
    State.SUBMITTED: Words(en="submitted", vi="mới đăng ký"),
    State.IN_PROCESS: Words(en="in process", vi="đang xử lý"),
    State.WAITING_APPLICANT: Words(en="waiting for papers", vi="chờ bổ sung giấy tờ"),
    State.WAITING_PAYMENT: Words(en="waiting for payment", vi="chờ thực hiện nghĩa vụ tài chính"),
    State.SUSPENDED: Words(en="suspended", vi="tạm dừng xử lý"),
    State.CONSULTING: Words(en="another unit is consulted", vi="đang xin ý kiến đơn vị khác"),
    State.COMPLETED: Words(en="completed", vi="đã xử lý xong"),
    State.DELIVERED: Words(en="result delivered", vi="đã trả kết quả"),
    State.DECLINED: Words(en="declined", vi="không được tiếp nhận"),
    State.WITHDRAWN: Words(en="withdrawn", vi="công dân rút hồ sơ"),
}
CLASS_WORDS: Mapping[CaseClass, Words] = {
    CaseClass.ON_TIME: Words(en="on time", vi="đúng hạn"),
    CaseClass.ACTUAL: Words(en="actually late", vi="quá hạn thực tế"),
    CaseClass.LATE_ENTRY: Words(en="late entry", vi="quá hạn do quên thao tác"),
    CaseClass.UNPROVEN: Words(en="unproven late entry", vi="quá hạn, chưa có minh chứng quên thao tác"),
    CaseClass.PAUSE_NOT_RESPECTED: Words(en="pause not respected", vi="tạm dừng không được tính"),
    CaseClass.LATE_SYNC: Words(en="late synchronisation", vi="quá hạn do đồng bộ chậm"),
}

ANOMALY_WORDS: Mapping[AnomalyKind, Words] = {
    AnomalyKind.OUT_OF_ORDER: Words(en="out of order", vi="không đúng trình tự"),
    AnomalyKind.MISSING_RECEPTION: Words(en="reception missing", vi="thiếu tiếp nhận"),
    AnomalyKind.MISSING_COMPLETION: Words(en="completion missing", vi="thiếu xử lý xong"),
    AnomalyKind.FINISH_MOVED_BACK: Words(en="finish moved back", vi="ngày kết thúc bị lùi về trước"),
    AnomalyKind.REOPENED: Words(en="reopened", vi="mở lại hồ sơ đã kết thúc"),
    AnomalyKind.DEADLINE_MOVED_WITHOUT_REASON: Words(en="due moved without a reason", vi="dời hạn không nêu lý do"),
    AnomalyKind.DEADLINE_MOVED_AFTER_DUE: Words(en="due moved after it had passed", vi="dời hạn khi đã quá hạn"),
    AnomalyKind.SECOND_EXTENSION: Words(en="second extension", vi="gia hạn lần thứ hai"),
    AnomalyKind.EXTENSION_IRREGULAR: Words(en="irregular extension", vi="gia hạn không đúng quy định"),
    AnomalyKind.RECORDED_AFTER_DUE: Words(en="recorded after the due", vi="ghi nhận sau khi hết hạn cũ"),
    AnomalyKind.EVIDENCE_BEFORE_FINISH: Words(en="signed before the finish", vi="văn bản ký trước khi kết thúc"),
    AnomalyKind.TWO_HOLDERS: Words(en="two holders at once", vi="hai người cùng giữ một lúc"),
    AnomalyKind.HANDOVER_DURING_PAUSE: Words(en="handed over during a pause", vi="chuyển hồ sơ khi đang tạm dừng"),
    AnomalyKind.UNKNOWN_HOLDER: Words(en="holder unknown", vi="không rõ người giữ hồ sơ"),
    AnomalyKind.PLACEHOLDER_HOLDER: Words(en="placeholder instead of a name", vi="ghi tên chung thay cho họ tên"),
    AnomalyKind.HOLDER_WITHOUT_ID: Words(en="holder without an id", vi="người giữ hồ sơ không có mã"),
    AnomalyKind.ACTED_WHILE_ABSENT: Words(en="acted while absent", vi="có thao tác trong thời gian vắng mặt"),
    AnomalyKind.FUTURE_INSTANT: Words(en="instant in the future", vi="thời điểm ở tương lai"),
    AnomalyKind.DUE_BEFORE_RECEIVED: Words(en="due before the reception", vi="hạn trước ngày tiếp nhận"),
    AnomalyKind.MISSING_DUE: Words(en="due missing", vi="thiếu hạn"),
    AnomalyKind.CORRECTION_WITHOUT_TARGET: Words(en="correction of nothing", vi="đính chính sự kiện không có"),
    AnomalyKind.SILENT_TAIL: Words(en="long silence", vi="lâu không có diễn biến"),
    AnomalyKind.DECIDED_BY_PARTY: Words(en="decided by a party", vi="người quyết định là bên liên quan"),
    AnomalyKind.EVIDENCE_TOO_LATE: Words(en="evidence too late", vi="minh chứng muộn hơn hạn"),
    AnomalyKind.UNIT_NOT_IN_CASE: Words(en="unit not in the case", vi="đơn vị không có trong hồ sơ"),
    AnomalyKind.DECISION_OUTDATED: Words(en="decision outdated", vi="quyết định dựa trên số đã cũ"),
}


def anomaly_in_words(kind: AnomalyKind) -> Words:
    """What the anomaly is called, with the code by which programs know it."""
    words = ANOMALY_WORDS[kind]
    return Words(en=f"{words.en} ({kind})", vi=f"{words.vi} ({kind})")


def rule_in_words(rule: str) -> Words:
    """The rule behind a share or late-entry minutes: what `step-norm/1 (A1, A2, A3)` or `C` says to people."""
    name, _, numbers = rule.partition(" (")
    numbers = numbers.removesuffix(")")
    if name == "E4":
        return Words(en="moved by decision (rule E4)", vi="chuyển theo quyết định (quy tắc E4)")
    if name == "C":
        return Words(en="recorded late (rule C)", vi="ghi nhận muộn (quy tắc C)")
    if name not in set(Policy):
        return Words(en=f"rule {rule}", vi=f"quy tắc {rule}")
    said = policy_in_words(Policy(name))
    if not numbers:
        return said
    return Words(en=f"{said.en}, rules {numbers}", vi=f"{said.vi}, quy tắc {numbers}")


def calendar_in_words(version: str) -> Words:
    """The version of a calendar: `vn, version 1`."""
    name, _, number = version.rpartition("/")
    return Words(en=f"{name}, version {number}", vi=f"{name}, bản {number}") if name else Words(en=version, vi=version)


def until_in_words(instant: Instant) -> Words:
    """The moment up to which something is told: `the end of 25/08/2022` for the midnight that ends a day, by the local clock."""
    local = instant.at
    if local.timetz().replace(tzinfo=None) != time():
        at = moment_in_words(instant)
        return Words(en=at, vi=at)
    ended = (local - timedelta(days=1)).strftime("%d/%m/%Y")
    return Words(en=f"the end of {ended}", vi=f"hết ngày {ended}")


def moment_in_words(instant: Instant) -> str:
    """The moment by the local clock of the offset with which it was sent: `08:05 15/08/2022`."""
    return instant.at.strftime("%H:%M %d/%m/%Y")


def moment_of_text(text: str) -> str:
    """The moment of an instant as answers show it, by the clock of its own offset: `08:05 15/08/2022`."""
    return moment_in_words(Instant(read_instant(text), text))


def party_in_words(party: Party) -> Words:
    """The party by name, position and unit, as far as they are known."""
    kind = PARTY_WORDS[party.kind]
    match party.kind:
        case PartyKind.OFFICER:
            return _officer_in_words(party)
        case PartyKind.UNIT | PartyKind.CONSULTED_UNIT:
            name = party.name or party.id or ""
            return Words(en=f"{name} ({kind.en})", vi=f"{name} ({kind.vi})")
        case _:
            return kind


def _officer_in_words(party: Party) -> Words:
    named = party.name or party.id or ""
    details = [party.id if party.name is not None else None, party.position]
    if party.unit is not None:
        details.append(party.unit.name or party.unit.id)
    known = ", ".join(detail for detail in details if detail)
    text = f"{named} ({known})" if known else named
    return Words(en=text, vi=text)
