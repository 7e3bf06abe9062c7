"""What single questions answer: identifiers of any kind, waiting, refusals, pages, the log, marks of simulated data."""

import asyncio
import csv
import io
import json
import zipfile
from datetime import timedelta
from urllib.parse import quote

import pytest
from tests.projector.logs import SOURCE, STARTED_AT, event_text, many_cases, received_text, send
from tests.query.serving import Asked

from tiendo_event_store import EventLog
from tiendo_query.questions import answering_places

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATE = STARTED_AT + timedelta(days=30)


def completed_text(case_id: str, *, source: str = SOURCE) -> str:
    """The completion of a case long after its due."""
    event = json.loads(event_text(case_id, f"{case_id}-end", "completed", LATE))
    return json.dumps(event | {"source": source}, ensure_ascii=False)


@pytest.mark.parametrize(
    "case_id", ["a/b", "a/timeline", "H34 20", "hồ sơ số 1", "100%", "?x=1", "a%2Fb", "../etc", "=1+1", "😀"]
)
async def test_a_case_is_found_by_any_id_that_was_sent(service: Asked, case_id: str) -> None:
    await service.tell([received_text(case_id), received_text("b")])
    path = f"/v1/cases/{quote(case_id, safe='')}"

    assert (await service.get(path))["case_id"] == case_id
    assert (await service.get(f"{path}/timeline"))["case_id"] == case_id
    assert (await service.get(f"{path}/events"))["events"][0]["event"]["subject"] == case_id
    assert [row["case_id"] for row in await service.all_items("/v1/cases", text=case_id[:3])] == [case_id]


async def test_unknown_things_are_404_and_say_what_is_unknown(service: Asked) -> None:
    await service.tell([received_text("a")])
    for path, kind in [
        ("/v1/cases/b", "case-unknown"),
        ("/v1/cases/b/timeline", "case-unknown"),
        ("/v1/cases/b/events", "case-unknown"),
        ("/v1/cases/%FF/timeline", "not-found"),
        ("/v1/cases/a%00b/timeline", "not-found"),
        ("/v1/officers/nobody/timeline", "officer-unknown"),
        ("/v1/units/nowhere", "unit-unknown"),
        ("/v1/nothing", "not-found"),
    ]:
        response = await service.raw(path)
        assert (response.status_code, response.json()["type"]) == (404, f"/problems/{kind}"), path
        assert response.headers["content-type"] == "application/problem+json"
        assert "retry-after" not in response.headers


