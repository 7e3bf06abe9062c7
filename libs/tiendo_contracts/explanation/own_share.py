"""What is said to a party of its own share of a case: one sentence, with the rules that it follows and the events it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.explanation.durations import minutes_in_words, number_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.timeline_types import Attribution, CaseTimeline, Hold, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUse:
    """What a party used of one step: whole working minutes; `allotted_minutes` None where the step has none (rules A1, A2)."""

    step: str | None
    allotted_minutes: int | None
    used_minutes: int
    overrun_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSentence:
    """The sentence, its rules and events."""

    words: Words
    rules: tuple[str, ...]
    event_ids: tuple[str, ...] = ()


def steps_used(timeline: CaseTimeline, key: str) -> list[StepUse]:
    """What the party of the key used of each step in which it held the case while the clock ran, in the order in which it came to them.

    Holds before a restart of the term are left out: they take no part in shares (rule A1).
    """
    of: dict[str | None, list[Hold]] = {}
    for hold in timeline.holds:
        if hold.party.key == key and hold.takes_part and hold.working_minutes:
            of.setdefault(None if hold.step is None else hold.step.id, []).append(hold)
    return [_use(holds) for holds in of.values()]


def _use(holds: Sequence[Hold]) -> StepUse:
    step = holds[0].step
    return StepUse(
        step=None if step is None else step.name or step.id,
        allotted_minutes=holds[0].allotted_minutes,
        used_minutes=sum(hold.working_minutes for hold in holds),
        overrun_minutes=sum(hold.overrun_minutes or 0 for hold in holds),
    )


YOU: Final = Words(en="you", vi="anh/chị")
"""How who reads of themselves is called."""


def own_share_in_words(timeline: CaseTimeline, key: str, called: Words = YOU) -> Iterator[OwnSentence]:
    """How the party's minutes came about by rule: of the lateness, and of a finish that was recorded late; nothing where it bears nothing.

    `called` is how the party is spoken of.
    """
    share = next((row for row in timeline.attributions_by_rule if row.party.key == key), None)
    if share is not None:
        rule = "A3" if timeline.policy is Policy.STEP_NORM else "A4"
        said = _by_steps if timeline.policy is Policy.STEP_NORM else _by_minutes
        words = said(timeline, key, share, called)
        yield OwnSentence(words=words, rules=("D4", rule), event_ids=share.event_ids)
    bearer = timeline.late_entry_party
    if bearer is not None and bearer.key == key and timeline.late_entry_by_rule_minutes:
        yield OwnSentence(words=_late_entry(timeline.late_entry_by_rule_minutes, called), rules=("C",))


def _by_steps(timeline: CaseTimeline, key: str, share: Attribution, called: Words) -> Words:
    numbers = {
        "over": share.overrun_minutes or 0,
        "total": sum(hold.overrun_minutes or 0 for hold in timeline.holds if hold.takes_part),
        "late": timeline.lateness_by_rule_minutes or 0,
        "share": share.minutes,
    }
    e, v = _numbers(numbers, Language.ENGLISH), _numbers(numbers, Language.VIETNAMESE)
    steps = [_step(use, called) for use in steps_used(timeline, key) if use.overrun_minutes]
    return Words(
        en=f"{'; '.join(step.en for step in steps)}; {e['over']} of the {e['total']} minutes of overrun in the whole case; "
        f"the case is {e['late']} minutes late, so the share of {called.en} is {e['share']} (rule A3).",
        vi=f"{'; '.join(step.vi for step in steps)}; vượt {v['over']} trong {v['total']} phút vượt của cả hồ sơ; "
        f"hồ sơ chậm {v['late']} phút, nên phần của {called.vi} là {v['share']} (quy tắc A3).",
    )


def _step(use: StepUse, called: Words) -> Words:
    named, used = use.step or "–", {"used": use.used_minutes, "allotted": use.allotted_minutes or 0}
    e, v = _numbers(used, Language.ENGLISH), _numbers(used, Language.VIETNAMESE)
    return Words(
        en=f"The step {named} has {e['allotted']} minutes, {called.en} used {e['used']}",
        vi=f"Bước {named} có {v['allotted']} phút, {called.vi} dùng {v['used']}",
    )


def _by_minutes(timeline: CaseTimeline, _key: str, share: Attribution, called: Words) -> Words:
    numbers = {"late": timeline.lateness_by_rule_minutes or 0, "share": share.minutes}
    e, v = _numbers(numbers, Language.ENGLISH), _numbers(numbers, Language.VIETNAMESE)
    return Words(
        en=f"Of the {e['late']} minutes by which the case is late it was with {called.en} in {e['share']}, "
        f"so these are the share of {called.en} (rule A4).",
        vi=f"Trong {v['late']} phút quá hạn, {called.vi} giữ hồ sơ {v['share']} phút, nên phần của {called.vi} là {v['share']} (quy tắc A4).",
    )


def _late_entry(minutes: int, called: Words) -> Words:
    amount = minutes_in_words(minutes)
    return Words(
        en=f"The case was finished in time and recorded {amount.en} after its due; it was with {called.en} at its finish (rule C).",
        vi=f"Hồ sơ xử lý xong trong hạn nhưng được ghi nhận sau hạn {amount.vi}; lúc xử lý xong, {called.vi} giữ hồ sơ (quy tắc C).",
    )


def _numbers(numbers: dict[str, int], language: Language) -> dict[str, str]:
    return {name: number_in_words(number, language) for name, number in numbers.items()}
