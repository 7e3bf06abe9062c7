"""Events of the log as those see them who take them elsewhere: what the logs of other programs have names for."""

import json
from dataclasses import dataclass
from typing import Any

from tiendo_contracts.answers.common import SIMULATED_NOTICE
from tiendo_contracts.events.event_types import TYPE_PREFIX, TYPE_SUFFIX

SIMULATED = SIMULATED_NOTICE
SIMULATED_SOURCES = "/simulation/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEvent:
    """An event: its key, its case, the middle of its type, when it happened, and what its data say."""

    source: str
    id: str
    case_id: str
    kind: str
    time: str
    data: dict[str, Any]

    @property
    def key(self) -> str:
        """One text that no other event has."""
        return f"{self.source}#{self.id}"

    @property
    def is_simulated(self) -> bool:
        """Whether it was made up."""
        return self.source.startswith(SIMULATED_SOURCES)

    @property
    def person(self) -> dict[str, Any]:
        """Who has the case from then on, or had it until then; where nobody is named, who acted."""
        return self.data.get("holder") or self.data.get("actor") or {}

    @property
    def unit(self) -> dict[str, Any]:
        """The unit of that person, or the unit that the event names itself."""
        return self.person.get("unit") or self.data.get("unit") or {}

    @property
    def step(self) -> dict[str, Any]:
        """The step."""
        return self.data.get("step") or {}


def exported(text: str) -> ExportedEvent:
    """The event of a stored text."""
    event = json.loads(text)
    return ExportedEvent(
        source=event["source"],
        id=event["id"],
        case_id=event["subject"],
        kind=event["type"].removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX),
        time=event["time"],
        data=event.get("data") or {},
    )


def named(thing: dict[str, Any]) -> str | None:
    """The name, else the id."""
    return thing.get("name") or thing.get("id")
