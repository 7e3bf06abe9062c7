"""Why cases waited, over HTTP and on the command line: beside the shares, and of other cases nothing but counts and minutes."""

import json
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from tests.conftest import migrated_database
from tests.keys import new_key
from tests.projector.logs import define, event_text
from tests.query.commands import run
from tests.query.serving import Asked, asked_service, client_of

from tiendo_domain.rules import AbsenceRule
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster

OF_A, OF_B, OF_C = ({"id": f"H34.{name}", "name": f"Đơn vị {name}"} for name in "ABC")
NOTHING: Final = {"minutes": 0, "holds": 0}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}+07:00")


def officer(identity: str, unit: dict[str, str]) -> dict[str, Any]:
    return {"id": identity, "name": f"Họ Tên {identity}", "unit": unit}


def told(
    case_id: str, unit: dict[str, str], *events: tuple[str, str, dict[str, Any]], days: str = "working"
) -> list[str]:
    """The events of a case: kind, instant, holder or nobody."""
    texts = []
    for number, (kind, when, holder) in enumerate(events):
        data: dict[str, Any] = {"holder": holder} if holder else {}
        if kind == "received":
            data |= {"unit": unit, "due_at": at("08-15 10:00").isoformat(), "procedure": {"id": "1.1", "days": days}}
        texts.append(event_text(case_id, f"{case_id}-{number}", kind, at(when), **data))
    return texts


CASES: Final = [
    *told(
        "HS-MINE",
        OF_A,
        ("received", "08-15 08:00", officer("CC-1", OF_A)),
        ("forwarded", "08-15 16:00", officer("CC-9", OF_C)),
        ("completed", "08-15 17:00", {}),
    ),
    *told("HS-FIRST", OF_B, ("received", "08-15 07:30", officer("CC-1", OF_B)), ("completed", "08-15 09:00", {})),
    *told("HS-LATER", OF_B, ("received", "08-15 09:30", officer("CC-1", OF_B)), ("completed", "08-15 10:30", {})),
    *told("HS-AWAY", OF_B, ("received", "08-15 08:00", officer("CC-2", OF_B)), ("completed", "08-17 10:00", {})),
    *told(
        "HS-DAYS",
        OF_B,
        ("received", "08-15 20:00", officer("CC-3", OF_B)),
        ("completed", "08-16 06:00", {}),
        days="calendar",
    ),
]


@pytest.fixture(scope="module")
async def service(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url, pool_size=20)
        async with asked_service(url, engine, tmp_path_factory.mktemp("waiting")) as running:
            await define(engine, AbsenceRule(officer="CC-2", from_=date(2022, 8, 16), to=date(2022, 8, 16)))
            await running.tell(CASES)
            yield running
        await engine.dispose()


async def _as_reader_of(service: Asked, unit_id: str, path: str) -> Any:
    _, secret = await new_key(service.app.state.running, Scope.READ, bounds=Bounds(units=[unit_id]))
    async with client_of(service.port, secret) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


MINE: Final = {
    "handling_minutes": 210,
    "waiting_minutes": 150,
    "contention": {"minutes": 60, "holds": 1},
    "prioritisation": {"minutes": 60, "holds": 1},
    "batching": NOTHING,
    "absence_minutes": 0,
    "unknown_minutes": 30,
}


async def test_a_case_is_answered_with_why_it_waited_beside_each_share(service: Asked) -> None:
    answer = await service.get("/v1/cases/HS-MINE/waiting")
    timeline = await service.get("/v1/cases/HS-MINE/timeline")

    assert [hold["causes"] for hold in answer["holds"]] == [
        MINE,
        MINE
        | dict.fromkeys(MINE, 0)
        | {"handling_minutes": 60, "contention": NOTHING, "prioritisation": NOTHING, "batching": NOTHING},
    ]
    assert [hold["working_minutes"] for hold in answer["holds"]] == [360, 60]
    shares = {share["party"]["id"]: share["minutes"] for share in timeline["attributions"]}
    assert {one["party"]["id"]: one["attributed_minutes"] for one in answer["officers"]} == shares
    assert "while 1 case that had come before" in answer["officers"][0]["sentence"]


