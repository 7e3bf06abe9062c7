"""Rows of cases as the lists of the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from tiendo_contracts.explanation import CLASS_WORDS, STATE_WORDS
from tiendo_domain.timeline_types import CaseClass, State
from tiendo_query.pages.showing import moment
from tiendo_read_models.queries.cases import CaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case of a list, in words."""

    case_id: str
    procedure: str | None
    unit: str | None
    received: str
    due: str
    state: str
    case_class: str | None
    open: bool
    overdue: bool
    lateness_minutes: int | None


def case_rows(records: Iterable[CaseRecord]) -> list[CaseRow]:
    """The records in words, in their order."""
    return [
        CaseRow(
            case_id=record["case_id"],
            procedure=record["procedure_name"] or record["procedure_id"],
            unit=record["unit_name"] or record["unit_id"],
            received=moment(record["received_text"]),
            due=moment(record["judged_due_text"]),
            state=STATE_WORDS[State(record["state"])].vi,
            case_class=None if record["case_class"] is None else CLASS_WORDS[CaseClass(record["case_class"])].vi,
            open=record["open"],
            overdue=record["counts_as_overdue"],
            lateness_minutes=record["lateness_minutes"],
        )
        for record in records
    ]
