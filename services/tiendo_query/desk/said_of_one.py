"""What one case says of one party: its minutes by rule and after decisions, how they came about, and what was explained and decided of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_contracts.explanation.own_share import YOU, OwnSentence, StepUse, own_share_in_words, steps_used
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import ExplanationFiled, MoveEffect
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.decisions.named_parties import bearer_key
from tiendo_domain.timeline.parties import named_holder, named_unit, unit_name
from tiendo_domain.timeline_types import (
    Attribution,
    CaseTimeline,
    Decision,
    Explanation,
    ExplanationState,
    Hold,
    LateEntryShare,
    Party,
    PartyKind,
)

_NOT_THEIRS: Final = (PartyKind.APPLICANT, PartyKind.CONSULTED_UNIT, PartyKind.SUSPENSION)
_DAY: Final = timedelta(days=1)
_DAYS_MAX: Final = 3_660


@dataclass(frozen=True, slots=True, kw_only=True)
class BothValues:
    """Whole working minutes by rule and after decisions: always both, also where they are equal."""

    by_rule: int
    after: int

    @property
    def changed(self) -> bool:
        """Whether decisions made another figure of it."""
        return self.by_rule != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """How late against the plan, or past the due, the case already was when the party got it, and from whom; negative: time in hand (rule A6)."""

    minutes: int
    giver: Party | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """Working minutes for which the case waited for somebody else, by what kind of party that was."""

    kind: PartyKind
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfOne:
    """What a case says of the party of `key`; `explanations` are those filed for it, the newest first, each with the decisions on it."""

    timeline: CaseTimeline
    key: str
    share: BothValues
    late_entry: BothValues
    inherited: Inherited | None
    steps: Sequence[StepUse]
    waited: Sequence[Waited]
    absent_minutes: int
    days_off: int
    sentences: Sequence[OwnSentence]
    called: Words
    explanations: Sequence["Explained"]
    moved_without: Sequence[Decision]
    """Decisions on no explanation that moved minutes of the party."""

    @property
    def pending(self) -> "Explained | None":
        """The newest explanation that waits for a decision."""
        return next((one for one in self.explanations if one.said.state is ExplanationState.PENDING), None)

    @property
    def bears(self) -> bool:
        """Whether the party bears anything, by rule or after decisions."""
        return any((self.share.by_rule, self.share.after, self.late_entry.by_rule, self.late_entry.after))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An explanation and what was decided on it, the last decision last."""

    said: Explanation
    decisions: Sequence[Decision]


def said_of_one(timeline: CaseTimeline, key: str, rules: RuleBook, called: Words = YOU) -> SaidOfOne:
    """What the timeline says of the party of the key, who is spoken of as `called`."""
    entered = timeline.late_entry_party
    by_rule = timeline.late_entry_by_rule_minutes if entered is not None and entered.key == key else 0
    own = [hold for hold in timeline.holds if hold.party.key == key]
    explanations = [one for one in timeline.explanations if explained_key(one.said, rules) == key]
    return SaidOfOne(
        timeline=timeline,
        key=key,
        share=BothValues(
            by_rule=_minutes(timeline.attributions_by_rule, key), after=_minutes(timeline.attributions, key)
        ),
        late_entry=BothValues(by_rule=by_rule, after=_minutes(timeline.late_entries, key)),
        inherited=_inherited(timeline, key),
        steps=steps_used(timeline, key),
        waited=[
            Waited(kind=kind, minutes=minutes)
            for kind in _NOT_THEIRS
            if (minutes := sum(hold.working_minutes for hold in timeline.holds if hold.party.kind is kind))
        ],
        absent_minutes=sum(hold.working_minutes for hold in timeline.holds if hold.absent),
        days_off=_days_off(timeline, own),
        sentences=list(own_share_in_words(timeline, key, called)),
        called=called,
        explanations=[explained(one, timeline.decisions) for one in reversed(explanations)],
        moved_without=[one for one in timeline.decisions if _moves_without_explanation(one, key, rules)],
    )


def explained_key(said: ExplanationFiled, rules: RuleBook) -> str | None:
    """The key of the party whose lateness is explained."""
    if said.officer is not None:
        return named_holder(said.officer, rules).key
    unit = unit_name(said.unit)
    return None if unit is None else named_unit(PartyKind.UNIT, unit).key


def called(timeline: CaseTimeline, key: str) -> Words:
    """How others speak of the party of the key: by its name, else by its id."""
    parties = (*(row.party for row in timeline.attributions_by_rule), *(hold.party for hold in timeline.holds))
    named = next((party.name or party.id for party in parties if party.key == key), None) or "–"
    return Words(en=named, vi=named)


def explained(one: Explanation, decisions: Iterable[Decision]) -> Explained:
    """The explanation with the decisions on it."""
    named = (one.source, one.id)
    on_it = [
        decision
        for decision in decisions
        if decision.said.explanation is not None
        and (decision.said.explanation.source, decision.said.explanation.id) == named
    ]
    return Explained(said=one, decisions=on_it)


def _moves_without_explanation(decision: Decision, key: str, rules: RuleBook) -> bool:
    moves = (effect for effect in decision.said.effects or () if isinstance(effect, MoveEffect))
    return decision.said.explanation is None and any(bearer_key(move.from_, rules) == key for move in moves)


def _minutes(rows: Iterable[Attribution | LateEntryShare], key: str) -> int:
    return sum(row.minutes for row in rows if row.party.key == key)


def _inherited(timeline: CaseTimeline, key: str) -> Inherited | None:
    """The lag at the party's first hold in which it worked, and who held the case before; None for who held it first, or held it only in pauses."""
    before: Hold | None = None
    for hold in timeline.holds:
        if hold.party.key == key and not hold.paused and hold.lateness_in_minutes is not None:
            giver = None if before is None else before.party
            return None if giver is None else Inherited(minutes=hold.lateness_in_minutes, giver=giver)
        if not hold.paused:
            before = hold
    return None


def _days_off(timeline: CaseTimeline, own: Sequence[Hold]) -> int:
    """The local days without working time that lie wholly within the party's holds, of which nothing counts."""
    calendar = timeline.calendar
    days = set[date]()
    for hold in own:
        start = hold.started_at.at.astimezone(calendar.zone).date()
        end = (timeline.as_of if hold.ended_at is None else hold.ended_at.at).astimezone(calendar.zone).date()
        length = min((end - start).days, _DAYS_MAX)
        within = (start + number * _DAY for number in range(1, length))
        days |= {
            day
            for day in within
            if not calendar.working_minutes(_begin(day, calendar.zone), _begin(day + _DAY, calendar.zone))
        }
    return len(days)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
