"""Who may explain a lateness and who may decide on it: decided here once, for the door, the pages and the command line (CONTRACT, explanations).

Whoever signs in speaks for themselves: an officer explains what is said of them, and nobody decides in another's name, or in a case in which they
bear something. Keys and people are bound to units as reading is. What a key says about itself is taken, and the timeline marks it (rule E1).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from tiendo_domain.explanations import (
    ExplanationDecided,
    ExplanationFact,
    ExplanationFiled,
    ExplanationWithdrawn,
    MoveEffect,
)
from tiendo_domain.facts import EventKey, Person
from tiendo_domain.names import name_key
from tiendo_domain.rules import Parents, RuleBook
from tiendo_domain.timeline.decisions.named_parties import bearer_key, explained_party
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.timeline_types import CaseTimeline, Party, PartyKind
from tiendo_domain.visibility import Viewer


class Objection(StrEnum):
    """Why somebody may not say it."""

    NOT_THEIR_OWN = "not-their-own"
    NOT_OF_THEIR_UNITS = "not-of-their-units"
    BEARS_SOMETHING = "bears-something"
    ANOTHER_DECIDES = "another-decides"


@dataclass(frozen=True, kw_only=True)
class ExplainedCase:
    """A case as it stands by default (basis occurred, the default policy, now), and what is filed about it, also in the same breath.

    `parents` is what its events say of units. A timeline that is seen in part will do: what it withholds is not the author's.
    """

    timeline: CaseTimeline
    parents: Parents
    filed_along: Mapping[EventKey, ExplanationFiled] = field(default_factory=dict)

    def filed(self, key: EventKey) -> ExplanationFiled | None:
        """What is explained under the key; None where nothing is."""
        return self._filed.get(key) or self.filed_along.get(key)

    @cached_property
    def _filed(self) -> Mapping[EventKey, ExplanationFiled]:
        return {EventKey(source=one.source, id=one.id): one.said for one in self.timeline.explanations}

    @cached_property
    def parties(self) -> Mapping[str, Party]:
        """Who held the case or bears something, before or after decisions, by key."""
        timeline = self.timeline
        found = {hold.party.key: hold.party for hold in timeline.holds}
        found |= {row.party.key: row.party for row in (*timeline.attributions, *timeline.attributions_by_rule)}
        return found | {entry.party.key: entry.party for entry in timeline.late_entries}

    @cached_property
    def bearers(self) -> Mapping[str, Party]:
        """Who bears a share or late-entry minutes by rule (rule E1), by key."""
        found = {row.party.key: row.party for row in self.timeline.attributions_by_rule}
        last = self.timeline.late_entry_party
        if last is not None and self.timeline.late_entry_by_rule_minutes:
            found.setdefault(last.key, last)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who explains or decides. `viewer` says to which units they are bound, None to none; `person` is who has signed in, None for a key.

    `person.id` is the id under which cases name them, None where they have none.
    """

    rules: RuleBook
    viewer: Viewer | None
    person: Person | None = None

    @property
    def key(self) -> str | None:
        """The key of the party that they are; None where no case names them."""
        return None if self.person is None or self.person.id is None else named_holder(self.person, self.rules).key

    def has_whole(self, case: ExplainedCase | None) -> bool:
        """Whether the case is one of their units'."""
        if self.viewer is None:
            return True
        unit = None if case is None else case.timeline.unit
        return case is not None and unit is not None and self.viewer.is_below(unit.id, case.parents)


def objection(author: Author, fact: ExplanationFact, case: ExplainedCase | None) -> Objection | None:
    """Why the author may not say the fact of the case (None: nothing is told of it); None if they may. The scope is not asked about here."""
    match fact:
        case ExplanationFiled():
            return _to_explaining(author, fact, case)
        case ExplanationWithdrawn():
            return _to_withdrawing(author, fact, case)
        case ExplanationDecided():
            return _to_stating_who_decides(author, fact, case) or _to_deciding(author, fact, case)
        case _:
            assert_never(fact)


def objection_to_annulling(author: Author, fact: ExplanationFact, case: ExplainedCase | None) -> Objection | None:
    """The same for taking the fact back, whoever said it."""
    return _to_deciding(author, fact, case) if isinstance(fact, ExplanationDecided) else objection(author, fact, case)


def objection_to_deciding_on(author: Author, said: ExplanationFiled, case: ExplainedCase) -> Objection | None:
    """Why the author may not decide on an explanation, whatever the decision does; None if they may."""
    if _bears_something(author, case):
        return Objection.BEARS_SOMETHING
    return _of_their_units(author, [_explained(said, case, author)], case)


