"""What was explained and decided about a case, in words: each sentence with its rule and the events it rests on (section E)."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from tiendo_contracts.explanation.durations import minutes_in_words
from tiendo_contracts.explanation.vocabulary import (
    ANOMALY_WORDS,
    CLASS_WORDS,
    moment_in_words,
    party_in_words,
)
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import Difficulty, Outcome
from tiendo_domain.facts import Person, Unit
from tiendo_domain.timeline_types import (
    AnomalyKind,
    CaseTimeline,
    Decision,
    Explanation,
    ExplanationState,
)

REASON_WORDS: Final[Mapping[Difficulty, Words]] = {
    Difficulty.FORCE_MAJEURE: Words(en="force majeure", vi="bất khả kháng"),
    Difficulty.APPLICANT: Words(en="the applicant", vi="do người nộp hồ sơ"),
    Difficulty.CONSULTED_UNIT: Words(en="a consulted unit", vi="do đơn vị được xin ý kiến"),
    Difficulty.OVERLOAD: Words(en="overload", vi="quá tải"),
    Difficulty.ABSENCE: Words(en="absence", vi="vắng mặt"),
    Difficulty.WRONG_ASSIGNMENT: Words(en="assigned to the wrong person", vi="giao nhầm"),
    Difficulty.SYSTEM_FAULT: Words(en="a fault of the system", vi="lỗi hệ thống"),
    Difficulty.SYNC_FAULT: Words(en="a fault of synchronisation", vi="lỗi đồng bộ"),
    Difficulty.OTHER: Words(en="other", vi="lý do khác"),
}

_STATE_WORDS: Final[Mapping[ExplanationState, Words]] = {
    ExplanationState.PENDING: Words(en="not decided yet", vi="chưa được xem xét quyết định"),
    ExplanationState.DECIDED: Words(en="decided", vi="đã được quyết định"),
    ExplanationState.WITHDRAWN: Words(en="withdrawn", vi="đã rút"),
}
_OUTCOME_WORDS: Final[Mapping[Outcome, Words]] = {
    Outcome.ACCEPTED: Words(en="accepted", vi="chấp nhận"),
    Outcome.REFUSED: Words(en="refused", vi="không chấp nhận"),
}


class ToldOfDecisions(NamedTuple):
    """A sentence with its rule and events."""

    words: Words
    rule: str
    event_ids: tuple[str, ...] = ()


def decided_in_words(timeline: CaseTimeline) -> Iterator[ToldOfDecisions]:
    """What was explained, what was decided, and what holds after that; nothing where nothing was."""
    for explanation in timeline.explanations:
        yield _explanation(explanation)
    for decision in timeline.decisions:
        yield _decision(decision)
    if timeline.decisions:
        yield from _after(timeline)


def _explanation(explanation: Explanation) -> ToldOfDecisions:
    said, at = explanation.said, moment_in_words(explanation.filed_at)
    who, reason, state = _who(said.officer or said.unit), REASON_WORDS[said.reason], _STATE_WORDS[explanation.state]
    words = Words(
        en=f"{at}: {who} explains ({reason.en}): “{said.text}”; {state.en}.",
        vi=f"{at}: {who} giải trình ({reason.vi}): “{said.text}”; {state.vi}.",
    )
    return ToldOfDecisions(words, "E6", (explanation.id,))


def _decision(decision: Decision) -> ToldOfDecisions:
    said, at = decision.said, moment_in_words(decision.decided_at)
    outcome, number = _OUTCOME_WORDS[said.outcome], said.document.document_number
    marks = [ANOMALY_WORDS[AnomalyKind(mark.value)] for mark in decision.marks]
    en = [f"{at}: decided by {_who(said.decided_by)}, document {number}: {outcome.en}", *(mark.en for mark in marks)]
    vi = [f"{at}: {_who(said.decided_by)} quyết định, văn bản số {number}: {outcome.vi}", *(mark.vi for mark in marks)]
    if not decision.stands:
        en.append("nothing of it holds")
        vi.append("không còn hiệu lực")
    return ToldOfDecisions(Words(en=f"{'; '.join(en)}.", vi=f"{'; '.join(vi)}."), "E1", (decision.id,))


def _after(timeline: CaseTimeline) -> Iterator[ToldOfDecisions]:
    if timeline.case_class is not timeline.class_by_rule and timeline.case_class is not None:
        named = CLASS_WORDS[timeline.case_class]
        yield ToldOfDecisions(
            Words(en=f"Class after that: {named.en}.", vi=f"Phân loại sau quyết định: {named.vi}."), "E2"
        )
    if timeline.attributions != timeline.attributions_by_rule:
        shares = [(party_in_words(row.party), minutes_in_words(row.minutes)) for row in timeline.attributions]
        en = "; ".join(f"{party.en}: {minutes.en}" for party, minutes in shares) or "nobody bears anything"
        vi = "; ".join(f"{party.vi}: {minutes.vi}" for party, minutes in shares) or "không bên nào phải chịu"
        yield ToldOfDecisions(Words(en=f"Shares after that: {en}.", vi=f"Phần chịu sau quyết định: {vi}."), "E4")
    for entry in timeline.late_entries if timeline.case_class is not timeline.class_by_rule else ():
        party, minutes = party_in_words(entry.party), minutes_in_words(entry.minutes)
        yield ToldOfDecisions(
            Words(en=f"Entered late: {party.en}, {minutes.en}.", vi=f"Quên thao tác: {party.vi}, {minutes.vi}."), "E2"
        )


def _who(named: Person | Unit | None) -> str:
    """The name, with the position where one is said; else the id."""
    if named is None:
        return ""
    name = named.name or named.id or ""
    position = named.position if isinstance(named, Person) else None
    return f"{name} ({position})" if position else name
