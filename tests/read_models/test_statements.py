"""What the rows of a case remember of units beside its timeline."""

import json
from datetime import UTC, datetime
from typing import Any

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.case_event import CaseEvent
from tiendo_read_models.statements import said_by


def event(number: int, kind: str, data: dict[str, Any]) -> CaseEvent:
    text = {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/s",
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": "c",
        "time": f"2022-08-{14 + number:02}T08:00:00+07:00",
        "data": data,
    }
    return case_event(json.dumps(text), position=number, ingested_at=datetime(2022, 9, 1, tzinfo=UTC))


def test_an_annulled_event_names_no_parent_but_still_a_name() -> None:
    """As the timeline reads parents (rules T6, H8): else a new calendar of the true parent would miss the case."""
    events = [
        event(1, "received", {"unit": {"id": "U", "parent": "RIGHT"}}),
        event(2, "forwarded", {"holder": {"id": "A", "unit": {"id": "U", "name": "Phòng U", "parent": "WRONG"}}}),
        event(3, "corrected", {"annuls": {"source": "/s", "id": "e-2"}}),
    ]
    assert said_by(events[:2]).parents == {"U": "WRONG"}
    said = said_by(events)
    assert said.parents == {"U": "RIGHT"}
    assert [unit.name for unit in said.units] == ["Phòng U"]


def test_the_officers_of_a_case_are_all_who_hold_or_act_whatever_becomes_of_the_event() -> None:
    """Whose absences and joins concern the case (rules H10, H11): never too few."""
    events = [
        event(1, "received", {"holder": {"id": "B"}, "actor": {"id": "A"}}),
        event(2, "forwarded", {"holder": {"name": "without id"}, "actor": {"id": "A"}}),
        event(3, "worked", {"holder": {"id": "C"}}),
        event(4, "corrected", {"annuls": {"source": "/s", "id": "e-3"}, "actor": {"id": "D"}}),
    ]
    assert said_by(events).officer_ids == ["A", "B", "C", "D"]
