"""The national format over HTTP: credentials, answers, what is kept of refused records, and messages of one dossier at the same time."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.ingest.serving import Served, served
from tests.ingest.test_unavailable import stopped
from tests.keys import new_key, revoke_key
from tests.sources.national.national_records import CODE, Channel, dossier, entry, row
from tests.waiting import until

from tiendo_event_store import EventLog
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.embedded import Cluster

ENVELOPE = "/v1/sources/national"
DOSSIERS = "/v1/sources/national/DongBoHoSoMC"
ROWS = "/v1/sources/national/CapNhatTienDoHoSoMC"
LOGIN = "/v1/sources/national/login"


@pytest.fixture
async def sender(ingest: Served) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a key that is bound to one source."""
    headers = await ingest.key(Scope.INGEST, sources=["/kontum"])
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", headers=headers, timeout=60) as client:
        yield client


def enveloped(*records: tuple[str, Any], **more: Any) -> dict[str, Any]:
    service, _ = records[0]
    return {
        "madonvi": "H34",
        "service": service,
        "isUpdating": "True",
        "data": [record for _, record in records],
        **more,
    }


def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["error_code"] for one in answer.json()["result"]]


def three_members(answer: httpx.Response, status: int) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, set(found), found["error_code"]) == (status, {"error_code", "message", "result"}, "-1")
    assert found["message"]
    return found


async def subjects(log: EventLog) -> list[tuple[str, str]]:
    found = await log.read_after(0, 1_000)
    return [(event.source, event.type.split(".")[-2]) for event in found if event.shard is not None]


async def test_an_envelope_is_taken_and_known_again(sender: httpx.AsyncClient, log: EventLog) -> None:
    message = enveloped(dossier())
    first = await sender.post(ENVELOPE, json=message)
    assert (first.json()["error_code"], codes(first)) == ("0", ["0"])
    assert first.json()["result"][0]["MaHoSo"] == CODE
    assert "thành công" in first.json()["message"]
    again = await sender.post(ENVELOPE, json=message)
    assert (again.json()["error_code"], codes(again)) == ("0", ["3"])
    assert "thành công" in again.json()["message"]
    assert await subjects(log) == [("/kontum/national", "received")]


async def test_numbers_and_nulls_may_stand_where_texts_should(sender: httpx.AsyncClient, log: EventLog) -> None:
    row_ = (
        b'[{"MaHoSo": 12345678901234567890, "NguoiXuLy": "A", "ThoiDiemXuLy": 20220816100000.0, "TrangThai": 9.0, '
        b'"PhongBanXuLy": null, "NoiDungXuLy": NaN}]'
    )
    answer = await sender.post(ROWS, content=row_)
    assert codes(answer) == ["0"]
    assert [event.subject for event in await log.read_case("12345678901234567890")] == ["12345678901234567890"] * 2
    assert await subjects(log) == [("/kontum/national", "worked"), ("/kontum/national", "completed")]


async def test_a_bare_array_is_taken_too_packed_or_not(sender: httpx.AsyncClient, log: EventLog) -> None:
    where = {"MaDinhDanhDV": "000.00.53.H34", "isUpdating": "False"}
    rows = [row("20220816100000", 4)[1], row("20220817100000", 9)[1]]
    assert codes(await sender.post(ROWS, params=where, json=rows)) == ["0", "0"]
    packed = gzip.compress(json.dumps(rows).encode())
    assert codes(await sender.post(ROWS, content=packed, headers={"Content-Encoding": "gzip"})) == ["3", "3"]
    assert await subjects(log) == [("/kontum/national", kind) for kind in ("worked", "worked", "completed")]


