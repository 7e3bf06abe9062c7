"""What is said of each policy: its name, and how holds, shares and lags are put under it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.explanation.durations import minutes_in_words, number_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.timeline_types import Attribution, CaseTimeline, Hold, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWords:
    """The words of a policy.

    `of_hold`: what is said of a hold in which the clock runs, behind who, when and how long; with the rules in `hold_rules`, of which those in
    `party_rules` stand before what is remarked. `of_shares`: how the lateness was shared out; `of_share`: how one share was, None where that
    says enough; both by `share_rule`. `against`: what the lag of a hold is measured against, `lags`: what lags mean (rule A6).
    """

    named: Words
    party_rules: tuple[str, ...] = ()
    hold_rules: tuple[str, ...]
    share_rule: str
    of_hold: Callable[[Hold], Words]
    of_shares: Callable[[CaseTimeline], Words]
    of_share: Callable[[CaseTimeline, Attribution], Words | None] = lambda *_: None
    against: Words
    lags: Words


def policy_in_words(policy: Policy) -> Words:
    """What the policy is called, with its name and version."""
    words = POLICY_WORDS[policy].named
    return Words(en=f"{words.en} ({policy})", vi=f"{words.vi} ({policy})")


def _allotted_hold(hold: Hold) -> Words:
    over = minutes_in_words(hold.overrun_minutes or 0)
    if hold.allotted_minutes is None:
        en, vi = f"nothing allotted, overrun {over.en}", f"bước này không quy định thời hạn, tính vượt {over.vi}"
    else:
        left = minutes_in_words(hold.allotted_minutes)
        en = f"left of the allotment {left.en}, overrun {over.en}"
        vi = f"lúc nhận, bước này còn thời hạn {left.vi}; vượt thời hạn {over.vi}"
    if not hold.takes_part:
        en = f"{en}; before a restart, so without part in the shares"
        vi = f"{vi}; trước khi thời hạn được tính lại từ đầu nên không xét khi quy trách nhiệm"
    return Words(en=en, vi=vi)


def _in_proportion(timeline: CaseTimeline) -> Words:
    late, total = (
        minutes_in_words(timeline.lateness_by_rule_minutes or 0),
        minutes_in_words(_overruns_together(timeline)),
    )
    policy = policy_in_words(timeline.policy)
    return Words(
        en=f"The lateness of {late.en} is shared in proportion to the overruns, {total.en} together: {policy.en}; "
        "nobody bears more than the own overrun",
        vi=f"Thời gian quá hạn {late.vi} được quy theo tỷ lệ thời gian mỗi bên vượt thời hạn bước, tổng cộng {total.vi}: "
        f"{policy.vi}; không bên nào chịu nhiều hơn phần mình vượt",
    )


def _proportion(timeline: CaseTimeline, share: Attribution) -> Words:
    """How one share is computed: overrun × L ÷ S rounded down, or the overrun itself."""
    lateness, total = timeline.lateness_by_rule_minutes or 0, _overruns_together(timeline)
    if lateness >= total:
        return Words(en="the whole overrun", vi="toàn bộ phần vượt")

    def working(language: Language) -> str:
        overrun, late, together = (number_in_words(n, language) for n in (share.overrun_minutes or 0, lateness, total))
        return f"⌊{overrun} × {late} ÷ {together}⌋"

    return Words(en=f"{working(Language.ENGLISH)}, rounded down", vi=f"{working(Language.VIETNAMESE)}, làm tròn xuống")


def _overruns_together(timeline: CaseTimeline) -> int:
    return sum(hold.overrun_minutes or 0 for hold in timeline.holds if hold.takes_part)


def _hold_after_due(hold: Hold) -> Words:
    late = minutes_in_words((hold.lateness_out_minutes or 0) - (hold.lateness_in_minutes or 0))
    return Words(en=f"of these after the due: {late.en}", vi=f"trong đó sau hạn: {late.vi}")


def _minute_by_minute(timeline: CaseTimeline) -> Words:
    policy = policy_in_words(timeline.policy)
    return Words(
        en=f"Each minute of the lateness belongs to the party that held the case in it: {policy.en}",
        vi=f"Mỗi phút quá hạn tính cho bên giữ hồ sơ trong phút đó: {policy.vi}",
    )


POLICY_WORDS: Final[Mapping[Policy, PolicyWords]] = {
    Policy.STEP_NORM: PolicyWords(
        named=Words(en="by the allotments of the steps", vi="theo thời hạn từng bước"),
        hold_rules=("A1", "A2"),
        share_rule="A3",
        of_hold=_allotted_hold,
        of_shares=_in_proportion,
        of_share=_proportion,
        against=Words(en="against the plan", vi="so với kế hoạch"),
        lags=Words(
            en="how many working minutes earlier or later than the plan of the steps; this is not the lateness of the case (A6)",
            vi="sớm hay chậm bao nhiêu phút làm việc so với kế hoạch các bước; đây không phải thời gian quá hạn của hồ sơ (A6)",
        ),
    ),
    Policy.AFTER_DUE: PolicyWords(
        named=Words(en="by who held it after the due", vi="theo người giữ hồ sơ sau khi hết hạn"),
        party_rules=("H2",),
        hold_rules=("A4",),
        share_rule="A4",
        of_hold=_hold_after_due,
        of_shares=_minute_by_minute,
        against=Words(en="against the due", vi="so với hạn"),
        lags=Words(
            en="how many working minutes the case was late by then (A6)",
            vi="số phút làm việc đã quá hạn khi đó (A6)",
        ),
    ),
}
"""The words of each policy; a test holds that none lacks them."""
