"""Applicants' data goes no further than the door: every member of the format is filled with marks, and nothing that lies anywhere shows one."""

import json

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.ingest.serving import Served
from tests.sources.national.marked_records import RECORDS, ROWS, lying, marks_in

from tiendo_runtime.authentication import Scope


async def test_nothing_of_an_applicant_lies_anywhere(
    ingest: Served, engine: AsyncEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = await ingest.key(Scope.INGEST, sources=["/kontum"])
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", headers=headers, timeout=60) as client:
        answers = [
            await client.post("/v1/sources/national/DongBoHoSoMC", json=RECORDS),
            await client.post("/v1/sources/national/CapNhatTienDoHoSoMC", json=ROWS),
            await client.get("/v1/rejections"),
        ]
    assert [one["error_code"] for answer in answers[:2] for one in answer.json()["result"]] == [
        "0",
        "-1",
        "-1",
        "0",
        "-1",
        "0",
    ]
    lies = await lying(engine)
    assert "Hồ sơ của ông […], CCCD […], gọi […] hoặc […]." in lies
    journal = "".join(capfd.readouterr())
    for told in (lies, journal, json.dumps([answer.json() for answer in answers], ensure_ascii=False)):
        assert marks_in(told) == []