REFUSED = [
    ("/v1/cases", {"limit": "0"}, 400, "limit"),
    ("/v1/cases", {"limit": "501"}, 400, "limit"),
    ("/v1/cases", {"limit": "1_0"}, 400, "limit"),
    ("/v1/cases", {"limit": " 5"}, 400, "limit"),
    ("/v1/cases", {"limit": "5.0"}, 400, "limit"),
    ("/v1/cases", {"cursor": "garbled"}, 400, "cursor"),
    ("/v1/cases", {"cursor": ""}, 400, "cursor"),
    ("/v1/cases", {"as_of": "2022-08-15T08:05:00"}, 400, "as_of"),
    ("/v1/cases", {"as_of": "2022-08-15"}, 400, "as_of"),
    ("/v1/cases", {"state": "done"}, 400, "state"),
    ("/v1/cases", {"open": "1"}, 400, "open"),
    ("/v1/cases", {"unit": ""}, 400, "unit"),
    ("/v1/cases", {"text": "a\x00"}, 400, "text"),
    ("/v1/cases", {"limti": "5"}, 400, "limti"),
    ("/v1/cases", {"from": "2022-08-15", "to": "2022-08-14"}, 400, "to"),
    ("/v1/cases", {"known_at": "2022-08-15T08:05:00Z"}, 422, "known_at"),
    ("/v1/cases", {"known_at": "yesterday"}, 400, "known_at"),
    ("/v1/cases", {"basis": "recorded"}, 422, "basis"),
    ("/v1/cases", {"basis": "actual"}, 400, "basis"),
    ("/v1/cases", {"policy": "after-due/1"}, 422, "policy"),
    ("/v1/cases/a/timeline", {"basis": "actual"}, 400, "basis"),
    ("/v1/cases/a/timeline", {"policy": "first-come/1"}, 400, "policy"),
    ("/v1/cases/a/timeline", {"known_at": "2022-08-15T08:05:60Z"}, 400, "known_at"),
    ("/v1/cases/a/timeline", {"as_of": "2022-02-30T08:05:00Z"}, 400, "as_of"),
    ("/v1/cases/a/timeline", {"as_of": "2022-08-15 08:05:00 07:00"}, 400, "as_of"),
    ("/v1/cases/a/timeline", {"min_position": "-1"}, 400, "min_position"),
    ("/v1/cases/a/timeline", {"limit": "5"}, 400, "limit"),
    ("/v1/events", {"after": "-1"}, 400, "after"),
    ("/v1/events", {"limit": "1001"}, 400, "limit"),
    ("/v1/events", {"after": "9223372036854775808"}, 400, "after"),
    ("/v1/report", {"from": "2022-01-02", "to": "2022-01-01"}, 400, "to"),
    ("/v1/report", {"from": "2022-01-02", "as_of": "2021-01-01T00:00:00Z"}, 400, "to"),
    ("/v1/report", {"from": "2022-01-01T00:00:00Z", "to": "2022-01-02"}, 400, "from"),
    ("/v1/officers", {"from": "2022-13-01"}, 400, "from"),
    ("/v1/officers/CB-1/timeline", {"from": "2022-08-15T08:05:00", "to": "2022-08-16"}, 400, "from"),
    ("/v1/delays", {"format": "pdf"}, 400, "format"),
    ("/v1/delays", {"format": "csv", "limit": "5"}, 422, "limit"),
]


async def test_what_is_out_of_range_or_unknown_is_refused_by_name(service: Asked) -> None:
    await service.tell([received_text("a")])
    for path, asked, status, name in REFUSED:
        response = await service.client.get(path, params=asked)
        assert (response.status_code, response.json()["field"]) == (status, name), (path, asked, response.text)
    twice = await service.client.get("/v1/cases?limit=5&limit=6")
    assert (twice.status_code, twice.json()["field"]) == (400, "limit")


