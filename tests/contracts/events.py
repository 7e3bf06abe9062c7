"""Events as source systems send them, for tests."""

import json
from typing import Any

OFFICER = {
    "id": "CC-0001",
    "name": "Nguyễn Thị Ánh",
    "position": "Chuyên viên",
    "unit": {"id": "H34.20.1", "name": "Bộ phận một cửa"},
}
STEP = {"id": "tiep-nhan", "name": "Tiếp nhận", "allotted_minutes": 240}
DUE = "2022-08-29T17:00:00+07:00"
SUBMITTED = {
    "procedure": {
        "id": "1.004227",
        "name": "Đăng ký biến động đất đai",
        "norm_minutes": 4800,
        "days": "working",
    },
    "unit": {
        "id": "H34.20",
        "name": "Chi nhánh VPĐKĐĐ thành phố Kon Tum",
        "parent": "H34.STNMT",
        "level": "province",
    },
    "field": {"id": "dat-dai", "name": "Đất đai"},
    "channel": "counter",
    "actor": OFFICER,
}
HANDOVER = {"actor": OFFICER, "holder": OFFICER, "step": STEP}
REASON = {"actor": OFFICER, "reason": "Thiếu bản vẽ"}
PAPER = {"document_number": "12/TB-VPĐK", "signed_at": "2022-08-26T15:00:00+07:00"}
DATA: dict[str, dict[str, Any]] = {
    "submitted": SUBMITTED,
    "received": SUBMITTED | HANDOVER | {"due_at": DUE},
    "assigned": HANDOVER,
    "claimed": HANDOVER,
    "forwarded": HANDOVER,
    "sent-back": HANDOVER,
    "recalled": HANDOVER,
    "worked": {"holder": OFFICER, "since": "2022-08-12T13:30:00+07:00", "step": STEP},
    "resumed": HANDOVER | REASON | {"due_at": DUE},
    "reopened": HANDOVER | REASON | {"due_at": DUE},
    "supplement-requested": REASON,
    "payment-requested": REASON,
    "suspended": REASON,
    "supplement-received": HANDOVER | {"due_at": DUE},
    "payment-received": HANDOVER | {"due_at": DUE},
    "consultation-requested": {"actor": OFFICER, "unit": {"id": "H34.TC"}, "step": STEP},
    "consultation-answered": {"actor": {"unit": {"id": "H34.TC"}}},
    "deadline-extended": REASON | {"due_at": DUE, "apology": PAPER},
    "deadline-restated": REASON | {"due_at": DUE},
    "completed": {"actor": OFFICER, "evidence": PAPER},
    "result-delivered": REASON,
    "declined": REASON,
    "withdrawn": REASON,
    "corrected": REASON | {"annuls": {"source": "/kontum/igate", "id": "e-0"}},
    "joined": {"alias": "H34.20-2022-000017"},
}


def event(kind: str = "received", /, **members: Any) -> dict[str, Any]:
    """A whole event of that kind with every member that it may have; `members` replace those of the envelope, None removes one."""
    whole = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/kontum/igate",
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": "000.00.20.H34-220815-0001",
        "time": "2022-08-15T08:05:00+07:00",
        "recordedat": "2022-08-15T08:05:12+07:00",
        "sequence": "17",
        "datacontenttype": "application/json",
        "data": DATA[kind],
        **members,
    }
    return {name: member for name, member in whole.items() if member is not None}


def text_of(value: object) -> str:
    """The JSON text of a value as programs usually write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
