"""Who may see what of a case: decided here once, from the units and the officer that a viewer is bound to and the tree of units as it is known.

What is said here of one case, the read models' policies say of all rows (`tiendo_read_models.row_security`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from tiendo_domain.explanations import MoveEffect
from tiendo_domain.rules import Parents, UnitLines
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.timeline_types import (
    Anomaly,
    Attribution,
    CaseTimeline,
    Decision,
    Explanation,
    Hold,
    Party,
    PartyKind,
)

_NAMED_BY_THEIR_UNIT = frozenset({PartyKind.UNIT, PartyKind.CONSULTED_UNIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody bound to the subtrees of `units`, and to what the officer of this key held; never somebody who sees everything.

    `parents` is always what the events of the case in question say (child unit id -> parent unit id).
    """

    lines: UnitLines
    units: frozenset[str]
    officer_key: str | None = None

    def is_below(self, unit_id: str | None, parents: Parents) -> bool:
        """Whether the unit lies in the viewer's subtrees: then cases that it is responsible for are seen whole."""
        return not self.units.isdisjoint(self.lines.line(unit_id, parents))

    def is_own(self, party: Party | None, parents: Parents) -> bool:
        """Whether the party is one of the viewer's: somebody of those units, one of the units, or the officer."""
        if party is None:
            return False
        unit_id = None if party.unit is None else party.unit.id
        return party.key == self.officer_key or self.is_below(unit_id, parents)

    @staticmethod
    def masked(party: Party) -> Party:
        """The party of a case seen in part that is not the viewer's own: by kind and unit."""
        return _Others(with_position=False).seen(party)

    def in_part(self, timeline: CaseTimeline, parents: Parents) -> CaseTimeline:
        """The timeline of a case of which only a part is the viewer's: every hold and minute, of other parties the kind and the unit.

        To the officer who held the case their position too. Ids of events and anomalies only where they are about the viewer's own people.
        """
        others = _Others(with_position=self._held(timeline))
        own_events = frozenset(self._events_of_own_people_alone(timeline, parents))

        def shown(of: Hold | Attribution) -> bool:
            return self.is_own(of.party, parents)

        late_entry = timeline.late_entry_party
        if late_entry is not None and not self.is_own(late_entry, parents):
            late_entry = others.seen(late_entry)

        def shares(of: tuple[Attribution, ...]) -> tuple[Attribution, ...]:
            return tuple(
                share if shown(share) else replace(share, party=others.seen(share.party), event_ids=()) for share in of
            )

        explanations = tuple(one for one in timeline.explanations if self._explains_own(one, timeline, parents))
        return replace(
            timeline,
            holds=tuple(
                hold if shown(hold) else replace(hold, party=others.seen(hold.party), event_ids=())
                for hold in timeline.holds
            ),
            attributions=shares(timeline.attributions),
            attributions_by_rule=shares(timeline.attributions_by_rule),
            emptied=shares(timeline.emptied),
            late_entries=tuple(
                entry if self.is_own(entry.party, parents) else replace(entry, party=others.seen(entry.party))
                for entry in timeline.late_entries
            ),
            explanations=explanations,
            decisions=tuple(
                one
                for one in timeline.decisions
                if _decides_on(one, explanations) or self._takes_from_own_alone(one, timeline, parents)
            ),
            late_entry_party=late_entry,
            anomalies=_about(own_events, timeline.anomalies),
        )

    def own_part(self, timeline: CaseTimeline, parents: Parents) -> CaseTimeline:
        """What figures of people count of such a case: the holds and shares of the viewer's own alone."""
        late_entry = timeline.late_entry_party
        return replace(
            timeline,
            holds=tuple(hold for hold in timeline.holds if self.is_own(hold.party, parents)),
            attributions=tuple(share for share in timeline.attributions if self.is_own(share.party, parents)),
            attributions_by_rule=tuple(
                share for share in timeline.attributions_by_rule if self.is_own(share.party, parents)
            ),
            emptied=tuple(share for share in timeline.emptied if self.is_own(share.party, parents)),
            late_entries=tuple(entry for entry in timeline.late_entries if self.is_own(entry.party, parents)),
            explanations=(),
            decisions=(),
            late_entry_party=late_entry if self.is_own(late_entry, parents) else None,
            anomalies=(),
        )

    def _explains_own(self, one: Explanation, timeline: CaseTimeline, parents: Parents) -> bool:
        """Whether it explains what a party of the viewer's bears: somebody named as one who held or bears here, or a unit below."""
        if one.said.unit is not None:
            return self.is_below(one.said.unit.id, parents)
        own = {party.key for party in _parties(timeline) if self.is_own(party, parents)}
        return named_holder(one.said.officer, self.lines.rules).key in own

    def _takes_from_own_alone(self, decision: Decision, timeline: CaseTimeline, parents: Parents) -> bool:
        """Whether it answers no explanation, and does nothing but move minutes of parties of the viewer's that are named by an id."""
        effects = decision.said.effects or ()
        if decision.said.explanation is not None or not effects:
            return False
        own = {(str(party.kind), party.id) for party in _parties(timeline) if self.is_own(party, parents)}
        return all(
            isinstance(effect, MoveEffect)
            and effect.from_.id is not None
            and (str(effect.from_.kind), effect.from_.id) in own
            for effect in effects
        )

    def _held(self, timeline: CaseTimeline) -> bool:
        return any(hold.party.key == self.officer_key for hold in timeline.holds)

    def _events_of_own_people_alone(self, timeline: CaseTimeline, parents: Parents) -> Iterator[str]:
        """The ids of events that began or ended holds of the viewer's people and of nobody else's."""
        own, of_others = set[str](), set[str]()
        for hold in timeline.holds:
            (own if self.is_own(hold.party, parents) else of_others).update(hold.event_ids)
        yield from own - of_others