async def test_a_session_of_a_login_stands_for_the_key_also_in_another_process(
    ingest: Served, database_url: str, tmp_path: Path
) -> None:
    key_id, secret = await new_key(ingest.running, Scope.INGEST, bounds=Bounds(sources=["/kontum"]))
    async with (
        served(database_url, tmp_path / "data") as other,  # which has the secret of the keys too
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", timeout=60) as client,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{other.port}", timeout=60) as elsewhere,
    ):
        answer = await client.post(LOGIN, json={"username": key_id, "password": secret})
        assert (answer.status_code, answer.json()["error_code"], answer.json()["message"]) == (200, "0", "")
        session = answer.json()["session"]
        assert secret not in session
        assert codes(await client.post(ENVELOPE, json=enveloped(dossier(), session=session))) == ["0"]
        assert codes(await elsewhere.post(ENVELOPE, json=enveloped(dossier(), session=session))) == ["3"]
        three_members(await client.post(ENVELOPE, json=enveloped(dossier(), session=session[:-1] + "x")), 401)
        three_members(await client.post(LOGIN, json={"username": "key-0000000000", "password": secret}), 401)
        three_members(await client.post(LOGIN, json={"username": key_id, "password": "x"}), 401)
        await revoke_key(ingest.running, key_id)
        three_members(await client.post(ENVELOPE, json=enveloped(dossier(), session=session)), 401)


async def test_who_may_not_send_gets_the_three_members_too(ingest: Served) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", timeout=60) as client:
        refused = await client.post(ENVELOPE, json=enveloped(dossier()))
        three_members(refused, 401)
        assert refused.headers["WWW-Authenticate"]
        three_members(await client.post(ROWS, json=[], headers={"Authorization": "Bearer x"}), 401)
        three_members(await client.post(f"{ENVELOPE}/TraCuuHoSo", json=[]), 401)
        three_members(await client.post(ENVELOPE, json={"session": {"is": 1}, "data": []}), 401)
        for headers in (
            await ingest.key(Scope.INGEST),
            await ingest.key(Scope.INGEST, sources=["/kontum", "/gialai"]),
            await ingest.key(Scope.READ),
        ):
            three_members(await client.post(ENVELOPE, json=enveloped(dossier()), headers=headers), 403)


async def test_a_message_that_is_no_message_is_refused_as_a_whole_to_a_caller_who_is_known(
    sender: httpx.AsyncClient, ingest: Served
) -> None:
    unreadable = (b"{", b'"x"', b'{"service": "DongBoHoSoMC"}', b"[" * 100_000, b"\xff\xfe", b"[]")
    for body in unreadable:
        three_members(await sender.post(ENVELOPE, content=body), 200)
    three_members(await sender.post(ENVELOPE, json={"service": "TraCuuHoSo", "data": []}), 200)
    three_members(await sender.post(f"{ENVELOPE}/TraCuuHoSo", json=[]), 200)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", timeout=60) as unknown:
        for body in unreadable:
            three_members(await unknown.post(ENVELOPE, content=body), 401)
    for body in (b"", b"   "):
        three_members(await sender.post(ENVELOPE, content=body), 400)
    three_members(await sender.post(DOSSIERS, content=b" " * (32 * 1024 * 1024) + b"[]"), 413)
    three_members(await sender.post(DOSSIERS, content=b"[" + b"{}," * 300_000 + b"{}]"), 413)
    assert codes(await sender.post(DOSSIERS, json=[])) == []


async def test_records_beside_a_bad_one_are_taken_and_it_is_kept_without_the_applicant(
    sender: httpx.AsyncClient, log: EventLog
) -> None:
    bad = dossier(
        MaHoSo="H34-2", NgayTiepNhan="hôm qua", ChuHoSo="Trần Văn Bình", GhiChu="ông Bình", TrichYeuHoSo="của ông Bình"
    )
    bad[1]["DanhSachHoSoBoSung"] = [entry(NoiDungBoSung="Giấy tờ của TRẦN VĂN BÌNH")]
    answer = await sender.post(ENVELOPE, json=enveloped(dossier(), bad, (bad[0], 7), row("20220816100000", 4)))
    assert answer.json()["error_code"] == "-1"
    assert "thành công" not in answer.json()["message"]
    assert codes(answer) == ["0", "-1", "-1", "3"]
    assert "NgayTiepNhan" in answer.json()["result"][1]["message"]
    listed = (await sender.get("/v1/rejections")).json()["rejections"]
    kept = json.loads(listed[0]["raw"])
    assert (kept["NgayTiepNhan"], kept["MaHoSo"]) == ("hôm qua", "H34-2")
    assert kept["DanhSachHoSoBoSung"][0]["NoiDungBoSung"] == "Giấy tờ của […]"
    assert not kept.keys() & {"ChuHoSo", "GhiChu", "TrichYeuHoSo"}
    assert "Bình" not in listed[0]["raw"]
    assert listed[0]["problem"]["field"] == "NgayTiepNhan"
    assert [entry["index"] for entry in listed] == [1, 2]
    assert {kind for _, kind in await subjects(log)} == {"received"}