def _to_explaining(author: Author, said: ExplanationFiled, case: ExplainedCase | None) -> Objection | None:
    if author.person is not None:
        own = author.key
        if own is None or said.officer is None or named_holder(said.officer, author.rules).key != own:
            return Objection.NOT_THEIR_OWN
        concerned = author.viewer is None or (case is not None and own in case.parties)
        return None if concerned else Objection.NOT_OF_THEIR_UNITS
    if case is None:
        return None if author.viewer is None else Objection.NOT_OF_THEIR_UNITS
    return _of_their_units(author, [_explained(said, case, author)], case)


def _to_withdrawing(author: Author, fact: ExplanationWithdrawn, case: ExplainedCase | None) -> Objection | None:
    said = None if case is None else case.filed(fact.explanation)
    if said is not None:
        return _to_explaining(author, said, case)
    # Nothing is told of it yet; whose it will be, nobody knows.
    if author.person is not None:
        return Objection.NOT_THEIR_OWN
    return None if author.viewer is None else Objection.NOT_OF_THEIR_UNITS


def _to_deciding(author: Author, fact: ExplanationDecided, case: ExplainedCase | None) -> Objection | None:
    if case is None:
        return None if author.viewer is None else Objection.NOT_OF_THEIR_UNITS
    if _bears_something(author, case):
        return Objection.BEARS_SOMETHING
    if author.viewer is not None and fact.explanation is not None and case.filed(fact.explanation) is None:
        return Objection.NOT_OF_THEIR_UNITS
    return _of_their_units(author, list(_decided_on(author, fact, case)), case)


def _bears_something(author: Author, case: ExplainedCase) -> bool:
    """Also where the account or the case has no id: nobody decides about minutes of their own name that no id tells from theirs."""
    return author.key in case.bearers or any(_may_be(author.person, bearer) for bearer in case.bearers.values())


def _may_be(person: Person | None, bearer: Party) -> bool:
    if person is None or bearer.kind is not PartyKind.OFFICER or (person.id is not None and bearer.id is not None):
        return False
    return bearer.name is not None and name_key(bearer.name) == name_key(person.name or "")


def _to_stating_who_decides(author: Author, fact: ExplanationDecided, case: ExplainedCase | None) -> Objection | None:
    if author.person is None:
        return None
    if _states_another(author, author.person, fact.decided_by):
        return Objection.ANOTHER_DECIDES
    bears = case is not None and named_holder(fact.decided_by, author.rules).key in case.bearers
    return Objection.BEARS_SOMETHING if bears else None


def _decided_on(author: Author, fact: ExplanationDecided, case: ExplainedCase) -> Iterator[Party | None]:
    """The parties whose figures a decision is about; None for what is nobody's in the case."""
    said = None if fact.explanation is None else case.filed(fact.explanation)
    if said is not None:
        yield _explained(said, case, author)
    for effect in fact.effects or ():
        if isinstance(effect, MoveEffect):
            yield case.parties.get(bearer_key(effect.from_, author.rules))
        else:
            # The class of the case is that of all who bear something in it.
            yield from (party for party in case.bearers.values() if party.kind is not PartyKind.ORGANISATION)
    if said is None and not fact.effects:
        yield None


def _explained(said: ExplanationFiled, case: ExplainedCase, author: Author) -> Party | None:
    """Whose lateness is explained, as the case names them: what an explanation itself says of somebody's unit proves nothing."""
    named = explained_party(said, author.rules)
    return case.parties.get(named.key) if said.unit is None else named


def _of_their_units(author: Author, parties: list[Party | None], case: ExplainedCase) -> Objection | None:
    """A key speaks in the cases that it sees whole for everybody in them; a person for the parties of their units alone."""
    whole = author.has_whole(case)
    if author.viewer is None or (whole and author.person is None):
        return None
    if not whole and not any(author.viewer.is_own(party, case.parents) for party in case.parties.values()):
        return Objection.NOT_OF_THEIR_UNITS
    own = all(
        whole if party is None or _is_nobodys(party) else author.viewer.is_own(party, case.parents) for party in parties
    )
    return None if own else Objection.NOT_OF_THEIR_UNITS


def _is_nobodys(party: Party) -> bool:
    return party.kind in {PartyKind.ORGANISATION, PartyKind.UNKNOWN}


def _states_another(author: Author, person: Person, named: Person) -> bool:
    """Whether somebody else is named as who decided: by the name, or by an id that is another's."""
    if name_key(named.name or "") != name_key(person.name or ""):
        return True
    if named.id is None:
        return False
    if person.id is not None:
        return author.rules.officer_id(named.id) != author.rules.officer_id(person.id)
    known = author.rules.officer(named.id)
    return known is not None and known.name is not None and name_key(known.name) != name_key(person.name or "")
