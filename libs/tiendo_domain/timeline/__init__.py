"""The timeline of a case: a pure function of its events, the rules and the instant asked for.

The way of an event: `counted` chooses and orders, `walk` tells holders, pauses and dues apart (`walker`, `holding`, `dues`, `parties`, `subject`),
`measured` counts minutes, `accounts` and `policies` say whose they are, `shares`, `classes`, `clocks`, `anomalies` describe it.
"""

from tiendo_domain.timeline.computing import case_timeline
from tiendo_domain.timeline.counted import standing_events
from tiendo_domain.timeline.subject import named_units, unit_parents

__all__ = ["case_timeline", "named_units", "standing_events", "unit_parents"]
