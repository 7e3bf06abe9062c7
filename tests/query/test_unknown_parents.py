"""Lists narrowed by an officer or a parent unit whom nothing names are refused, never answered with nothing."""

from tests.projector.logs import received_text
from tests.query.serving import Asked


async def test_cases_of_an_officer_whom_nothing_names_are_refused(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    assert len((await service.get("/v1/cases", officer="CB-1"))["items"]) == 1
    for officer in ("CB-9", "cb-1", "CB-1 ", "Nguyễn Thị Ánh"):
        problem = await service.get("/v1/cases", 404, officer=officer)
        assert (problem["type"], problem["field"]) == ("/problems/officer-unknown", "officer")


async def test_units_below_a_unit_that_nothing_names_are_refused(service: Asked) -> None:
    await service.tell([received_text("HS-1", unit={"id": "H34.1", "name": "Sở", "parent": "H34"})])
    assert [unit["id"] for unit in (await service.get("/v1/units", parent="H34"))["items"]] == ["H34.1"]
    assert (await service.get("/v1/units", parent="H34.1"))["items"] == []
    problem = await service.get("/v1/units", 404, parent="H35")
    assert (problem["type"], problem["field"]) == ("/problems/unit-unknown", "parent")