async def test_keys_come_before_parameters(service: Asked) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}):
        response = await service.raw("/v1/cases?limit=0", headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")


async def test_problems_speak_vietnamese_when_asked(service: Asked) -> None:
    response = await service.raw("/v1/cases?limit=0", headers={"Accept-Language": "vi"})
    assert response.json()["title"] == "Tham số không hợp lệ"


async def test_a_cursor_belongs_to_its_question(service: Asked) -> None:
    await service.tell(many_cases(5))
    cursor = (await service.get("/v1/cases", limit=2))["next"]
    assert (await service.get("/v1/cases", limit=1, cursor=cursor))["items"][0]["case_id"] == "HS-00002"
    assert (await service.get("/v1/cases", 400, limit=2, cursor=cursor, overdue="true"))["field"] == "cursor"
    assert (await service.get("/v1/delays", 400, cursor=cursor))["field"] == "cursor"
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    assert (await service.get("/v1/cases", 400, limit=2, cursor=changed))["field"] == "cursor"


async def test_pages_show_one_instant_and_every_case_once(service: Asked) -> None:
    await service.tell(many_cases(30))
    for size in (1, 7, 29, 30, 31):
        items = await service.all_items("/v1/cases", limit=size)
        assert [item["case_id"] for item in items] == [f"HS-{number:05d}" for number in range(30)]


async def test_the_log_is_read_from_any_position_without_holes(service: Asked) -> None:
    await service.tell(many_cases(10))
    head = await EventLog(service.engine).head()
    positions: list[int] = []
    after = 0
    while True:
        page = await service.get("/v1/events", after=after, limit=7)
        positions += [entry["position"] for entry in page["events"]]
        if page["next"] == after:
            break
        after = page["next"]
    assert positions == list(range(1, head + 1))
    assert await service.get("/v1/events", after=head + 5) == {"events": [], "next": head + 5}


async def test_the_events_of_one_case_come_in_pages_too(service: Asked) -> None:
    await service.tell([received_text("a"), received_text("b"), completed_text("a")])
    first = await service.get("/v1/cases/a/events", limit=1)
    second = await service.get("/v1/cases/a/events", limit=1, after=first["next"])
    assert [page["events"][0]["event"]["id"] for page in (first, second)] == ["a-0", "a-end"]
    assert await service.get("/v1/cases/a/events", after=second["next"]) == {"events": [], "next": second["next"]}


async def test_an_event_comes_back_as_the_text_that_was_sent(service: Asked) -> None:
    sent = received_text("a").replace('"allotted_minutes": 120', '"allotted_minutes":  120')
    await service.tell([sent])
    assert sent in (await service.raw("/v1/cases/a/events")).text


async def test_min_position_waits_for_the_projection(service: Asked) -> None:
    await service.tell([received_text("a")])
    head = await EventLog(service.engine).head()
    waiting = asyncio.ensure_future(service.raw("/v1/cases/a/timeline", min_position=head + 1))
    await send(service.engine, [completed_text("a")])
    response = await waiting
    assert response.json()["state"] == "completed"
    assert int(response.headers["x-tiendo-position"]) > head


async def test_a_position_that_does_not_come_is_504(service: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering_places, "MIN_POSITION_WAIT_SECONDS", 0.1)
    for path in ("/v1/cases", "/v1/officers", "/v1/cases/a/timeline", "/v1/units"):
        response = await service.raw(path, min_position=10**9)
        assert (response.status_code, response.json()["field"]) == (504, "min_position")


async def test_every_answer_from_read_models_says_its_position(service: Asked) -> None:
    await service.tell(many_cases(5))
    head = await EventLog(service.engine).head()
    period = {"from_": "2022-01-01", "to": "2022-12-31"}
    for path, asked in [
        ("/v1/cases", {}),
        ("/v1/cases/HS-00000", {}),
        ("/v1/cases/HS-00000/timeline", {}),
        ("/v1/officers", period),
        ("/v1/officers/CB-1/timeline", period),
        ("/v1/units", {}),
        ("/v1/units/H34", period),
        ("/v1/indicators", period),
        ("/v1/report", period),
        ("/v1/delays", period),
        ("/v1/delays", {"format": "csv"}),
    ]:
        response = await service.raw(path, **asked)
        assert response.status_code == 200, (path, response.text)
        assert int(response.headers["x-tiendo-position"]) == head
        assert response.headers["x-tiendo-simulated"] == "false"


async def test_a_case_answers_every_combination(service: Asked) -> None:
    await service.tell([received_text("a"), completed_text("a")])
    before_anything = (STARTED_AT - timedelta(days=1)).isoformat()
    answers = {}
    for basis in ("occurred", "recorded"):
        for policy in (None, "step-norm/1", "after-due/1"):
            for as_of in (None, before_anything, LATE.isoformat()):
                asked = {"basis": basis, "policy": policy, "as_of": as_of}
                answer = await service.get(
                    "/v1/cases/a/timeline", **{name: value for name, value in asked.items() if value}
                )
                assert answer["basis"] == basis
                assert sum(share["minutes"] for share in answer["attributions"]) == (answer["lateness_minutes"] or 0)
                answers[basis, policy, as_of] = answer
    assert answers["occurred", None, LATE.isoformat()]["state"] == "completed"
    assert answers["recorded", None, LATE.isoformat()]["state"] == "in-process"
    assert answers["occurred", None, before_anything]["holds"] == []


async def test_what_was_not_yet_known_is_left_out(service: Asked) -> None:
    await service.tell([received_text("a")])
    first = (await EventLog(service.engine).read_case("a"))[0].ingested_at
    await service.tell([completed_text("a")])
    known = await service.get("/v1/cases/a/timeline", known_at=first.isoformat())
    assert (known["state"], known["event_count"], known["known_at"]) == ("in-process", 1, first.isoformat())
    assert (await service.get("/v1/cases/a/timeline"))["state"] == "completed"
    earlier = (first - timedelta(days=1)).isoformat()
    assert (await service.get("/v1/cases/a/timeline", 404, known_at=earlier))["type"] == "/problems/case-not-known-then"


async def test_simulated_data_is_marked_wherever_it_shows(service: Asked) -> None:
    real = [received_text("real"), completed_text("real")]
    simulated = [text.replace(SOURCE, "/simulation/test") for text in (received_text("sim"), completed_text("sim"))]
    await service.tell(real + simulated)

    assert (await service.get("/v1/cases/real"))["notice"] is None
    for path in ("/v1/cases/sim", "/v1/cases/sim/timeline", "/v1/cases", "/v1/officers", "/v1/units", "/v1/delays"):
        response = await service.raw(path)
        assert response.headers["x-tiendo-simulated"] == "true"
        assert response.json()["notice"] == "Dữ liệu mô phỏng"
    table = (await service.raw("/v1/delays", format="csv")).text.removeprefix("\ufeff")
    notices = {row["case"]: row["notice"] for row in csv.DictReader(io.StringIO(table))}
    assert notices == {"real": "", "sim": "Dữ liệu mô phỏng"}


async def test_the_extraction_is_safe_to_open_in_a_spreadsheet(service: Asked) -> None:
    texts = [received_text("=1+1", officer=("CB-9", "@SUM(A1)")), completed_text("=1+1")]
    await service.tell(texts)

    response = await service.raw("/v1/delays", headers={"Accept": "text/csv"})

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert (rows[0]["case"], rows[0]["full_name"]) == ("'=1+1", "'@SUM(A1)")
    timeline = await service.get(f"/v1/cases/{quote('=1+1', safe='')}/timeline")
    assert sum(int(row["minutes"]) for row in rows) == timeline["lateness_minutes"] > 0
    vietnamese = await service.raw("/v1/delays", headers={"Accept": "text/csv", "Accept-Language": "vi"})
    assert vietnamese.text.removeprefix("\ufeff").startswith("Mã hồ sơ;")
    assert "\r\n'=1+1;" in vietnamese.text


async def test_the_extraction_is_to_be_had_as_a_workbook(service: Asked) -> None:
    await service.tell([received_text("0012"), completed_text("0012")])
    for asked in ({"headers": {"Accept": XLSX}}, {"format": "xlsx"}):
        response = await service.raw("/v1/delays", **asked)
        assert response.headers["content-type"] == XLSX
        assert response.headers["content-disposition"] == 'attachment; filename="delays.xlsx"'
        assert int(response.headers["x-tiendo-position"]) > 0
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            assert "<t>0012</t>" in book.read("xl/worksheets/sheet1.xml").decode()
    assert (await service.raw("/v1/delays", headers={"Accept": XLSX}, limit=5)).status_code == 422


async def test_a_format_that_is_not_to_be_had_is_406(service: Asked) -> None:
    response = await service.raw("/v1/delays", headers={"Accept": "application/pdf"})
    assert (response.status_code, response.json()["type"]) == (406, "/problems/not-acceptable")
    for accept in ("*/*", "text/csv;q=0.5, application/json", "application/*"):
        assert (await service.raw("/v1/delays", headers={"Accept": accept})).headers["content-type"] == (
            "application/json"
        )


async def test_a_period_of_dates_is_inclusive_and_one_of_instants_half_open(service: Asked) -> None:
    await service.tell([received_text("a"), completed_text("a")])
    # Recorded two minutes after it happened: a case belongs to the period of the record.
    recorded = LATE + timedelta(minutes=2)
    day = recorded.astimezone().date()

    async def count(first: str, last: str) -> int:
        answer = await service.get("/v1/officers/CB-1/timeline", from_=first, to=last)
        return int(answer["totals"]["cases"])

    assert await count(day.isoformat(), day.isoformat()) == 1
    assert await count(recorded.isoformat(), (recorded + timedelta(seconds=1)).isoformat()) == 1
    assert await count(LATE.isoformat(), recorded.isoformat()) == 0
    open_before = await service.get(
        "/v1/officers/CB-1/timeline", from_=STARTED_AT.isoformat(), to=(LATE - timedelta(minutes=1)).isoformat()
    )
    assert (open_before["totals"]["cases"], open_before["cases"][0]["state"]) == (1, "in-process")
