"""The figures of a case after decisions, beside those by rule (section E)."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from tiendo_domain.explanations import ExplanationDecided, ExplanationFiled, MovedFigure
from tiendo_domain.facts import EventKey
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.classes import Classified
from tiendo_domain.timeline.decisions.class_effects import Reclassified, by_rule, reclassified
from tiendo_domain.timeline.decisions.moves import (
    CountedMove,
    in_case,
    is_outdated,
    minutes_moved,
    move_of,
    moved_late_entries,
    moved_shares,
    taken_by_class,
    units_of_the_case,
)
from tiendo_domain.timeline.decisions.named_parties import bearer_key, explained_party, receiver
from tiendo_domain.timeline.decisions.standing import StandingDecisions, standing
from tiendo_domain.timeline.on_basis import OnBasis
from tiendo_domain.timeline.placed import Finding, PlacedExplanation
from tiendo_domain.timeline.policies import AttributionPolicy
from tiendo_domain.timeline.shares import Share
from tiendo_domain.timeline_types import (
    AnomalyKind,
    CaseClass,
    Decision,
    DecisionMark,
    Explanation,
    LateEntryShare,
    Party,
)


class CaseByRule(Struct, frozen=True, kw_only=True):
    """What the rules alone say of a case: its class, and `shares` by policy and basis asked for.

    `occurred` is its reading on basis occurred, `default_shares` are the shares there by the default policy.
    """

    occurred: OnBasis
    classified: Classified
    default_shares: Sequence[Share]
    policy: AttributionPolicy
    shares: Sequence[Share]
    on_occurred: bool


class AfterDecisions(Struct, frozen=True, kw_only=True):
    """What holds after decisions; `in_time`: on basis occurred nothing of the lateness is left (rules E2, E3).

    `moved_minutes`: party's key -> what decisions moved from it.
    `emptied` are the shares by rule of which decisions have left nothing.
    """

    case_class: CaseClass | None
    accepted: bool | None
    in_time: bool
    shares: Sequence[Share]
    emptied: Sequence[Share] = ()
    late_entry_minutes: int
    late_entries: tuple[LateEntryShare, ...]
    moved_minutes: Mapping[str, int] = {}
    explanations: tuple[Explanation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    findings: Sequence[Finding] = ()


def after_decisions(case: CaseByRule) -> AfterDecisions:
    """What holds after the decisions that stand."""
    explanations = case.occurred.counted.explanations
    if not explanations:
        return _as_by_rule(case)
    late_entries = by_rule(case.classified).late_entries
    bearers = {share.party.key for share in case.default_shares} | {entry.party.key for entry in late_entries}
    rules = case.occurred.walked.subject.rules
    found = standing(explanations, bearers, rules)
    classed = _classed(case, found)
    moves, elsewhere = _moves(case, found)
    marks = _marks(case, found, classed, moves, elsewhere)
    gone = classed.in_time and case.on_occurred
    if gone and found.class_effect is not None:
        shares = taken_by_class(case.shares, found.class_effect[0], case.policy)
    else:
        shares = moved_shares(case.shares, moves, case.policy)
    return AfterDecisions(
        case_class=classed.case_class,
        accepted=classed.accepted,
        in_time=classed.in_time,
        shares=[share for share in shares if share.minutes > 0],
        emptied=[share for share in shares if share.minutes == 0],
        late_entry_minutes=classed.late_entry_minutes,
        late_entries=tuple(moved_late_entries(classed.late_entries, moves)),
        moved_minutes=minutes_moved([] if gone else case.shares, classed.late_entries, moves),
        explanations=tuple(_explanations(found, _parties(case, late_entries), rules)),
        decisions=tuple(_decisions(found, marks)),
        findings=[*found.findings, *_findings(found, marks)],
    )


def _as_by_rule(case: CaseByRule) -> AfterDecisions:
    classed = by_rule(case.classified)
    return AfterDecisions(
        case_class=classed.case_class,
        accepted=classed.accepted,
        in_time=False,
        shares=case.shares,
        late_entry_minutes=classed.late_entry_minutes,
        late_entries=classed.late_entries,
    )


def _classed(case: CaseByRule, found: StandingDecisions) -> Reclassified:
    if found.class_effect is None:
        return by_rule(case.classified)
    occurred = case.occurred
    return reclassified(found.class_effect[1], case.classified, occurred.walked, occurred.measured)


def _moves(case: CaseByRule, found: StandingDecisions) -> tuple[list[CountedMove], list[PlacedExplanation]]:
    """The moves that count, and the decisions that would move minutes to a unit which had nothing to do with the case."""
    occurred = case.occurred
    units = units_of_the_case(occurred.counted, occurred.measured)
    moves: list[CountedMove] = []
    elsewhere: list[PlacedExplanation] = []
    for decision, effect in found.moves:
        to = in_case(receiver(effect.to), units)
        if to is None:
            elsewhere.append(decision)
        else:
            moves.append(move_of(decision, effect, bearer_key(effect.from_, occurred.walked.subject.rules), to))
    return moves, elsewhere


def _marks(
    case: CaseByRule,
    found: StandingDecisions,
    classed: Reclassified,
    moves: Sequence[CountedMove],
    elsewhere: Sequence[PlacedExplanation],
) -> Mapping[EventKey, tuple[DecisionMark, ...]]:
    too_late = [found.class_effect[0]] if found.class_effect is not None and classed.too_late else []
    marked = {
        DecisionMark.DECIDED_BY_PARTY: found.by_parties,
        DecisionMark.EVIDENCE_TOO_LATE: too_late,
        DecisionMark.UNIT_NOT_IN_CASE: elsewhere,
        DecisionMark.DECISION_OUTDATED: list(_outdated(case, classed, moves)),
    }
    keys = {mark: {one.key for one in decisions} for mark, decisions in marked.items()}
    return {
        one.key: tuple(mark for mark in DecisionMark if one.key in keys[mark])
        for one in (*found.by_parties, *found.decided)
    }


def _outdated(case: CaseByRule, classed: Reclassified, moves: Sequence[CountedMove]) -> Iterator[PlacedExplanation]:
    """The decisions of which the moves of some party no longer fit what it has."""
    has = {
        MovedFigure.SHARE: {share.party.key: share.minutes for share in case.default_shares},
        MovedFigure.LATE_ENTRY: {entry.party.key: entry.minutes for entry in classed.late_entries},
    }
    of: dict[tuple[EventKey, MovedFigure, str], list[CountedMove]] = {}
    for move in moves:
        of.setdefault((move.decision.key, move.of, move.taken_from), []).append(move)
    for (_, figure, party), together in of.items():
        if is_outdated(together, has[figure].get(party, 0)):
            yield together[0].decision


def _parties(case: CaseByRule, late_entries: Sequence[LateEntryShare]) -> Mapping[str, Party]:
    """Who held the case or bears something in it by rule, on basis occurred, by key."""
    parties = [hold.stretch.holder.party for hold in case.occurred.measured.holds]
    parties += [share.party for share in case.default_shares]
    parties += [entry.party for entry in late_entries]
    return {party.key: party for party in parties}


def _explanations(found: StandingDecisions, parties: Mapping[str, Party], rules: RuleBook) -> Iterator[Explanation]:
    for one in found.filed:
        assert isinstance(one.fact, ExplanationFiled)  # noqa: S101 - what is filed
        event = one.event
        named = explained_party(one.fact, rules)
        yield Explanation(
            source=event.source,
            id=event.id,
            filed_at=event.occurred_at,
            state=found.states[one.key],
            party=parties.get(named.key, named),
            had_part=named.key in parties,
            said=one.fact,
            entered_by=event.entered_by,
        )


def _decisions(found: StandingDecisions, marks: Mapping[EventKey, tuple[DecisionMark, ...]]) -> Iterator[Decision]:
    for one in sorted((*found.by_parties, *found.decided), key=lambda decision: decision.place):
        assert isinstance(one.fact, ExplanationDecided)  # noqa: S101 - what was decided
        event = one.event
        yield Decision(
            source=event.source,
            id=event.id,
            decided_at=event.occurred_at,
            stands=found.stands(one),
            marks=marks[one.key],
            said=one.fact,
            entered_by=event.entered_by,
        )


def _findings(found: StandingDecisions, marks: Mapping[EventKey, tuple[DecisionMark, ...]]) -> Iterator[Finding]:
    for one in (*found.by_parties, *found.decided):
        for mark in marks[one.key]:
            yield Finding(kind=AnomalyKind(mark.value), events=(one,))
