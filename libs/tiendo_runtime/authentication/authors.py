"""Who calls, as the domain judges what they see of a case and what they say about it."""

from tiendo_domain.accountability import Author
from tiendo_domain.facts import Person
from tiendo_domain.rules import UnitLines
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.visibility import Viewer
from tiendo_runtime.authentication.callers import Caller, Sight
from tiendo_runtime.authentication.people import SignedInPerson


def viewer_of(sight: Sight, lines: UnitLines) -> Viewer:
    """Whoever has this sight, which is bound; one of no units and no officer sees nothing."""
    officer = sight.officer_id
    key = None if officer is None else named_holder(Person(id=officer), lines.rules).key
    return Viewer(lines=lines, units=sight.units or frozenset(), officer_key=key)


def author_of(caller: Caller, lines: UnitLines) -> Author:
    """The caller as who explains or decides; the scope is not judged here."""
    sight = caller.sight
    person = Person(id=caller.officer_id, name=caller.name) if isinstance(caller, SignedInPerson) else None
    viewer = None if sight.units is None else viewer_of(sight, lines)
    return Author(rules=lines.rules, viewer=viewer, person=person)
