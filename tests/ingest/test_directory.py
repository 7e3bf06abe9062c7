"""The directory over HTTP: the tables of the rules file as JSON, as a whole or not at all."""

import json
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.ingest.conftest import Served

from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_runtime.authentication import Scope

TABLES: dict[str, Any] = {
    "unit": [
        {"id": "H34.20", "name": "Chi nhánh", "parent": "H34.STNMT", "level": "province"},
        {"id": "H34.OLD", "valid_to": "2025-07-01", "merged_into": "H34.20"},
    ],
    "officer": [{"id": "CC-1", "name": "Nguyễn Thị Ánh", "unit": "H34.20", "accounts": ["anh.nt"]}],
    "absence": [{"officer": "CC-1", "from": "2022-08-01", "to": "2022-08-05", "kind": "leave"}],
    "step": [{"procedure": "1.004227", "id": "tham-dinh", "allotted_minutes": 960}],
}


async def sent(ingest: Served, tables: Any, *, scope: Scope = Scope.ADMIN, **headers: str) -> tuple[int, Any]:
    """The status and the JSON of the answer to the tables."""
    said = {"Content-Type": "application/json", **await ingest.key(scope), **headers}
    answer = await ingest.client.post("/v1/directory", content=json.dumps(tables), headers=said)
    return answer.status_code, answer.json()


async def known(engine: AsyncEngine) -> RuleBook:
    return RuleBook.fold(await EventLog(engine).directory_facts())


async def test_tables_become_facts_once(ingest: Served, engine: AsyncEngine) -> None:
    assert await sent(ingest, TABLES) == (200, {"facts": 5, "unchanged": 0})
    book = await known(engine)
    assert [rule.name for rule in book.officers["CC-1"]] == ["Nguyễn Thị Ánh"]
    assert book.units["H34.OLD"].merged_into == "H34.20"
    assert await sent(ingest, TABLES) == (200, {"facts": 0, "unchanged": 5})
    more = {**TABLES, "step": [{"procedure": "1.004227", "id": "tham-dinh", "allotted_minutes": 480}]}
    assert await sent(ingest, more) == (200, {"facts": 1, "unchanged": 4})


async def test_a_calendar_counts_once_with_its_sessions_and_overrides(ingest: Served) -> None:
    tables = {
        "calendar": [{"id": "kontum", "units": ["H34"]}],
        "session": [{"calendar": "kontum", "weekdays": [1, 2, 3, 4, 5], "from": "07:30", "to": "11:30"}],
        "override": [{"calendar": "kontum", "date": "2022-08-20", "kind": "working"}],
    }
    assert await sent(ingest, tables) == (200, {"facts": 1, "unchanged": 0})
    assert await sent(ingest, tables) == (200, {"facts": 0, "unchanged": 1})


async def test_what_is_wrong_is_told_all_at_once_and_nothing_is_taken(ingest: Served, engine: AsyncEngine) -> None:
    facts = await EventLog(engine).directory_facts()
    wrong = {**TABLES, "officer": [{"name": "không mã"}, {"id": "CC-2", "birthday": "1990-01-01"}]}
    status, problem = await sent(ingest, wrong)
    assert (status, problem["type"]) == (422, "/problems/directory-refused")
    told = [each["detail"] for each in problem["errors"]]
    assert [detail.split(":")[0] for detail in told] == [
        '[[officer]] number 1, key "id"',
        '[[officer]] number 2, key "birthday"',
    ]
    assert await EventLog(engine).directory_facts() == facts


@pytest.mark.parametrize("tables", [[], "text", None, {"officers": []}])
async def test_what_is_no_directory_is_refused(ingest: Served, tables: Any) -> None:
    status, problem = await sent(ingest, tables)
    assert (status, problem["type"]) == (422, "/problems/directory-refused")


async def test_only_who_may_administer_sends_it_and_as_json(ingest: Served) -> None:
    assert (await sent(ingest, TABLES, scope=Scope.INGEST))[0] == 403
    status, problem = await sent(ingest, TABLES, **{"Content-Type": "text/plain"})
    assert (status, problem["remedy"].count("ce-")) == (415, 0)
