"""Explanations and decisions at the door: what is taken, what is refused and where (CONTRACT, explanations; rule E4)."""

from typing import Any

import pytest
from tests.contracts.events import text_of
from tests.contracts.explanation_events import BY_KIND, DECIDED, FILED, MOVE, WITHDRAWN, explanation_event, without

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.events.event_types import EXPLANATION_TYPES
from tiendo_contracts.problems.problem_documents import ProblemKind, Refusal, problem_document


def refused(kind: str, data: dict[str, Any]) -> tuple[ProblemKind, str | None]:
    with pytest.raises(Refusal) as caught:
        accept_text(text_of(explanation_event(kind, data=data)))
    problem_document(caught.value)
    return caught.value.kind, caught.value.field


def test_every_type_has_an_example() -> None:
    assert {f"vn.tiendo.explanation.{kind}.v1" for kind in BY_KIND} == set(EXPLANATION_TYPES)


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_member_that_the_contract_names_is_taken(kind: str) -> None:
    text = text_of(explanation_event(kind))
    assert accept_text(text).text == text


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("filed", without(FILED, "documents") | {"officer": {"name": "Nguyễn Thị Ánh"}}),
        ("filed", without(FILED, "officer") | {"unit": {"id": "H34.20"}}),
        *(("filed", FILED | {"asks": effect}) for effect in (*DECIDED["effects"], "late-entry", "late-sync", None)),
        ("withdrawn", without(WITHDRAWN, "reason")),
        ("decided", without(without(DECIDED, "explanation"), "effects") | {"outcome": "refused"}),
        ("decided", DECIDED | {"outcome": "refused", "effects": []}),
        ("decided", DECIDED | {"effects": [MOVE | {"minutes": 1}, MOVE | {"share_minutes": 0}]}),
    ],
)
def test_what_is_optional_may_be_missing(kind: str, data: dict[str, Any]) -> None:
    assert accept_text(text_of(explanation_event(kind, data=data))).type.endswith(f"{kind}.v1")


TO_UNIT = {"kind": "unit", "id": "H34.20"}


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("filed", FILED | {"unit": {"id": "H34.20"}}, "data"),
        ("filed", without(FILED, "officer"), "data"),
        ("filed", FILED | {"officer": {"position": "Chuyên viên"}}, "data.officer"),
        ("filed", FILED | {"reason": "tired"}, "data.reason"),
        ("filed", FILED | {"text": ""}, "data.text"),
        ("filed", FILED | {"text": " \n"}, "data.text"),
        ("filed", FILED | {"text": "x" * 4001}, "data.text"),
        ("filed", FILED | {"asks": "mercy"}, "data.asks"),
        ("filed", FILED | {"asks": 5}, "data.asks"),
        ("filed", FILED | {"asks": {"kind": "mercy"}}, "data.asks"),
        ("filed", FILED | {"asks": {}}, "data.asks"),
        ("filed", FILED | {"asks": [MOVE]}, "data.asks"),
        ("filed", FILED | {"asks": MOVE}, "data.asks"),
        ("filed", FILED | {"asks": MOVE | {"minutes": 0}}, "data.asks.minutes"),
        ("filed", FILED | {"asks": {"kind": "late-entry"}}, "data.asks.evidence"),
        ("filed", FILED | {"asks": MOVE | {"minutes": 3, "applicant": "x"}}, "data.asks.applicant"),
        ("filed", FILED | {"documents": [{"document_number": "1"}]}, "data.documents.0.signed_at"),
        ("filed", FILED | {"marks": ["history"]}, "data.marks"),
        ("withdrawn", {}, "data.explanation"),
        ("decided", without(DECIDED, "text"), "data.text"),
        ("decided", without(DECIDED, "document"), "data.document"),
        ("decided", without(DECIDED, "decided_by"), "data.decided_by"),
        ("decided", DECIDED | {"decided_by": {"id": "CC-0100"}}, "data.decided_by"),
        ("decided", DECIDED | {"decided_by": {"id": "CC-0100", "name": "\u200b"}}, "data.decided_by"),
        ("decided", DECIDED | {"effects": []}, "data"),
        ("decided", DECIDED | {"outcome": "refused"}, "data"),
        ("decided", DECIDED | {"effects": [{"kind": "mercy"}]}, "data.effects.0"),
        ("decided", DECIDED | {"effects": [{"minutes": 3}]}, "data.effects.0"),
        ("decided", DECIDED | {"effects": [{"kind": "late-entry"}]}, "data.effects.0.evidence"),
        ("decided", DECIDED | {"effects": [{"kind": "late-sync"}]}, "data.effects.0.recorded_at_source"),
        ("decided", DECIDED | {"effects": [MOVE]}, "data.effects.0"),
        ("decided", DECIDED | {"effects": [MOVE | {"minutes": 0}]}, "data.effects.0.minutes"),
        (
            "decided",
            DECIDED | {"effects": [MOVE | {"minutes": 1, "to": {"kind": "officer", "id": "B"}}]},
            "data.effects.0.to.kind",
        ),
        (
            "decided",
            DECIDED | {"effects": [MOVE | {"minutes": 1, "to": {"kind": "unknown"}}]},
            "data.effects.0.to.kind",
        ),
        ("decided", DECIDED | {"effects": [MOVE | {"minutes": 1, "to": {"kind": "unit"}}]}, "data.effects.0.to"),
        ("decided", DECIDED | {"effects": [MOVE | {"minutes": 1, "from": {"kind": "officer"}}]}, "data.effects.0.from"),
        ("decided", DECIDED | {"effects": [MOVE | {"minutes": 1, "from": TO_UNIT, "to": TO_UNIT}]}, "data.effects.0"),
        (
            "decided",
            DECIDED
            | {
                "effects": [
                    MOVE
                    | {
                        "minutes": 1,
                        "from": {"kind": "unit", "id": " ", "name": "VP"},
                        "to": {"kind": "unit", "name": "VP"},
                    }
                ]
            },
            "data.effects.0",
        ),
    ],
)
def test_what_nobody_could_act_on_is_refused_where_it_stands(kind: str, data: dict[str, Any], field: str) -> None:
    problem, where = refused(kind, data)
    assert where == field
    assert problem in {ProblemKind.VALUE_INVALID, ProblemKind.MEMBER_MISSING, ProblemKind.MEMBER_UNKNOWN}
