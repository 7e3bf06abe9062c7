"""A case as the table of steps that an office would have of it: what a table has words for, and nothing of pauses and consultations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

HEADINGS: Final = {
    "case_id": "Mã hồ sơ",
    "received": "Ngày tiếp nhận",
    "due": "Ngày hẹn trả",
    "completed": "Ngày có kết quả",
    "delivered": "Ngày trả kết quả",
    "declined": "Ngày từ chối",
    "withdrawn": "Ngày rút hồ sơ",
    "unit": "Đơn vị giải quyết",
    "unit_id": "Mã đơn vị",
    "procedure": "Mã thủ tục",
    "field": "Lĩnh vực",
    "channel": "Hình thức tiếp nhận",
    "step": "Bước xử lý",
    "step_id": "Mã bước",
    "officer": "Cán bộ xử lý",
    "officer_id": "Mã cán bộ",
    "officer_unit": "Phòng ban",
    "position": "Chức vụ",
    "started": "Bắt đầu",
    "allotted_minutes": "Số phút quy định",
}
"""The headings by what they mean."""
APPLICANT_HEADING: Final = "Chủ hồ sơ"
HEADER_ROWS: Final = 3
_TITLE: Final = "DANH SÁCH HỒ SƠ VÀ QUÁ TRÌNH XỬ LÝ"
_INSTANT: Final = "%d/%m/%Y %H:%M"
_ENDS: Final = {
    "completed": "completed",
    "result-delivered": "delivered",
    "declined": "declined",
    "withdrawn": "withdrawn",
}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDefects:
    """Of a hundred rows, in how many an export is worse than what it was made of."""

    start_missing: float = 0.0
    start_without_hours: float = 0.0
    officer_without_code: float = 0.0
    case_missing: float = 0.0
    twice: float = 0.0


NO_DEFECTS: Final = TableDefects()
USUAL_DEFECTS: Final = TableDefects(
    start_missing=2.0, start_without_hours=0.5, officer_without_code=3.0, case_missing=0.1, twice=1.0
)


def table_heads() -> list[list[str]]:
    """The first rows: a title, a blank one, the headings."""
    headings = [*HEADINGS.values(), APPLICANT_HEADING]
    return [[_TITLE, *[""] * (len(headings) - 1)], [""] * len(headings), headings]


def mapping_text(source: str) -> str:
    """The mapping file of such a table."""
    columns = "\n".join(f'{name} = "{heading}"' for name, heading in HEADINGS.items())
    return (
        f'source = "{source}"\n\n[time]\nzone = "Asia/Ho_Chi_Minh"\n\n'
        f'[table]\nrow = "step"\nheader_rows = {HEADER_ROWS}\n\n[columns]\n{columns}\n'
    )


def told_rows(events: Sequence[Mapping[str, Any]], defects: TableDefects = NO_DEFECTS) -> Iterator[list[str]]:
    """Yield the rows of a case of which these events are told, in the order of the columns.

    The rows of a case are the same whenever they are made.
    """
    case_id = events[0]["subject"] if events else ""
    rng = Random(f"table/{case_id}")  # noqa: S311 - no secret
    for row in _rows(events):
        spoilt = _spoilt(row, defects, rng)
        for _ in range(2 if _happens(defects.twice, rng) else 1):
            yield [*(spoilt.get(name, "") for name in HEADINGS), f"Người nộp {case_id[-4:]}"]


def _rows(events: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    whole = _case_columns(events)
    if not whole:
        return
    steps = [event for event in events if "holder" in event["data"] and event["data"]["holder"]]
    if not steps:
        yield whole
    step: Mapping[str, Any] = {}
    for event in steps:
        step = event["data"].get("step") or (step if event["type"].split(".")[3] == "claimed" else {})
        yield {**whole, **_step_columns(event, step)}


def _case_columns(events: Sequence[Mapping[str, Any]]) -> Row:
    """What every row of the case says: as the case stands at last, its due the one that was told last."""
    said: dict[str, str] = {}
    for event in events:
        kind, data = event["type"].split(".")[3], event["data"]
        if kind == "received":
            said["received"] = _written(event["time"])
            said |= _named(data)
        if kind in _ENDS:
            said[_ENDS[kind]] = _written(event["time"])
        if data.get("due_at"):
            said["due"] = _written(data["due_at"])
    return {"case_id": events[0]["subject"], **said} if said else {}


def _named(data: Mapping[str, Any]) -> dict[str, str]:
    unit, procedure, field = (data.get(name) or {} for name in ("unit", "procedure", "field"))
    found = {
        "unit": unit.get("name"),
        "unit_id": unit.get("id"),
        "procedure": procedure.get("id"),
        "field": field.get("name"),
        "channel": data.get("channel"),
    }
    return {name: text for name, text in found.items() if text}


def _step_columns(event: Mapping[str, Any], step: Mapping[str, Any]) -> Row:
    holder = event["data"]["holder"]
    found = {
        "step": step.get("name"),
        "step_id": step.get("id"),
        "officer": holder.get("name"),
        "officer_id": holder.get("id"),
        "officer_unit": (holder.get("unit") or {}).get("name"),
        "position": holder.get("position"),
        "started": _written(event["time"]),
        "allotted_minutes": str(step["allotted_minutes"]) if step.get("allotted_minutes") is not None else None,
    }
    return {name: text for name, text in found.items() if text}


def _spoilt(row: Row, defects: TableDefects, rng: Random) -> Row:
    spoilt = dict(row)
    if _happens(defects.start_missing, rng):
        spoilt["started"] = ""
    if _happens(defects.start_without_hours, rng):
        spoilt["started"] = row.get("started", "")[:10]
    if _happens(defects.officer_without_code, rng):
        spoilt["officer_id"] = ""
    if _happens(defects.case_missing, rng):
        spoilt["case_id"] = ""
    return spoilt


def _happens(of_hundred: float, rng: Random) -> bool:
    return rng.random() * 100 < of_hundred


def _written(instant: str) -> str:
    return datetime.fromisoformat(instant).strftime(_INSTANT)
