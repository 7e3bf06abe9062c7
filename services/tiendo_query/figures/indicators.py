"""The named and versioned indicators: a change of meaning is a new version, never a new meaning of an old name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.answers.reports import (
    Decision766Answer,
    IndicatorAnswer,
    Open766,
    Received766,
    Resolved766,
)
from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.overdue import (
    COUNT_OF_CLASS,
    OVERDUE_CLASSES,
    by_rule,
    resolved_overdue,
    resolved_overdue_by_rule,
)

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A ratio: its sums are over counts of `tiendo_read_models.queries.counts`."""

    name: str
    title: Words
    definition: Words
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]

    def answer(self, counts: Counts, language: Language) -> IndicatorAnswer:
        """The indicator over the counts, after decisions and by rule; no decision changes what is open."""
        numerator = sum(counts[name] for name in self.numerator)
        numerator_by_rule = sum(counts[by_rule(name) if name in _OVERDUE else name] for name in self.numerator)
        denominator = sum(counts[name] for name in self.denominator)
        return IndicatorAnswer(
            name=self.name,
            title=self.title.spoken(language),
            definition=self.definition.spoken(language),
            numerator=numerator,
            denominator=denominator,
            value=None if denominator == 0 else numerator / denominator,
            numerator_by_rule=numerator_by_rule,
            value_by_rule=None if denominator == 0 else numerator_by_rule / denominator,
        )


_OVERDUE: Final = tuple(COUNT_OF_CLASS[overdue] for overdue in OVERDUE_CLASSES)

INDICATORS: Final = (
    Indicator(
        name="overdue-ratio/1",
        title=Words(en="Overdue ratio", vi="Tỷ lệ hồ sơ giải quyết quá hạn"),
        definition=Words(
            en="Of the cases completed in the period, by the finish as recorded, the share that is actual, late-entry or unproven.",
            vi="Trong số hồ sơ giải quyết xong trong kỳ (theo thời điểm ghi nhận), tỷ lệ quá hạn thực tế, quên thao tác hoặc chưa có minh chứng.",
        ),
        numerator=_OVERDUE,
        denominator=("resolved",),
    ),
    Indicator(
        name="actual-overdue-ratio/1",
        title=Words(en="Actual overdue ratio", vi="Tỷ lệ quá hạn thực tế"),
        definition=Words(
            en="Of the cases completed in the period, by the finish as recorded, the share that finished after the judged due.",
            vi="Trong số hồ sơ giải quyết xong trong kỳ (theo thời điểm ghi nhận), tỷ lệ kết thúc sau hạn.",
        ),
        numerator=("actual",),
        denominator=("resolved",),
    ),
    Indicator(
        name="forgotten-entry-ratio/1",
        title=Words(en="Late entry ratio", vi="Tỷ lệ quá hạn do quên thao tác"),
        definition=Words(
            en="Of the cases completed in the period, by the finish as recorded, the share that is late-entry or unproven.",
            vi="Trong số hồ sơ giải quyết xong trong kỳ (theo thời điểm ghi nhận), tỷ lệ quên thao tác hoặc chưa có minh chứng.",
        ),
        numerator=("late_entry", "unproven"),
        denominator=("resolved",),
    ),
    Indicator(
        name="overdue-of-all-ratio/1",
        title=Words(en="Overdue of all to process", vi="Tỷ lệ quá hạn trên tổng số phải giải quyết"),
        definition=Words(
            en="Overdue among resolved and open together: (resolved overdue + open overdue) / (resolved + open at the end of the period).",
            vi="Quá hạn trên tổng số phải giải quyết: (đã giải quyết quá hạn + đang giải quyết quá hạn) / (đã giải quyết + đang giải quyết cuối kỳ).",
        ),
        numerator=(*_OVERDUE, "open_overdue"),
        denominator=("resolved", "open"),
    ),
    Indicator(
        name="open-overdue-ratio/1",
        title=Words(en="Overdue of open cases", vi="Tỷ lệ quá hạn trong số đang giải quyết"),
        definition=Words(
            en="Of the cases open at the end of the period, the share that is past its judged due.",
            vi="Trong số hồ sơ đang giải quyết cuối kỳ, tỷ lệ đã quá hạn.",
        ),
        numerator=("open_overdue",),
        denominator=("open",),
    ),
)

_DECISION_766: Final = Words(en="Progress by Decision 766/QĐ-TTg", vi="Tiến độ giải quyết theo Quyết định 766/QĐ-TTg")
_DECISION_766_MEANING: Final = Words(
    en="received = resolved + in process + paused + ended otherwise + recorded later; early: completed on a day before that of the judged due.",
    vi="tiếp nhận = đã giải quyết + đang giải quyết + tạm dừng + kết thúc khác + ghi nhận sau kỳ; trước hạn: xong trước ngày của hạn.",
)


def decision_766(counts: Counts, language: Language) -> Decision766Answer:
    """The counts of the table of Decision 766."""
    received, online, offline = counts["concerned"], counts["new_online"], counts["new_counter_or_post"]
    new = received - counts["carried_over"]
    return Decision766Answer(
        name="decision-766/1",
        title=_DECISION_766.spoken(language),
        definition=_DECISION_766_MEANING.spoken(language),
        received=Received766(
            total=received,
            carried_over=counts["carried_over"],
            new=new,
            online=online,
            counter_or_post=offline,
            channel_unknown=new - online - offline,
        ),
        resolved=_resolved(counts, counts["resolved_early"], resolved_overdue(counts)),
        resolved_by_rule=_resolved(counts, counts[by_rule("resolved_early")], resolved_overdue_by_rule(counts)),
        in_process=_open(counts, "open", less="paused"),
        paused=_open(counts, "paused"),
        ended_otherwise=counts["ended_otherwise"],
        recorded_later=counts["recorded_later"],
    )


def _resolved(counts: Counts, early: int, overdue: int) -> Resolved766:
    total, without_due = counts["resolved"], counts["resolved_without_due"]
    on_time = total - without_due - early - overdue
    return Resolved766(total=total, early=early, on_time=on_time, overdue=overdue, without_due=without_due)


def _open(counts: Counts, name: str, *, less: str | None = None) -> Open766:
    def count(suffix: str) -> int:
        return counts[f"{name}{suffix}"] - (0 if less is None else counts[f"{less}{suffix}"])

    total, overdue, without_due = count(""), count("_overdue"), count("_without_due")
    return Open766(total=total, in_time=total - overdue - without_due, overdue=overdue, without_due=without_due)
