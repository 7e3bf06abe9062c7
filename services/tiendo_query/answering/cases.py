"""Rows of cases as answers."""

import json
from typing import Any

from tiendo_contracts.answers.cases import CaseAnswer
from tiendo_query.answering.parties import holder_of, named_from
from tiendo_read_models.queries.cases import CaseRecord

_AS_THEY_ARE = (
    "case_id",
    "source",
    "simulated",
    "channel",
    "state",
    "provisional",
    "accepted",
    "late_entry_minutes",
    "lateness_minutes",
    "system_lateness_minutes",
    "policy",
    "calendar_version",
    "event_count",
    "last_position",
)
_INSTANTS = ("submitted", "received", "due", "due_recomputed", "judged_due", "completed", "finished", "delivered")


def case_answer(record: CaseRecord) -> CaseAnswer:
    """The case that a row shows."""
    return CaseAnswer.model_validate(case_members(record))


def case_members(record: CaseRecord) -> dict[str, Any]:
    """The members of a case's answer."""
    return {
        **{name: record[name] for name in _AS_THEY_ARE},
        **{f"{name}_at": record[f"{name}_text"] for name in _INSTANTS},
        "unit": named_from(record["unit_id"], record["unit_name"]),
        "procedure": named_from(record["procedure_id"], record["procedure_name"]),
        "field": named_from(record["field_id"], record["field_name"]),
        "class": record["case_class"],
        "overdue": record["overdue_then"],
        "counts_as_overdue": record["counts_as_overdue"],
        "holder": holder_of(record, "holder"),
        "anomalies": [anomaly["kind"] for anomaly in _json(record["anomalies"])],
    }


def _json(value: Any) -> Any:  # noqa: ANN401 - a jsonb column: text or already read, as the driver has it
    return json.loads(value) if isinstance(value, str) else value
