"""What is to be said of a hold beside who, when and how long: that it is inferred, in an absent officer's place, or marked by a translator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.facts import Mark
from tiendo_domain.timeline_types import Hold

MARK_WORDS: Mapping[Mark, Words] = {
    Mark.HISTORY: Words(en="entered later as history", vi="sự việc cũ nhập bổ sung"),
    Mark.SENDER_REPAIR: Words(en="a row that the sending system added", vi="dòng do hệ thống gửi tự bổ sung"),
    Mark.MATCHED_BY_DIRECTORY: Words(en="name matched by the directory", vi="họ tên khớp theo danh bạ"),
    Mark.STATUS_UNMAPPED: Words(en="status unknown to us", vi="trạng thái chưa được khai báo"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark and the number of the rule that it rests on; None where it rests on none."""

    words: Words
    rule: str | None = None


def remarks_on(hold: Hold) -> Iterator[Remark]:
    """Everything that is to be remarked on a hold."""
    if hold.inferred:
        words = Words(en="inferred from who worked until when", vi="suy ra từ việc ai xử lý đến lúc nào")
        yield Remark(words=words, rule="H12")
    if hold.absent:
        words = Words(en="in place of an officer who was away", vi="giữ thay cho công chức vắng mặt")
        yield Remark(words=words, rule="H10")
    for mark in hold.marks:
        yield Remark(words=MARK_WORDS[mark])