async def test_a_key_bound_to_cases_sends_no_others(ingest: Served) -> None:
    headers = await ingest.key(Scope.INGEST, sources=["/kontum"], cases=["H34-"])
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ingest.port}", headers=headers, timeout=60) as client:
        assert codes(await client.post(ENVELOPE, json=enveloped(dossier(), dossier(MaHoSo="H35-1")))) == ["0", "-1"]


async def test_messages_of_one_dossier_at_once_say_what_they_say_one_after_the_other(
    sender: httpx.AsyncClient, log: EventLog
) -> None:
    records = [
        dossier(NgayKetThucXuLy="20220902160000", DanhSachHoSoBoSung=[entry(answered="20220822090000")]),
        dossier(NgayKetThucXuLy="20220902160000"),
        *(row(f"20220818090{second:03}", 5) for second in range(3)),
        *(row("20220902160020", 9, f"Người {number}") for number in range(5)),
    ]
    answers = await asyncio.gather(
        *(sender.post(ENVELOPE, json=enveloped(record)) for record in records for _ in range(2))
    )
    assert all(set(codes(answer)) <= {"0", "3"} for answer in answers)
    channel = Channel()
    channel.events = [json.loads(event.text) for event in await log.read_case(CODE)]
    kinds = sorted(kind for kind, _ in channel.said)
    assert kinds == ["completed", "received", "supplement-received", "supplement-requested", *["worked"] * 8]


async def test_rows_and_messages_under_joined_codes_are_about_one_dossier(
    sender: httpx.AsyncClient, log: EventLog
) -> None:
    rows = [
        row("20220815080530", 2, "Trần Văn C", MaHoSo="H34-khác"),
        row("20220902160020", 9, MaHoSo="H34-khác", NoiDungXuLy="Ký cho bà Lê Thị Dấu"),
    ]
    message = dossier(MaHoSoKhac="H34-khác", NgayKetThucXuLy="20220902160000", ChuHoSo="Lê Thị Dấu")
    assert codes(await sender.post(ENVELOPE, json=enveloped(rows[0]))) == ["0"]
    assert codes(await sender.post(ENVELOPE, json=enveloped(message))) == ["0"]
    assert codes(await sender.post(ENVELOPE, json=enveloped(rows[1]))) == ["0"]
    assert codes(await sender.post(ENVELOPE, json=enveloped(*rows))) == ["3", "3"]
    channel = Channel()
    [group] = await log.read_groups(["H34-khác"])
    channel.events = [json.loads(event.text) for event in group.events]
    assert channel.counting[-1]["data"]["step"] == {"id": "Ký cho bà […]"}
    assert channel.said == [
        ("joined", "2022-08-15T08:05:00"),
        ("received", "2022-08-15T08:05:00"),
        ("worked", "2022-08-15T08:05:00"),
        ("completed", "2022-09-02T16:00:00"),
        ("worked", "2022-09-02T16:00:00"),
    ]


async def test_while_the_log_cannot_be_written_nothing_is_claimed(
    sender: httpx.AsyncClient, postgres_server: Cluster
) -> None:
    assert codes(await sender.post(ENVELOPE, json=enveloped(dossier()))) == ["0"]
    async with stopped(postgres_server):
        refused = await sender.post(ENVELOPE, json=enveloped(row("20220816100000", 4)))
        three_members(refused, 503)
        assert int(refused.headers["Retry-After"]) > 0

    async def taken() -> bool:
        again = await sender.post(ENVELOPE, json=enveloped(row("20220816100000", 4)))
        return again.status_code == 200 and codes(again) == ["0"]

    await until(taken, what="the log takes the row")
