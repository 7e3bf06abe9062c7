"""Officers of a frozen list whose ids were joined since (rule H11): whom later explanations and decisions mean."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import BearerKind, Effect, ExplanationDecided, ExplanationFiled, MoveEffect
from tiendo_domain.facts import Person
from tiendo_domain.monthly_list.frozen import FrozenCase, OfficerInCase
from tiendo_domain.rules import RuleBook


class JoinedOfficers(Struct, frozen=True, kw_only=True):
    """Who is who: `then`, when the list was frozen, and `now`."""

    then: RuleBook
    now: RuleBook

    def person_of(self, officer_id: str | None, key: str) -> str:
        """What tells the person of a frozen row from others by now: the id that all of theirs are joined to; without an id the row's key."""
        return key if officer_id is None else self.now.officer_id(officer_id)

    def concerned(self, cases: Iterable[FrozenCase]) -> frozenset[str]:
        """The ids of the cases in which an officer of the list is told by other ids than when it was frozen."""
        ids = self.then.joined_officers.keys() | self.now.joined_officers.keys()
        changed = {self.now.officer_id(each) for each in ids if self.then.officer_id(each) != self.now.officer_id(each)}
        if not changed:
            return frozenset()
        return frozenset(
            case.case_id
            for case in cases
            if any(one.id is not None and self.now.officer_id(one.id) in changed for one in case.officers)
        )

    def as_frozen(self, events: Sequence[CaseEvent]) -> list[CaseEvent]:
        """The events of a case, in which what is explained and decided names an officer by the id that the case had for them then."""
        ids = {holder.id for event in events if (holder := getattr(event.fact, "holder", None)) is not None}
        of_case = sorted({self.then.officer_id(each) for each in ids if each is not None})
        by_person: dict[str, str] = {}
        for officer_id in of_case:
            by_person.setdefault(self.now.officer_id(officer_id), officer_id)
        return [self._renamed(event, of_case, by_person) for event in events] if by_person else list(events)

    def _renamed(self, event: CaseEvent, of_case: Collection[str], by_person: Mapping[str, str]) -> CaseEvent:
        def named(officer_id: str | None) -> str | None:
            if officer_id is None or self.then.officer_id(officer_id) in of_case:
                return officer_id
            return by_person.get(self.now.officer_id(officer_id), officer_id)

        def person(said: Person) -> Person:
            return replace(said, id=named(said.id))

        def effect(said: Effect) -> Effect:
            if not isinstance(said, MoveEffect) or said.from_.kind is not BearerKind.OFFICER:
                return said
            return replace(said, from_=replace(said.from_, id=named(said.from_.id)))

        match event.fact:
            case ExplanationFiled(officer=officer) if officer is not None:
                return replace(event, fact=replace(event.fact, officer=person(officer)))
            case ExplanationDecided(decided_by=decided_by, effects=effects):
                changed = None if effects is None else tuple(effect(one) for one in effects)
                return replace(event, fact=replace(event.fact, decided_by=person(decided_by), effects=changed))
            case _:
                return event

    def with_pending_of_all_ids(self, officers: Iterable[OfficerInCase]) -> list[OfficerInCase]:
        """The officers of a case, each with what waits for its decision of any of their rows in it."""
        found = list(officers)
        parts: dict[str, list[OfficerInCase]] = {}
        for one in found:
            parts.setdefault(self.person_of(one.id, one.key), []).append(one)
        return [
            replace(one, pending=tuple(filed for part in mine for filed in part.pending)) if len(mine) > 1 else one
            for one in found
            for mine in (parts[self.person_of(one.id, one.key)],)
        ]
