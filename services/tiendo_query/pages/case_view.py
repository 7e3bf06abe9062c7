"""What the page of one case shows."""

from itertools import groupby
from typing import Any

from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.explanation import CLASS_WORDS, SECTION_WORDS, STATE_WORDS, Section, explain
from tiendo_contracts.problems import Language
from tiendo_domain.timeline_types import CaseTimeline
from tiendo_query.pages.picture import picture_of
from tiendo_query.pages.showing import party_detail, party_label


def case_values(timeline: CaseTimeline, *, names: bool) -> dict[str, Any]:
    """The values of case.html; without `names` no officer's name or id is among them, and so no explanation."""
    label, detail = party_label(names=names), party_detail(names=names)
    unit, procedure = timeline.unit, timeline.procedure
    return {
        "timeline": timeline,
        "subject": {
            "unit": unit and (unit.name or unit.id),
            "procedure": procedure and (procedure.name or procedure.id),
        },
        "state": STATE_WORDS[timeline.state].vi,
        "case_class": None if timeline.case_class is None else CLASS_WORDS[timeline.case_class].vi,
        "picture": picture_of(timeline, label, detail),
        "label": label,
        "detail": detail,
        "sentences": _by_section(timeline) if names else [],
        "anomalies": [
            {
                "kind": anomaly.kind.value,
                "message": anomaly_message(anomaly.kind, Language.VIETNAMESE),
                "event_ids": anomaly.event_ids,
            }
            for anomaly in timeline.anomalies
        ],
    }


def _by_section(timeline: CaseTimeline) -> list[dict[str, Any]]:
    """The explanation section by section; the anomalies have a part of the page to themselves."""
    sections = groupby(explain(timeline), key=lambda sentence: sentence.section)
    return [
        {"title": SECTION_WORDS[section].vi, "sentences": list(sentences)}
        for section, sentences in sections
        if section is not Section.ANOMALIES
    ]
