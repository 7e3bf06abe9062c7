"""Rows of cases as answers."""

from tiendo_contracts.answers.cases import CaseAnswer
from tiendo_read_models.members import Plain
from tiendo_read_models.queries.cases.listed_cases import CaseRecord
from tiendo_read_models.tables import CASE


def case_answer(record: CaseRecord) -> CaseAnswer:
    """The case that a row shows."""
    return CaseAnswer.model_validate(case_members(record))


def case_members(record: CaseRecord) -> Plain:
    """The members of a case's answer."""
    members = CASE.read(record, CaseAnswer.model_fields)
    return members | {
        "overdue": record["overdue_then"],
        "overdue_by_rule": record["overdue_then_by_rule"],
        "counts_as_overdue": record["counts_as_overdue"],
        "counts_as_overdue_by_rule": record["counts_as_overdue_by_rule"],
        "anomalies": [anomaly["kind"] for anomaly in members["anomalies"]],
    }
