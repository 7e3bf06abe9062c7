"""The field's words in two languages: parties, states, classes, moments."""

from collections.abc import Mapping
from datetime import time, timedelta

from tiendo_contracts.problem_kinds import Words
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import CaseClass, Party, PartyKind, Policy, State

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
POLICY_WORDS: Mapping[Policy, Words] = {
    Policy.STEP_NORM: Words(en="by the overruns of step allotments", vi="theo phần vượt thời hạn từng bước"),
    Policy.AFTER_DUE: Words(en="by who held it after the due", vi="theo người giữ hồ sơ sau hạn"),
}


def rule_in_words(rule: str) -> Words:
    """A share's rule with the words of its policy before the code: `by who held it after the due, after-due/1 (A4)`."""
    named = [words for policy, words in POLICY_WORDS.items() if rule.startswith(policy.value)]
    if not named:
        return Words(en=rule, vi=rule)
    return Words(en=f"{named[0].en}, {rule}", vi=f"{named[0].vi}, {rule}")


def calendar_in_words(version: str) -> Words:
    """The version of a calendar: `vn, version 1`."""
    name, _, number = version.rpartition("/")
    return Words(en=f"{name}, version {number}", vi=f"{name}, bản {number}") if name else Words(en=version, vi=version)


def moment_in_words(instant: Instant) -> str:
    """The moment by the local clock of the offset with which it was sent: `08:05 15/08/2022`."""
    return instant.at.strftime("%H:%M %d/%m/%Y")


def until_in_words(instant: Instant) -> Words:
    """The moment up to which something is told: `the end of 25/08/2022` for the midnight that ends a day, by the local clock."""
    local = instant.at
    if local.timetz().replace(tzinfo=None) != time():
        at = moment_in_words(instant)
        return Words(en=at, vi=at)
    ended = (local - timedelta(days=1)).strftime("%d/%m/%Y")
    return Words(en=f"the end of {ended}", vi=f"hết ngày {ended}")


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
