"""What was explained and decided of one party, as the pages tell it: refusals as well, and what came of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.explanation import ANOMALY_WORDS
from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import EffectKind, ExplanationFiled, Outcome
from tiendo_domain.facts import Person
from tiendo_domain.instants import Instant, Moment
from tiendo_domain.timeline_types import AnomalyKind, CaseTimeline, Decision, ExplanationState
from tiendo_query.desk.said_of_one import Explained, SaidOfOne, explained

STATE_WORDS: Final[Mapping[ExplanationState, Words]] = {
    ExplanationState.PENDING: Words(vi="chờ quyết định", en="waits for a decision"),
    ExplanationState.DECIDED: Words(vi="đã quyết định", en="decided"),
    ExplanationState.WITHDRAWN: Words(vi="đã rút", en="withdrawn"),
}
ASKS_WORDS: Final[Mapping[EffectKind, Words]] = {
    EffectKind.LATE_ENTRY: Words(vi="công nhận hồ sơ đã xong trong hạn (quên thao tác)", en="that it was finished in time and entered late"),
    EffectKind.LATE_SYNC: Words(vi="công nhận dữ liệu đồng bộ chậm", en="that it was only synchronised late"),
    EffectKind.MOVE: Words(vi="chuyển phần chậm sang bên khác", en="that the share be moved to somebody else"),
}  # fmt: skip
OUTCOME_WORDS: Final[Mapping[Outcome, Words]] = {
    Outcome.ACCEPTED: Words(vi="chấp nhận", en="accepted"),
    Outcome.REFUSED: Words(vi="không chấp nhận", en="refused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDecision:
    """A decision: outcome, who decided, by which document, why, and what is wrong with it; not `stands`: something later replaces it."""

    outcome: Words
    refused: bool
    decided_at: Instant
    decided_by: str
    decider_position: str | None
    document_number: str
    signed_at: Moment
    text: str
    marks: Sequence[Words]
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldExplanation:
    """An explanation and what was decided on it, the last last; without a reason and text: a decision that answers none."""

    source: str
    id: str
    filed_at: Instant
    state: Words
    pending: bool
    reason: Words
    text: str
    asks: Words | None
    documents: Sequence[tuple[str, Moment, str | None]]
    decisions: Sequence[ToldDecision]


def told_explanations(said: SaidOfOne) -> list[ToldExplanation]:
    """What was explained for the party, the newest first."""
    return [_told(one) for one in said.explanations]


def _told(one: Explained) -> ToldExplanation:
    said = one.said.said
    return ToldExplanation(
        source=one.said.source,
        id=one.said.id,
        filed_at=one.said.filed_at,
        state=STATE_WORDS[one.said.state],
        pending=one.said.state is ExplanationState.PENDING,
        reason=REASON_WORDS[said.reason],
        text=said.text,
        asks=None if said.asked_kind is None else ASKS_WORDS[said.asked_kind],
        documents=[(paper.document_number, paper.signed_at, paper.title) for paper in said.documents or ()],
        decisions=told_decisions(one.decisions),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOfCase:
    """An explanation in a case with who it is for; what was decided without any has none."""

    who: str
    told: ToldExplanation | None
    decisions: Sequence[ToldDecision]


def told_of_case(timeline: CaseTimeline) -> list[ToldOfCase]:
    """All that was explained and decided of the case, refusals too: by explanation in the order of filing, then what was decided without one."""
    answered = [explained(one, timeline.decisions) for one in timeline.explanations]
    without = [one for one in timeline.decisions if one.said.explanation is None]
    return [
        *(ToldOfCase(who=_for_whom(one.said.said), told=_told(one), decisions=()) for one in answered),
        *(ToldOfCase(who="", told=None, decisions=told_decisions([one])) for one in without),
    ]


def _for_whom(said: ExplanationFiled) -> str:
    named = said.officer or said.unit
    return "" if named is None else named.name or named.id or ""


def told_decisions(decisions: Iterable[Decision]) -> list[ToldDecision]:
    """The decisions in their order."""
    return [
        ToldDecision(
            outcome=OUTCOME_WORDS[one.said.outcome],
            refused=one.said.outcome is Outcome.REFUSED,
            decided_at=one.decided_at,
            decided_by=_who(one.said.decided_by),
            decider_position=one.said.decided_by.position,
            document_number=one.said.document.document_number,
            signed_at=one.said.document.signed_at,
            text=one.said.text,
            marks=[ANOMALY_WORDS[AnomalyKind(mark.value)] for mark in one.marks],
            stands=one.stands,
        )
        for one in decisions
    ]


def _who(person: Person) -> str:
    return person.name or person.id or ""
