"""The timeline of a case: a pure function of its events, the rules and the instant asked for.

The way of an event: `joins` says of which case it tells, `placed` and `counted` say when it counts, `ordering` after which others, by the state
that `course` has reached;
`walk` follows the case (`walker`: what each event means for `stretches`, `dues` and findings; `parties`, `subject`, `carrying` what is named),
`absences` gives the unit what an absent officer held, `measured` counts minutes, `allotments`, `accounts` and `policies` say whose they are,
`shares`, `classes`, `clocks`, `anomalies` describe it.
"""

from tiendo_domain.timeline.computing import case_timeline, timeline_of
from tiendo_domain.timeline.counted import standing_events
from tiendo_domain.timeline.joins import JoinedCase, case_of, joined_cases
from tiendo_domain.timeline.subject import named_units, unit_parents

__all__ = [
    "JoinedCase",
    "case_of",
    "case_timeline",
    "joined_cases",
    "named_units",
    "standing_events",
    "timeline_of",
    "unit_parents",
]
