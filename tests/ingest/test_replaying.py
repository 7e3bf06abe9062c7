"""What was set aside is taken again after a mend, by the way it came and as recorded when it came."""

import json
from pathlib import Path

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on
from tests.contracts.events import event, text_of
from tests.ingest.serving import EVENT, Served
from tests.sources.national.national_records import CODE, dossier, entry, row

from tiendo_event_store import EventLog
from tiendo_runtime.authentication import Scope

_MENDED = "UPDATE tiendo.rejections SET raw = convert_to(replace(convert_from(raw, 'UTF8'), :was, :now), 'UTF8')"


async def test_what_was_set_aside_is_taken_again_after_a_mend(
    ingest: Served, engine: AsyncEngine, log: EventLog, database_url: str, tmp_path: Path
) -> None:
    headers = await ingest.key(Scope.INGEST, sources=["/kontum"])
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", headers=headers, timeout=60) as client:
        rows = [row("chưa đọc được", 4)[1], row("không bao giờ", 4)[1]]
        answer = await client.post("/v1/sources/national/CapNhatTienDoHoSoMC?MaDinhDanhDV=H34", json=rows)
        assert answer.json()["error_code"] == "-1"
    await ingest.post(EVENT, text_of(event(type="vn.tiendo.case.unheard-of.v1")))
    # As if this version had learnt to read what the one before could not.
    async with engine.begin() as connection:
        await connection.execute(text(_MENDED), {"was": "chưa đọc được", "now": "20220816100000"})
        await connection.execute(text(_MENDED), {"was": "unheard-of", "now": "received"})
    tiendo = tiendo_on(database_url, tmp_path)
    first = tiendo("rejections", "replay", "--format", "json")
    told = json.loads(first.stdout)
    assert (first.returncode, told["taken"], told["still-refused"], told["left"]) == (1, 2, 1, 0), first.stderr
    assert told["shown"][0]["format"] == "national"
    rejections = (await ingest.client.get("/v1/rejections")).json()["rejections"]
    received_at = {one["index"]: one["received_at"] for one in rejections}
    [worked] = [json.loads(one.text) for one in await log.read_case(CODE)]
    assert (worked["source"], worked["recordedat"][14:19]) == ("/kontum/national", received_at[0][14:19])
    assert [one["resubmitted_at"] is None for one in rejections] == [False, True, False]
    again = tiendo("rejections", "replay")
    assert (again.returncode, again.stdout) == (1, "taken: 0, already there: 0, still refused: 1, left: 0\n")
    assert "ThoiDiemXuLy" in again.stderr


async def test_a_record_is_taken_again_as_recorded_when_its_envelope_was_sent_and_one_that_was_cut_off_stays(
    ingest: Served, engine: AsyncEngine, log: EventLog, database_url: str, tmp_path: Path
) -> None:
    headers = await ingest.key(Scope.INGEST, sources=["/kontum"])
    long, mended = (dossier(NgayTiepNhan=at)[1] for at in ("không bao giờ", "chưa đọc được"))
    long["DanhSachHoSoBoSung"] = [entry(NoiDungBoSung="Bổ sung " * 10_000)]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", headers=headers, timeout=60) as client:
        envelope = {"service": "DongBoHoSoMC", "NgayGui": "20220815081000", "data": [long, mended]}
        assert (await client.post("/v1/sources/national", json=envelope)).json()["error_code"] == "-1"
    async with engine.begin() as connection:
        await connection.execute(text(_MENDED), {"was": "chưa đọc được", "now": "20220815080500"})
    told = json.loads(tiendo_on(database_url, tmp_path)("rejections", "replay", "--format", "json").stdout)
    assert (told["taken"], told["still-refused"]) == (1, 1)
    [received] = [json.loads(one.text) for one in await log.read_case(CODE)]
    assert received["recordedat"] == "2022-08-15T08:10:00+07:00"
