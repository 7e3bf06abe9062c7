"""The causes of lateness in two languages."""

from collections.abc import Mapping

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.lateness_causes import LatenessCause

CAUSE_WORDS: Mapping[LatenessCause, Words] = {
    LatenessCause.OFFICER: Words(
        en="officers, beyond the allotment of their steps", vi="công chức, viên chức vượt thời hạn bước"
    ),
    LatenessCause.UNIT: Words(en="queues of units: nobody had picked it up", vi="chờ trong đơn vị, chưa ai nhận xử lý"),
    LatenessCause.UNKNOWN: Words(en="holder unknown", vi="không xác định được người giữ"),
    LatenessCause.CONSULTED_UNIT: Words(en="consulted units", vi="đơn vị được xin ý kiến"),
    LatenessCause.ORGANISATION: Words(
        en="organisation or plan: what no overrun explains", vi="tổ chức hoặc quy trình: không bên nào vượt"
    ),
    LatenessCause.APPLICANT: Words(en="the applicant, by decision", vi="người nộp hồ sơ, theo quyết định"),
    LatenessCause.SUSPENSION: Words(en="force majeure, by decision", vi="bất khả kháng, theo quyết định"),
    LatenessCause.LATE_ENTRY: Words(en="late entry, with evidence", vi="quên thao tác, có minh chứng"),
    LatenessCause.UNPROVEN: Words(en="late entry, unproven", vi="quên thao tác, chưa có minh chứng"),
    LatenessCause.LATE_SYNC: Words(en="late synchronisation, by decision", vi="đồng bộ chậm, theo quyết định"),
}
