"""Why there is a warning of an open case, in plain words (docs/warnings.md)."""

from collections.abc import Mapping
from datetime import datetime

from tiendo_contracts.explanation.durations import minutes_in_words, number_in_words, percent_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.early_warning import Likeness, PaceOver, PlanOutlook

DUE_WITHIN_A_DAY = Words(en="due within 24 hours", vi="còn dưới 24 giờ đến hạn")
DUE_WITHIN_THREE_DAYS = Words(en="due within 3 days", vi="còn dưới 3 ngày đến hạn")

_LIKE: Mapping[Likeness, Words] = {
    Likeness.PROCEDURE_AND_STEP: Words(
        en="cases of this procedure that were in this step", vi="hồ sơ cùng thủ tục đang ở bước này"
    ),
    Likeness.STEP: Words(
        en="cases that were in this step, of whatever procedure", vi="hồ sơ ở bước này của mọi thủ tục"
    ),
    Likeness.PROCEDURE: Words(en="cases of this procedure", vi="hồ sơ cùng thủ tục"),
}


def plan_in_words(plan: PlanOutlook, left_minutes: int, step: str | None) -> Words:
    """What is still allotted against what is left: `bước Thẩm định còn 960 phút, hạn còn 480`."""
    here, later, left = map(minutes_in_words, (plan.left_in_step_minutes, plan.later_steps_minutes, left_minutes))
    named = Words(en="the step" if step is None else f"step {step}", vi="bước này" if step is None else f"bước {step}")
    after = Words(en="", vi="")
    if plan.later_steps_minutes:
        after = Words(
            en=f", the steps after it are usually allotted {later.en}", vi=f", các bước sau thường có {later.vi}"
        )
    return Words(
        en=f"{named.en} still has {here.en}{after.en}; until the due there are {left.en}",
        vi=f"{named.vi} còn {here.vi}{after.vi}; hạn còn {left.vi}",
    )


def pace_in_words(pace: PaceOver, left_minutes: int) -> Words:
    """What became of the cases before: `trong 240 hồ sơ … khi còn 480 phút, 198 hồ sơ (82,5 %) trễ hạn`."""
    left, like = minutes_in_words(left_minutes), _LIKE[pace.likeness]
    said = {
        language: (
            number_in_words(pace.cases, language),
            number_in_words(pace.late, language),
            percent_in_words(pace.share, language),
        )
        for language in Language
    }
    cases, late, share = said[Language.ENGLISH]
    en = f"of {cases} {like.en} with {left.en} left, {late} ({share}) were late"
    cases, late, share = said[Language.VIETNAMESE]
    return Words(en=en, vi=f"trong {cases} {like.vi} khi còn {left.vi}, {late} hồ sơ ({share}) quá hạn")


def apology_in_words(apology_by: datetime) -> Words:
    """Until when form 04 has to be out; that it may be out only once is said with it."""
    at = apology_by.strftime("%H:%M %d/%m/%Y")
    return Words(
        en=f"an apology with a new due (form 04) has to be sent by {at}, unless the case was extended before",
        vi=f"phải gửi phiếu xin lỗi và hẹn lại (mẫu 04) trước {at}, nếu hồ sơ chưa gia hạn lần nào",
    )
