"""Rule books and calendars for the tests of the configuration."""

from typing import Any

from tiendo_domain.calendar import Session
from tiendo_domain.rules import CalendarDefinition, Definition, RuleBook

MORNING = Session(weekdays=frozenset({1, 2, 3, 4, 5}), from_minute=480, to_minute=720)
EVENING = Session(weekdays=frozenset({1, 2, 3, 4, 5}), from_minute=1_080, to_minute=1_200)
VN = CalendarDefinition(id="vn", time_zone="Asia/Ho_Chi_Minh")


def book(*added: Definition) -> RuleBook:
    """The rule book after the definitions, one applied after the other."""
    made = RuleBook()
    for definition in added:
        made = made.with_definitions([definition])
    return made


def calendar(identity: str, *units: str, **more: Any) -> CalendarDefinition:
    """A calendar that some units have."""
    return CalendarDefinition(id=identity, time_zone="Asia/Ho_Chi_Minh", units=units, **more)
