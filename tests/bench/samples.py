"""Events for the measurements: the same ones every time, of the size and kind that source systems send."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

SOURCE = "/bench/desk"
EVENTS_PER_CASE = 8

_ZONE = timezone(timedelta(hours=7))
_BEGIN = datetime(2022, 1, 4, 8, 0, tzinfo=_ZONE)
_STEPS = ("tiep-nhan", "tham-dinh", "trinh-ky", "ky-duyet")
_KINDS = (
    "received",
    "forwarded",
    "supplement-requested",
    "supplement-received",
    "forwarded",
    "sent-back",
    "forwarded",
    "completed",
)


def case_id(number: int) -> str:
    """The id of the case of that number."""
    return f"000.00.20.B34-220104-{number:06}"


def event_texts(cases: int, first: int = 0) -> Iterator[str]:
    """Yield the events of so many cases as JSON texts, case by case, each in order of time."""
    for number in range(first, first + cases):
        for place, kind in enumerate(_KINDS):
            yield json.dumps(_event(number, place, kind), ensure_ascii=False, separators=(",", ":"))


def _event(number: int, place: int, kind: str) -> dict[str, Any]:
    at = _BEGIN + timedelta(minutes=7 * (number % 50_000), hours=30 * place)
    return {
        "specversion": "1.0",
        "id": f"{number}-{place}",
        "source": SOURCE,
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": case_id(number),
        "time": at.isoformat(),
        "recordedat": (at + timedelta(seconds=12)).isoformat(),
        "datacontenttype": "application/json",
        "data": _data(number, place, kind, at),
    }


def _data(number: int, place: int, kind: str, at: datetime) -> dict[str, Any]:
    actor = _officer(number + place - 1)
    if kind == "completed":
        return {"actor": actor}
    if kind == "supplement-requested":
        return {"actor": actor, "reason": "Thiếu bản sao giấy chứng nhận"}
    step = _STEPS[place % len(_STEPS)]
    data: dict[str, Any] = {
        "actor": actor,
        "holder": _officer(number + place),
        "step": {"id": step, "name": step, "allotted_minutes": 240},
    }
    if kind == "received":
        data |= {
            "procedure": {"id": "1.004227", "name": "Đăng ký biến động đất đai"},
            "unit": {
                "id": f"B34.{number % 40}",
                "name": f"Chi nhánh {number % 40}",
                "parent": "B34",
                "level": "province",
            },
            "field": {"id": "dat-dai", "name": "Đất đai"},
            "due_at": (at + timedelta(days=7)).isoformat(),
        }
    return data


def _officer(number: int) -> dict[str, Any]:
    officer = number % 400
    unit = {"id": f"B34.{officer % 40}", "name": f"Chi nhánh {officer % 40}"}
    return {"id": f"CC-{officer:04}", "name": f"Nguyễn Văn {officer}", "position": "Chuyên viên", "unit": unit}
