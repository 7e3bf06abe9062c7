"""Which rule holds for a procedure (section R)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from tiendo_domain.rules.dated import begun
from tiendo_domain.rules.definitions import ProcedureRule

# The national code is two groups of digits; what follows is the locality's: 1.001612.000.00.00.H48.
_NATIONAL_CODE = re.compile(r"(\d+\.\d+)\..+", re.ASCII | re.DOTALL)


def without_local_suffix(procedure_id: str) -> str:
    """The national code of a procedure's id; the id itself where it has no local suffix."""
    match = _NATIONAL_CODE.fullmatch(procedure_id)
    return match[1] if match else procedure_id


def procedure_keys(procedure_id: str) -> tuple[str, ...]:
    """The ids under which the rules of a procedure may be configured: the whole one goes before the national code."""
    return tuple(dict.fromkeys((procedure_id, without_local_suffix(procedure_id))))


def rule_of(rules: Mapping[str, Sequence[ProcedureRule]], procedure_id: str | None, on: date) -> ProcedureRule | None:
    """The rule that held on the local date `on`: by the whole id, else without the local suffix; of each the newest that had begun.

    `rules` maps an id to its rules, newest first. None where nothing is configured for that day.
    """
    if procedure_id is None:
        return None
    for key in procedure_keys(procedure_id):
        rule = begun(rules.get(key, ()), on)
        if rule is not None:
            return rule
    return None
