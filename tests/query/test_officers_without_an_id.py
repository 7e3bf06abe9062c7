"""Officers whom cases name without an id are told apart by name and unit, stand in one row, and have an address of their own (rule H3)."""

import unicodedata
from datetime import UTC, datetime
from urllib.parse import quote

from tests.projector.logs import STARTED_AT, event_text
from tests.query.serving import Asked

from tiendo_contracts.answers.officers import OfficerTotals

NAME = "Nguyễn Thị Ánh"
HERE = {"id": "U-1", "name": "Một cửa"}
HERE_BY_ANOTHER_NAME = {"id": "U-1", "name": "Bộ phận tiếp nhận"}
THERE = {"id": "U-2", "name": "Một cửa"}
DUE = STARTED_AT.replace(day=10).isoformat()
LATER = STARTED_AT.replace(day=20)
MINUTES = tuple(OfficerTotals.model_fields)


def late_case(case_id: str, holder: dict[str, object]) -> list[str]:
    """A case that somebody held until after its due."""
    step = {"id": "s1", "allotted_minutes": 60}
    received = event_text(case_id, f"{case_id}-1", "received", STARTED_AT, holder=holder, step=step, due_at=DUE)
    return [received, event_text(case_id, f"{case_id}-2", "completed", LATER)]


async def test_an_officer_without_an_id_is_one_row_with_an_address_by_key(service: Asked) -> None:
    spelled = unicodedata.normalize("NFD", NAME).replace(" ", "\N{NO-BREAK SPACE} ")
    await service.tell(
        [
            *late_case("a", {"name": NAME, "unit": HERE}),
            *late_case("b", {"name": spelled, "unit": HERE_BY_ANOTHER_NAME}),
            *late_case("c", {"name": NAME, "unit": THERE}),
            *late_case("d", {"id": "CB-1", "name": NAME, "unit": HERE}),
        ]
    )
    as_of = datetime.now(UTC).isoformat()
    rows = (await service.get("/v1/officers", as_of=as_of))["items"]

    assert sorted((row["officer"]["id"], row["cases"]) for row in rows if row["officer"]["id"]) == [("CB-1", 1)]
    assert sorted(row["cases"] for row in rows if row["officer"]["id"] is None) == [1, 2]
    assert len({row["officer"]["key"] for row in rows}) == len(rows) == 3
    for row in rows:
        answer = await service.get("/v1/officers/timeline", key=row["officer"]["key"], as_of=as_of)
        assert answer["officer"] == row["officer"]
        assert answer["totals"] == {name: row[name] for name in MINUTES}
        assert len(answer["cases"]) == len(answer["holds"]) == row["cases"]
        assert row["attributed_minutes"] <= row["overrun_minutes"]
    delays = await service.get("/v1/delays")
    assert {row["party_key"] for row in delays["items"]} >= {row["officer"]["key"] for row in rows}


async def test_an_id_and_its_key_are_addresses_of_one_officer(service: Asked) -> None:
    officer_id = 'CB/"1" \\'
    await service.tell(late_case("a", {"id": officer_id, "name": NAME, "unit": HERE}))
    by_id = await service.get(f"/v1/officers/{quote(officer_id, safe='')}/timeline", to="2022-04-01")
    by_key = await service.get("/v1/officers/timeline", key=by_id["officer"]["key"], to="2022-04-01")
    assert by_key == by_id
    assert by_id["totals"]["cases"] == 1
    cases = await service.get("/v1/cases", officer=officer_id)
    assert [case["holder"] for case in cases["items"]] == [None]


async def test_a_key_that_no_case_names_is_unknown(service: Asked) -> None:
    problem = await service.get("/v1/officers/timeline", 404, key='["officer", "nobody"]')
    assert (problem["type"], problem["field"]) == ("/problems/officer-unknown", "key")
    await service.get("/v1/officers/timeline", 400)