class _Others:
    """The parties of a case that are not the viewer's, as they are seen: told apart within the case, and by nothing else."""

    def __init__(self, *, with_position: bool) -> None:
        self._with_position = with_position
        self._keys: dict[str, str] = {}

    def seen(self, party: Party) -> Party:
        """By kind and unit; a unit's own name is its unit's. Whoever has no name has none to hide."""
        if party.id is None and party.name is None and party.unit is None:
            return party
        key = self._keys.setdefault(party.key, f"other {len(self._keys) + 1}")
        if party.kind in _NAMED_BY_THEIR_UNIT:
            return replace(party, key=key)
        position = party.position if self._with_position else None
        return replace(party, key=key, id=None, name=None, position=position)


def _parties(timeline: CaseTimeline) -> Iterator[Party]:
    """Who held the case or bears a share of its lateness, before or after decisions."""
    yield from (hold.party for hold in timeline.holds)
    yield from (share.party for share in (*timeline.attributions, *timeline.attributions_by_rule))


def _decides_on(decision: Decision, explanations: Iterable[Explanation]) -> bool:
    """Whether it answers one of the explanations, and moves no minutes but those of who explained by an id."""
    answered = decision.said.explanation
    explained = next(
        (
            one.said
            for one in explanations
            if answered is not None and (one.source, one.id) == (answered.source, answered.id)
        ),
        None,
    )
    if explained is None:
        return False
    who = explained.officer or explained.unit
    moved = [effect.from_ for effect in decision.said.effects or () if isinstance(effect, MoveEffect)]
    return all(who is not None and who.id is not None and giving.id == who.id for giving in moved)


def _about(own_events: frozenset[str], anomalies: Iterable[Anomaly]) -> tuple[Anomaly, ...]:
    """The anomalies that rest on events about the viewer's own people alone."""
    return tuple(one for one in anomalies if one.event_ids and own_events.issuperset(one.event_ids))