async def test_a_case_waits_as_at_the_instant_that_is_stated(service: Asked) -> None:
    then = {"as_of": at("08-15 11:00").isoformat()}
    answer = await service.get("/v1/cases/HS-MINE/waiting", **then)
    timeline = await service.get("/v1/cases/HS-MINE/timeline", **then)
    [hold], [mine] = answer["holds"], answer["officers"]
    assert (answer["as_of"], hold["ended_at"], hold["working_minutes"]) == (then["as_of"], None, 180)
    assert mine["attributed_minutes"] == timeline["lateness_minutes"] == 60
    assert hold["causes"]["handling_minutes"] + hold["causes"]["waiting_minutes"] == 180
    await service.get("/v1/cases/HS-MINE/waiting", status=422, basis="recorded")


async def test_a_reader_is_told_counts_of_cases_that_they_do_not_see_and_no_more(service: Asked) -> None:
    answer = await _as_reader_of(service, "H34.A", "/v1/cases/HS-MINE/waiting")
    of_officer = await _as_reader_of(service, "H34.A", "/v1/officers/CC-1/waiting")

    assert answer["holds"][0]["causes"] == MINE
    assert [hold["case_id"] for hold in of_officer["holds"]] == ["HS-MINE"]
    assert of_officer["totals"] == of_officer["holds"][0]["causes"] == MINE
    assert not any(case_id in json.dumps([answer, of_officer]) for case_id in ("HS-FIRST", "HS-LATER"))


async def test_of_a_case_seen_in_part_it_is_told_why_it_waited_with_ones_own_people_alone(service: Asked) -> None:
    answer = await _as_reader_of(service, "H34.C", "/v1/cases/HS-MINE/waiting")

    assert [hold["causes"] is None for hold in answer["holds"]] == [True, False]
    assert [one["party"]["id"] for one in answer["officers"]] == ["CC-9"]


async def test_while_an_officer_is_away_the_case_waits_for_that_and_their_hold_excuses_no_other(service: Asked) -> None:
    first, away, last = [hold["causes"] for hold in (await service.get("/v1/cases/HS-AWAY/waiting"))["holds"]]

    assert (first["handling_minutes"], first["unknown_minutes"]) == (0, 420)
    assert (away["absence_minutes"], away["waiting_minutes"]) == (480, 480)
    assert (last["handling_minutes"], last["waiting_minutes"]) == (180, 0)


async def test_an_officers_holds_come_in_pages_and_their_minutes_are_those_of_the_holds(service: Asked) -> None:
    whole = await service.get("/v1/officers/CC-1/waiting", from_="2022-08-01", to="2022-08-31")
    holds, cursor = list[Any](), dict[str, str]()
    while True:
        page = await service.get("/v1/officers/CC-1/waiting", limit=1, from_="2022-08-01", to="2022-08-31", **cursor)
        assert page["totals"] == whole["totals"]
        holds += page["holds"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert holds == whole["holds"]
    assert len(holds) == 3
    for hold in holds:
        causes = hold["causes"]
        assert causes["handling_minutes"] + causes["waiting_minutes"] == hold["working_minutes"]
    assert whole["totals"]["waiting_minutes"] == sum(hold["causes"]["waiting_minutes"] for hold in holds)
    by_key = await service.get("/v1/officers/waiting", key='["officer", "CC-1"]', from_="2022-08-01", to="2022-08-31")
    assert by_key == whole | {"as_of": by_key["as_of"]}


async def test_a_case_in_calendar_days_waits_in_minutes_of_the_day(service: Asked) -> None:
    (hold,) = (await service.get("/v1/officers/CC-3/waiting"))["holds"]

    assert (hold["working_minutes"], hold["causes"]["handling_minutes"]) == (600, 600)


async def test_the_command_says_the_same(service: Asked, tmp_path: Path) -> None:
    printed = json.loads(await run(service, tmp_path, "waiting", "HS-MINE", "--format", "json", "--language", "en"))
    shown = " ".join((await run(service, tmp_path, "waiting", "HS-MINE")).split())

    answer = await service.get("/v1/cases/HS-MINE/waiting")
    assert printed == answer | {"as_of": printed["as_of"]}
    assert "không trừ vào phần đó" in shown
    assert "1 lượt hồ sơ đến trước" in shown
