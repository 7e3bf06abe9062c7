"""Which officers there are: whom neither a case nor the directory names is refused, never answered with an empty success."""

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.facts import Person
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.parties import named_holder
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.officers import is_known_officer


def officer_key(officer_id: str, rules: RuleBook) -> str:
    """The key of the officer whom an event names by this id."""
    return named_holder(Person(id=officer_id), rules).key


def _is_seen(snapshot: Snapshot, key: str, officer_id: str) -> bool:
    """Whether the caller may know that there is an officer of whom no case that they see tells: one of their units, or themselves."""
    viewer = snapshot.viewer
    if viewer is None:
        return True
    stated = snapshot.rules.officer(officer_id, viewer.lines.on)
    return key == viewer.officer_key or (stated is not None and viewer.is_below(stated.unit, {}))


async def known_officer(snapshot: Snapshot, key: str, *, field: str) -> str | None:
    """The id under which the directory alone knows an officer, None for one whom cases name as a holder; `key` tells the officer apart.

    Raises the refusal, at `field`, of an officer whom neither knows.
    """
    reader, rules = snapshot.reader, snapshot.rules
    if "\x00" not in key and await is_known_officer(reader.connection, reader.build, key):
        return None
    for officer_id in rules.officers:
        if officer_key(officer_id, rules) == key and _is_seen(snapshot, key, officer_id):
            return rules.officer_id(officer_id)
    raise Refusal(ProblemKind.OFFICER_UNKNOWN, field=field)
