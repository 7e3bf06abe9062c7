"""Rows of cases as the lists of the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from tiendo_contracts.explanation import CLASS_WORDS, STATE_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.timeline_types import CaseClass, State
from tiendo_query.pages.showing import Said, holder_words, moment
from tiendo_read_models.queries.cases.listed_cases import CaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case of a list, in words; `overdue` is whether it counts as overdue (rule C), and so whether its minutes are red."""

    case_id: str
    procedure: str | None
    unit: str | None
    received: str
    due: str
    state: Words
    case_class: Words | None
    class_by_rule: Words | None
    holder: Said
    holder_detail: Said
    overdue: bool
    lateness_minutes: int | None
    lateness_by_rule_minutes: int | None
    late_entry_minutes: int
    late_entry_by_rule_minutes: int

    @property
    def shows_late_entry(self) -> bool:
        """Whether it was entered late, by rule or after decisions."""
        return bool(self.late_entry_minutes or self.late_entry_by_rule_minutes)

    @property
    def shows_lateness(self) -> bool:
        """Whether its lateness is told: always, but where it was only entered late."""
        return not self.shows_late_entry or bool(self.lateness_minutes or self.lateness_by_rule_minutes)


def case_rows(records: Iterable[CaseRecord], *, names: bool) -> list[CaseRow]:
    """The records in words, in their order; officers by name only with `names`."""
    return [_row(record, names=names) for record in records]


def _row(record: CaseRecord, *, names: bool) -> CaseRow:
    holder, detail = holder_words(record, names=names)
    return CaseRow(
        case_id=record["case_id"],
        procedure=record["procedure_name"] or record["procedure_id"],
        unit=record["unit_name"] or record["unit_id"],
        received=moment(record["received_text"]),
        due=moment(record["judged_due_text"]),
        state=STATE_WORDS[State(record["state"])],
        case_class=_class(record["case_class"]),
        class_by_rule=_class(record["class_by_rule"]),
        holder=holder,
        holder_detail=detail,
        overdue=record["counts_as_overdue"],
        lateness_minutes=record["lateness_minutes"],
        lateness_by_rule_minutes=record["lateness_by_rule_minutes"],
        late_entry_minutes=record["late_entry_minutes"],
        late_entry_by_rule_minutes=record["late_entry_by_rule_minutes"],
    )


def _class(found: str | None) -> Words | None:
    return None if found is None else CLASS_WORDS[CaseClass(found)]
