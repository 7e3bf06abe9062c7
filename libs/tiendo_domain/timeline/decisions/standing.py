"""Which explanations and decisions stand, and what of each decision (rules E1, E6)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from tiendo_domain.explanations import (
    Effect,
    ExplanationDecided,
    ExplanationFiled,
    ExplanationWithdrawn,
    LateEntryEffect,
    LateSyncEffect,
    MoveEffect,
    Outcome,
)
from tiendo_domain.facts import EventKey
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.decisions.named_parties import bearer_key
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.timeline.placed import Finding, PlacedExplanation
from tiendo_domain.timeline_types import AnomalyKind, ExplanationState

_CLASS = "class"


class StandingDecisions(Struct, frozen=True, kw_only=True):
    """What is explained and decided of a case on basis occurred; each list by rule T1.

    `by_parties` are decisions of somebody who bears something in the case, which have no effect. `decided` are all others that concern the case.
    `class_effect` and `moves` are what stands of these; a move with the decision that makes it. `of_force` are the keys of the decisions of which
    anything stands: an effect, or that it was refused and nothing later was decided on its explanation.
    """

    filed: Sequence[PlacedExplanation]
    states: Mapping[EventKey, ExplanationState]
    by_parties: Sequence[PlacedExplanation]
    decided: Sequence[PlacedExplanation]
    class_effect: tuple[PlacedExplanation, LateEntryEffect | LateSyncEffect] | None
    moves: Sequence[tuple[PlacedExplanation, MoveEffect]]
    of_force: AbstractSet[EventKey]
    findings: Sequence[Finding]

    def stands(self, decision: PlacedExplanation) -> bool:
        """Whether anything of the decision stands."""
        return decision.key in self.of_force


def standing(
    explanations: Sequence[PlacedExplanation], bearers: AbstractSet[str], rules: RuleBook
) -> StandingDecisions:
    """What stands of the explanations and decisions, given by rule T1; `bearers` are the parties that bear something by rule."""
    filed = [one for one in explanations if isinstance(one.fact, ExplanationFiled)]
    known = {one.key for one in filed}
    concerned = [one for one in explanations if _names_known(one, known)]
    decisions = [one for one in concerned if isinstance(one.fact, ExplanationDecided)]
    by_parties = [one for one in decisions if named_holder(_said(one).decided_by, rules).key in bearers]
    without = {one.key for one in by_parties}
    decided = [one for one in decisions if one.key not in without]
    last = _last_on_each(decided)
    effects = _effects(last, rules)
    return StandingDecisions(
        filed=filed,
        states=_states(filed, [one for one in concerned if one.key not in without]),
        by_parties=by_parties,
        decided=decided,
        class_effect=next(((one, effect) for one, effect in effects if not isinstance(effect, MoveEffect)), None),
        moves=[(one, effect) for one, effect in effects if isinstance(effect, MoveEffect)],
        of_force={
            *(one.key for one, _ in effects),
            *(one.key for one in last if _said(one).outcome is Outcome.REFUSED),
        },
        findings=[
            Finding(kind=AnomalyKind.CORRECTION_WITHOUT_TARGET, events=(one,))
            for one in explanations
            if not _names_known(one, known)
        ],
    )


def _names_known(one: PlacedExplanation, known: AbstractSet[EventKey]) -> bool:
    """Whether the explanation that it names, if it names one, is one of the case."""
    named = _named(one)
    return named is None or named in known


def _named(one: PlacedExplanation) -> EventKey | None:
    return None if isinstance(one.fact, ExplanationFiled) else one.fact.explanation


def _said(decision: PlacedExplanation) -> ExplanationDecided:
    assert isinstance(decision.fact, ExplanationDecided)  # noqa: S101 - what the lists of decisions hold
    return decision.fact


def _last_on_each(decided: Sequence[PlacedExplanation]) -> list[PlacedExplanation]:
    """The decisions without those on whose explanation a later one was made."""
    last = {_said(one).explanation: one for one in decided}
    return [one for one in decided if _said(one).explanation is None or last[_said(one).explanation] is one]


def _effects(decided: Iterable[PlacedExplanation], rules: RuleBook) -> list[tuple[PlacedExplanation, Effect]]:
    """The effects that nothing later replaces: of effects on the class the last, of each party's moves those of the last decision that has any."""
    of: dict[str, list[tuple[PlacedExplanation, Effect]]] = {}
    for decision in decided:
        of |= _by_what_they_change(decision, rules)
    return [effect for effects in of.values() for effect in effects]


def _by_what_they_change(
    decision: PlacedExplanation, rules: RuleBook
) -> Mapping[str, list[tuple[PlacedExplanation, Effect]]]:
    found: dict[str, list[tuple[PlacedExplanation, Effect]]] = {}
    for effect in _said(decision).effects or ():
        if isinstance(effect, MoveEffect):
            found.setdefault(bearer_key(effect.from_, rules), []).append((decision, effect))
        else:
            found[_CLASS] = [(decision, effect)]
    return found


def _states(
    filed: Sequence[PlacedExplanation], concerned: Sequence[PlacedExplanation]
) -> dict[EventKey, ExplanationState]:
    """What became of each explanation: the first that was done about it says so."""
    states = dict(_first_states(reversed(concerned)))
    return {one.key: states.get(one.key, ExplanationState.PENDING) for one in filed}


def _first_states(latest_first: Iterable[PlacedExplanation]) -> Iterator[tuple[EventKey, ExplanationState]]:
    for one in latest_first:
        if isinstance(one.fact, ExplanationWithdrawn):
            yield one.fact.explanation, ExplanationState.WITHDRAWN
        elif isinstance(one.fact, ExplanationDecided) and one.fact.explanation is not None:
            yield one.fact.explanation, ExplanationState.DECIDED
