"""Which rule holds for a procedure (section R)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from tiendo_domain.rules.definitions import ProcedureRule

# The national code is two groups of digits; what follows is the locality's: 1.001612.000.00.00.H48.
_NATIONAL_CODE = re.compile(r"(\d+\.\d+)\..+", re.ASCII | re.DOTALL)


def without_local_suffix(procedure_id: str) -> str:
    """The national code of a procedure's id; the id itself where it has no local suffix."""
    match = _NATIONAL_CODE.fullmatch(procedure_id)
    return match[1] if match else procedure_id


def rule_of(rules: Mapping[str, Sequence[ProcedureRule]], procedure_id: str | None, on: date) -> ProcedureRule | None:
    """The rule that held on the local date `on`: by the whole id, else without the local suffix; of each the newest that had begun.

    `rules` maps an id to its rules, newest first. None where nothing is configured for that day.
    """
    if procedure_id is None:
        return None
    for key in (procedure_id, without_local_suffix(procedure_id)):
        for rule in rules.get(key, ()):
            if rule.valid_from is None or rule.valid_from <= on:
                return rule
    return None


def newest_first(rules: Sequence[ProcedureRule], added: ProcedureRule) -> tuple[ProcedureRule, ...]:
    """`rules` with `added` in place of the one of the same first day, newest first."""
    others = [rule for rule in rules if rule.valid_from != added.valid_from]
    return tuple(sorted([*others, added], key=lambda rule: rule.valid_from or date.min, reverse=True))
