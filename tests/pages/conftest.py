"""The service with one case that came late, for the tests of the pages."""

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.query.serving import Asked, asked_service

CASE_ID = "000.00.20.H34/220815-0001"
OFFICERS = ("Nguyễn Thị Ánh", "Trần Văn Bình")
OFFICER_IDS = ("CC-0001", "CC-0002")


def officer(number: int) -> dict[str, Any]:
    """One of the two officers of the case."""
    unit = {"id": f"H34.20.{number}", "name": f"Phòng {number}", "parent": "H34.20"}
    return {"id": OFFICER_IDS[number], "name": OFFICERS[number], "position": "Chuyên viên", "unit": unit}


def event_of(number: int, kind: str, time: str, data: dict[str, Any], *, case_id: str, source: str) -> str:
    """The CloudEvent of one fact of August 2022; `time` is day and time, such as `15T07:00`."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{case_id}/e-{number}",
            "source": source,
            "type": f"vn.tiendo.case.{kind}.v1",
            "subject": case_id,
            "time": f"2022-08-{time}:00+07:00",
            "data": data,
        }
    )


def on_time_case(*, case_id: str) -> list[str]:
    """The events of a case that the second officer held and finished in time."""
    event = partial(event_of, case_id=case_id, source="/kontum/igate")
    received = {"due_at": "2022-08-17T17:00:00+07:00", "holder": officer(1)}
    return [event(1, "received", "15T07:00", received), event(2, "completed", "16T07:00", {})]


def late_case(*, source: str = "/kontum/igate", case_id: str = CASE_ID) -> list[str]:
    """The events of a case with a pause: the first officer overran by 300 minutes, the second by 1,200, and it is 960 minutes late."""
    event = partial(event_of, case_id=case_id, source=source)
    received = {
        "unit": {"id": "H34.20", "name": "Chi nhánh VPĐKĐĐ <thành phố> Kon Tum", "level": "province"},
        "procedure": {"id": "1.004227", "name": "Đăng ký biến động đất đai"},
        "due_at": "2022-08-17T17:00:00+07:00",
        "holder": officer(0),
        "step": {"id": "tiep-nhan", "name": "Tiếp nhận", "allotted_minutes": 180},
    }
    held = {"holder": officer(1), "step": {"id": "tham-dinh", "name": "Thẩm định", "allotted_minutes": 720}}
    return [
        event(1, "received", "15T07:00", received),
        event(2, "forwarded", "16T07:00", held),
        event(3, "supplement-requested", "17T07:00", {"reason": "thiếu bản vẽ"}),
        event(4, "supplement-received", "18T07:00", {"holder": officer(1)}),
        event(5, "completed", "23T07:00", {}),
    ]


@pytest.fixture
async def service(database_url: str, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Asked]:
    """The service without any case."""
    async with asked_service(database_url, engine, tmp_path) as asked:
        yield asked


@pytest.fixture
async def served(database_url: str, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Asked]:
    """The service with the late case."""
    async with asked_service(database_url, engine, tmp_path) as asked:
        await asked.tell(late_case())
        yield asked
