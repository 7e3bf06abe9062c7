"""Warnings of open cases, over HTTP and on the command line: by due, plan and pace, as whoever asks sees them."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from tests.conftest import migrated_database
from tests.keys import new_key
from tests.projector.logs import event_text
from tests.query.commands import run
from tests.query.serving import Asked, asked_service, client_of

from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster

NOW: Final = "2022-08-15T08:00:00+07:00"
A, B, C = ({"id": f"H34.{name}", "name": f"Đơn vị {name}"} for name in "ABC")
STEP: Final = {"id": "tham-dinh", "name": "Thẩm định", "allotted_minutes": 960}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}:00+07:00")


def officer(identity: str, unit: dict[str, str]) -> dict[str, Any]:
    return {"id": identity, "name": f"Họ Tên {identity}", "unit": unit}


def told(
    case_id: str,
    received: str,
    due: str,
    *,
    completed: str | None = None,
    unit: dict[str, str] = A,
    by: dict[str, Any] | None = None,
    step: dict[str, Any] | None = STEP,
    procedure: str = "1.1",
    days: str = "working",
    then: tuple[str, str] | None = None,
) -> list[str]:
    """A case that one officer holds; `then` is a further event."""
    data: dict[str, Any] = {
        "unit": unit,
        "due_at": at(due).isoformat(),
        "procedure": {"id": procedure, "name": f"Thủ tục {procedure}", "days": days},
        "holder": by or officer("CC-1", unit),
    }
    if step:
        data["step"] = step
    texts = [event_text(case_id, f"{case_id}-0", "received", at(received), **data)]
    if then:
        texts.append(event_text(case_id, f"{case_id}-1", then[0], at(then[1])))
    if completed:
        texts.append(event_text(case_id, f"{case_id}-2", "completed", at(completed)))
    return texts


PLAIN: Final = {"id": "so-vao", "name": "Vào sổ"}
"""A step without allotment."""
BEFORE: Final = [
    text
    for number in range(12)
    for text in told(
        f"HS-BEFORE-{number:02}",
        "07-04 08:00",
        "07-08 17:00",
        completed="07-11 10:00" if number < 8 else "07-08 10:00",
        step=PLAIN,
        procedure="2.2",
    )
]
CASES: Final = [
    *BEFORE,
    *told("HS-PLAN", "08-15 07:00", "08-16 08:00"),
    *told("HS-SOON", "08-11 08:00", "08-16 17:00", step=None, unit=B, by=officer("CC-2", B)),
    *told("HS-LENT", "08-11 08:00", "08-17 17:00", step=None, unit=B, by=officer("CC-3", C)),
    *told("HS-PACE", "08-11 08:00", "08-19 10:00", step=PLAIN, procedure="2.2"),
    *told("HS-FAR", "08-11 08:00", "08-26 10:00", step=PLAIN, procedure="3.3"),
    *told("HS-LATE", "08-01 08:00", "08-12 17:00"),
    *told("HS-PAUSED", "08-11 08:00", "08-16 08:00", then=("supplement-requested", "08-12 08:00")),
    *told("HS-DONE", "08-11 08:00", "08-16 08:00", completed="08-12 08:00"),
    *told("HS-LATER", "08-15 09:00", "08-16 08:00"),
    *told("HS-DAYS", "08-15 07:30", "08-16 09:30", days="calendar", procedure="4.4"),
]


@pytest.fixture(scope="module")
async def service(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        async with asked_service(url, engine, tmp_path_factory.mktemp("warnings")) as running:
            await running.tell(CASES)
            yield running
        await engine.dispose()


async def _by_case(service: Asked, **asked: Any) -> dict[str, Any]:
    page = await service.get("/v1/warnings", as_of=NOW, **asked)
    assert page["total"] == len(page["items"])
    return {one["case_id"]: one for one in page["items"]}


def _kinds(one: dict[str, Any]) -> list[str]:
    return [reason["kind"] for reason in one["reasons"]]


async def test_open_cases_in_time_that_are_due_soon_or_expected_to_be_late_are_listed_soonest_first(
    service: Asked,
) -> None:
    found = await _by_case(service)

    assert {case_id: _kinds(one) for case_id, one in found.items()} == {
        "HS-PLAN": ["apology-today", "late-by-plan", "due-within-24-hours"],
        "HS-DAYS": ["due-within-3-days"],
        "HS-SOON": ["due-within-3-days"],
        "HS-LENT": ["due-within-3-days"],
        "HS-PACE": ["late-by-pace"],
    }
    assert list(found) == ["HS-PLAN", "HS-DAYS", "HS-SOON", "HS-LENT", "HS-PACE"]


async def test_a_warning_says_in_plain_words_what_it_rests_on(service: Asked) -> None:
    answer = await service.raw("/v1/warnings", headers={"Accept-Language": "vi"}, as_of=NOW)
    found = {one["case_id"]: one for one in answer.json()["items"]}

    plan, pace = found["HS-PLAN"], found["HS-PACE"]
    assert plan["plan"] == {"left_in_step_minutes": 900, "later_steps_minutes": 0}
    assert plan["left_minutes"] == 480
    assert plan["reasons"][1]["message"] == ("bước Thẩm định còn 900 phút (1 ngày 7 giờ); hạn còn 480 phút (1 ngày)")
    assert plan["reasons"][0]["message"].startswith("phải gửi phiếu xin lỗi và hẹn lại (mẫu 04) trước 08:00 15/08/2022")
    assert pace["pace"] == {"cases": 12, "late": 8, "likeness": "procedure-and-step"}
    assert pace["reasons"][0]["message"] == (
        "trong 12 hồ sơ cùng thủ tục đang ở bước này khi còn 2.040 phút (4 ngày 2 giờ), 8 hồ sơ (66,7 %) quá hạn"
    )
    assert (pace["late_expected"], found["HS-SOON"]["late_expected"]) == (True, False)


async def test_a_procedure_in_calendar_days_has_the_minutes_of_its_days_left(service: Asked) -> None:
    one = (await _by_case(service))["HS-DAYS"]
    assert (one["left_minutes"], one["plan"]["left_in_step_minutes"]) == (25 * 60 + 30, 930)


async def test_nothing_that_became_known_later_is_looked_at(service: Asked) -> None:
    page = await service.get("/v1/warnings", as_of="2022-07-08T09:00:00+07:00")
    found = {one["case_id"]: one for one in page["items"]}

    assert set(found) == {f"HS-BEFORE-{number:02}" for number in range(12)}
    assert all(one["pace"] is None for one in found.values())


async def test_warnings_are_asked_for_by_unit_officer_and_hours(service: Asked) -> None:
    assert set(await _by_case(service, unit="H34.B")) == {"HS-SOON", "HS-LENT"}
    assert set(await _by_case(service, officer="CC-3")) == {"HS-LENT"}
    assert set(await _by_case(service, within=24)) == {"HS-PLAN"}
    await service.get("/v1/warnings", status=404, as_of=NOW, unit="NEVER")
    await service.get("/v1/warnings", status=404, as_of=NOW, officer="NEVER")


async def test_warnings_come_in_pages(service: Asked) -> None:
    whole = await service.get("/v1/warnings", as_of=NOW)
    assert await service.all_items("/v1/warnings", as_of=NOW, limit=2) == whole["items"]


async def test_a_bound_reader_is_warned_of_what_they_see_with_others_by_kind_and_unit(service: Asked) -> None:
    shown: dict[str, dict[str, Any]] = {}
    for unit_id in ("H34.B", "H34.C"):
        _, secret = await new_key(service.app.state.running, Scope.READ, bounds=Bounds(units=[unit_id]))
        async with client_of(service.port, secret) as client:
            answer = await client.get("/v1/warnings", params={"as_of": NOW})
        shown[unit_id] = {one["case_id"]: one for one in answer.json()["items"]}

    assert set(shown["H34.B"]) == {"HS-SOON", "HS-LENT"}
    assert shown["H34.B"]["HS-LENT"]["holder"]["name"] == "Họ Tên CC-3"
    assert set(shown["H34.C"]) == {"HS-LENT"}
    assert shown["H34.C"]["HS-LENT"]["holder"]["name"] == "Họ Tên CC-3"


async def test_the_command_lists_the_same(service: Asked, tmp_path: Path) -> None:
    printed = json.loads(
        await run(service, tmp_path, "warnings", "--as-of", NOW, "--format", "json", "--language", "en")
    )
    assert printed == await service.get("/v1/warnings", as_of=NOW)
    shown = " ".join((await run(service, tmp_path, "warnings", "--as-of", NOW)).split())
    assert "HS-PLAN" in shown
    assert "hạn còn 480 phút" in shown


async def test_now_the_rows_say_what_folding_says(service: Asked) -> None:
    soon = datetime.now(at("01-01 00:00").tzinfo) + timedelta(hours=30)
    await service.tell(
        [
            event_text(
                "HS-NOW",
                "HS-NOW-0",
                "received",
                datetime.now(soon.tzinfo) - timedelta(minutes=5),
                due_at=soon.isoformat(),
                holder=officer("CC-1", A),
                unit=A,
            )
        ]
    )
    (one,) = (await service.get("/v1/warnings"))["items"]
    assert one["case_id"] == "HS-NOW"
    assert "due-within-3-days" in _kinds(one)
