"""What nobody has named is refused by commands and addresses alike, never answered with nothing."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.projector.logs import STARTED_AT, event_text, many_cases, received_text
from tests.query.commands import run
from tests.query.serving import Asked

LATER = STARTED_AT + timedelta(hours=3)
NO_UNIT = "No event and no rule names a unit of this id."
FIGURES = ("resolved", "resolved_overdue", "actual", "open", "open_overdue", "on_time_ratio")
UNKNOWN = ("H34.2", "Sở")


@pytest.mark.parametrize("command", ["report", "officers", "delays"])
@pytest.mark.parametrize("output", ["table", "json"])
async def test_a_command_asked_about_an_unknown_unit_says_so_and_ends_with_status_1(
    service: Asked, tmp_path: Path, command: str, output: str
) -> None:
    await service.tell([received_text("HS-1")])
    for unit in UNKNOWN:
        arguments = (command, "--unit", unit, "--format", output)
        assert await run(service, tmp_path, *arguments, status=1) == f"tiendo: {NO_UNIT}\n"


async def test_a_command_asked_about_an_unknown_case_says_so_and_ends_with_status_1(
    service: Asked, tmp_path: Path
) -> None:
    await service.tell([received_text("HS-1")])
    for command in ("case", "explain"):
        said = await run(service, tmp_path, command, "HS-2", status=1)
        assert said == "tiendo: No event of this case is stored.\n"


@pytest.mark.parametrize("address", ["/v1/officers", "/v1/delays", "/v1/indicators", "/v1/cases"])
async def test_a_list_of_an_unknown_unit_is_refused(service: Asked, address: str) -> None:
    await service.tell([received_text("HS-1")])
    problem = await service.get(address, 404, unit="H34.2")
    assert (problem["type"], problem["field"]) == ("/problems/unit-unknown", "unit")


async def test_a_unit_that_events_name_by_its_id_alone_is_known(service: Asked, tmp_path: Path) -> None:
    named = {"id": "CC-9", "name": "Y Hà", "unit": {"id": "H34.9"}}
    await service.tell([received_text("HS-1"), event_text("HS-1", "HS-1-1", "forwarded", LATER, holder=named)])
    answer = await service.get("/v1/officers", unit="H34.9")
    assert [one["officer"]["id"] for one in answer["items"]] == ["CC-9"]
    assert json.loads(await run(service, tmp_path, "delays", "--unit", "H34.9", "--format", "json"))["items"] == []


async def test_a_unit_that_has_caused_nothing_is_answered_with_nothing(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    assert (await service.get("/v1/delays", unit="H34.1", to="2022-03-01"))["items"] == []


async def test_the_report_of_a_unit_counts_what_it_and_those_below_it_are_responsible_for(
    service: Asked, tmp_path: Path
) -> None:
    await service.tell(many_cases(25))
    whole = json.loads(await run(service, tmp_path, "report", "--format", "json"))
    assert whole["unit"] is None
    for unit in whole["units"]:
        part = json.loads(
            await run(service, tmp_path, "report", "--unit", unit["id"], "--to", whole["to"], "--format", "json")
        )
        assert part["unit"] == unit["id"]
        assert {name: part[name] for name in FIGURES} == {name: unit[name] for name in FIGURES}
        assert sum(field["resolved"] for field in part["fields"]) == unit["resolved"]
        below = {one["id"] for one in part["units"]}
        assert below == ({one["id"] for one in whole["units"]} if unit["id"] == "H34" else {unit["id"]})
