"""What a step of a procedure is allotted where no event says so (rule A1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tiendo_domain.names import name_key
from tiendo_domain.rules.definitions import StepRule
from tiendo_domain.rules.procedures import procedure_keys

Steps = Mapping[str, tuple[StepRule, ...]]
"""Procedure id -> its steps, of each all that was ever said, newest first."""


def with_step(rules: Sequence[StepRule], added: StepRule) -> tuple[StepRule, ...]:
    """The rules of one procedure with `added` in place of the one of the same step and first day."""
    others = [rule for rule in rules if (rule.id, rule.valid_from) != (added.id, added.valid_from)]
    return tuple(sorted(sorted([*others, added], key=_id), key=_first_day, reverse=True))


def step_of(steps: Steps, procedure_id: str, step_id: str, step_name: str | None, on: date) -> StepRule | None:
    """The rule of a step that held on the local date `on`, by its id, else by its name; None where nothing is configured for that day.

    First of the procedure's whole id, then without its local suffix, as procedures match. Of steps of one name the newest, then the first by id.
    """
    for key in procedure_keys(procedure_id):
        held = _held(steps.get(key, ()), on)
        if step_id in held:
            return held[step_id]
        named = None if step_name is None else _named(held.values(), name_key(step_name))
        if named is not None:
            return named
    return None


def _held(rules: Sequence[StepRule], on: date) -> dict[str, StepRule]:
    """The newest rule of each step that had begun, in the order of `rules`."""
    held: dict[str, StepRule] = {}
    for rule in rules:
        if rule.valid_from is None or rule.valid_from <= on:
            held.setdefault(rule.id, rule)
    return held


def _named(rules: Iterable[StepRule], wanted: str) -> StepRule | None:
    return next((rule for rule in rules if rule.name is not None and name_key(rule.name) == wanted), None)


def _id(rule: StepRule) -> str:
    return rule.id


def _first_day(rule: StepRule) -> date:
    return rule.valid_from or date.min
