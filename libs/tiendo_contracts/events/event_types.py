"""The types of events of cases, by the facts that they tell."""

from typing import get_args

from tiendo_domain.explanations import ExplanationFact
from tiendo_domain.facts import CaseFact, Corrected, LoggedFact
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

_STEM = "vn.tiendo."
_COURSE = "case."
TYPE_PREFIX = _STEM + _COURSE
TYPE_SUFFIX = ".v1"


def event_type(fact: type[LoggedFact]) -> str:
    """The CloudEvents type of events that tell such a fact."""
    return f"{_STEM}{fact.kind}{TYPE_SUFFIX}" if "." in fact.kind else f"{TYPE_PREFIX}{fact.kind}{TYPE_SUFFIX}"


COURSE_TYPES: dict[str, type[LoggedFact]] = {event_type(fact): fact for fact in get_args(CaseFact)}
"""The classes of the facts that make the course of a case, by the type of their events."""

EXPLANATION_TYPES: dict[str, type[LoggedFact]] = {event_type(fact): fact for fact in get_args(ExplanationFact)}
"""The classes of what is explained and decided, by the type of their events."""

FACT_TYPES: dict[str, type[LoggedFact]] = COURSE_TYPES | EXPLANATION_TYPES
"""The classes of facts of cases by the type of their events."""

CORRECTED_TYPE = event_type(Corrected)
"""The type of events that annul another."""
