"""Explanations and decisions as they are sent, for tests."""

from typing import Any

from tests.contracts.events import OFFICER, event

_PAPER = {"document_number": "12/QĐ-VPĐK", "signed_at": "2022-09-01"}
EXPLANATION = {"source": "/kontum/tiendo", "id": "x-1"}
MOVE = {"kind": "move", "of": "share", "from": {"kind": "officer", "id": "CC-0001"}, "to": {"kind": "organisation"}}
FILED: dict[str, Any] = {
    "officer": OFFICER,
    "reason": "overload",
    "text": "Trong tuần có 40 hồ sơ.\nXin xem xét.",
    "asks": "move",
    "documents": [_PAPER | {"title": "Báo cáo khối lượng công việc"}],
}
WITHDRAWN: dict[str, Any] = {"explanation": EXPLANATION, "reason": "Gửi nhầm hồ sơ"}
DECIDED: dict[str, Any] = {
    "explanation": EXPLANATION,
    "outcome": "accepted",
    "effects": [
        {"kind": "late-entry", "evidence": _PAPER, "finished_at": "2022-08-26T15:00:00+07:00"},
        {"kind": "late-sync", "recorded_at_source": "2022-08-26T15:00:00+07:00"},
        MOVE | {"minutes": 30, "share_minutes": 60},
    ],
    "decided_by": {"id": "CC-0100", "name": "Phạm Văn Đức", "position": "Trưởng phòng", "unit": {"id": "H34.20"}},
    "document": _PAPER,
    "text": "Xét giải trình ngày 20/08/2022.",
}
BY_KIND = {"filed": FILED, "withdrawn": WITHDRAWN, "decided": DECIDED}


def explanation_event(kind: str, /, **members: Any) -> dict[str, Any]:
    """A whole event of that kind; `members` replace those of the envelope."""
    whole = {"type": f"vn.tiendo.explanation.{kind}.v1", "data": BY_KIND[kind]}
    return event("received", **(whole | members))


def without(data: dict[str, Any], member: str) -> dict[str, Any]:
    """The same without a member."""
    return {name: value for name, value in data.items() if name != member}
