"""Which step an event states, and how much time a step has (rule A1)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.domain.reference.holds import Step
from tests.domain.reference.parties import compared, text
from tests.domain.reference.reading import Event

Plain = dict[str, Any]


@dataclass
class Steps:
    """The steps that the events which set a holder (or ask a unit) state, each with the first allotment and the first name stated for its id."""

    allotments: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def stated(self, event: Event) -> Step | None:
        """The step that the event states; a step without id is no step."""
        step: Plain = event.data.get("step") or {}
        identity, name = text(step.get("id")), text(step.get("name"))
        if identity is None:
            return None
        if step.get("allotted_minutes") is not None:
            self.allotments.setdefault(identity, step["allotted_minutes"])
        if name is not None:
            self.names.setdefault(identity, name)
        return identity, name


def national(identity: str) -> str:
    """The id of a procedure without its local suffix."""
    return ".".join(identity.split(".")[:2])


def configured(
    identity: str, steps: Steps, rules: Sequence[Plain], procedure: str | None, on: date | None
) -> int | None:
    """What the `[[step]]` of the procedure in force on `on` says of the step, by its id, else by its name.

    Reading: the whole id of the procedure with step id, then with step name, goes before the id without suffix. The name of the step is the first stated.
    """
    if procedure is None or on is None:
        return None
    name = steps.names.get(identity)
    for of_procedure in (procedure, national(procedure)):
        begun = [
            rule for rule in rules if rule["procedure"] == of_procedure and (rule.get("valid_from") or date.min) <= on
        ]
        by_id = [rule for rule in begun if rule["id"] == identity]
        by_name = [rule for rule in begun if name and rule.get("name") and compared(rule["name"]) == compared(name)]
        for found in (by_id, by_name):
            if found:
                newest = max(found, key=lambda rule: rule.get("valid_from") or date.min)
                minutes: int = newest["allotted_minutes"]
                return minutes
    return None
