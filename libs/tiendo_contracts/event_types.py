"""The types of events of cases, by the facts that they tell."""

from typing import get_args

from tiendo_domain.facts import CaseFact, Fact
from tiendo_domain.member_rules import CASE_CODE_LENGTH_MAX

SUBJECT_LENGTH_MAX = CASE_CODE_LENGTH_MAX
SEQUENCE_LENGTH_MAX = 18
DIRECTORY_SOURCE = "/tiendo/rules"
"""The source of the directory's facts."""
DIRECTORY_TYPE_PREFIX = "vn.tiendo.directory."
"""How the types of the directory's facts begin, of whatever version; other facts that belong to no case are of the house."""
HOUSE_SOURCE = "/tiendo/house"
"""The source of facts of the house, such as a key made."""
RESERVED_SOURCES = frozenset({DIRECTORY_SOURCE, HOUSE_SOURCE})
"""Sources under which no event of a case is taken."""

TYPE_PREFIX = "vn.tiendo.case."
TYPE_SUFFIX = ".v1"


def event_type(fact: type[Fact]) -> str:
    """The CloudEvents type of events that tell such a fact."""
    return f"{TYPE_PREFIX}{fact.kind}{TYPE_SUFFIX}"


FACT_TYPES: dict[str, type[Fact]] = {event_type(fact): fact for fact in get_args(CaseFact)}
"""The classes of facts by the type of their events."""
