"""Codes that name one case (rule N4)."""

from collections.abc import Sequence

from tiendo_domain.facts import CaseEvent, Joined


def events_of_the_course(events: Sequence[CaseEvent]) -> Sequence[CaseEvent]:
    """The events that say what happened to a case and when: without those that only name another code, unless there are no others."""
    return [event for event in events if not isinstance(event.fact, Joined)] or events
