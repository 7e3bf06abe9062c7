"""A case of several codes is one case under each of them, on every route (rule N4)."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from tests.projector.logs import SOURCE, STARTED_AT, event_text, received_text
from tests.query.serving import Asked

from tiendo_domain.instants import Instant
from tiendo_query.figures.reporting import AskedReport, report


def joined_text(code: str, alias: str) -> str:
    return event_text(code, f"{code}={alias}", "joined", STARTED_AT, alias=alias)


async def ids(service: Asked, **asked: Any) -> list[str]:
    return [case["case_id"] for case in await service.all_items("/v1/cases", **asked)]


async def test_every_route_answers_to_each_code_of_a_case(service: Asked) -> None:
    await service.tell([received_text("b"), joined_text("b", "a"), joined_text("c", "b"), received_text("other")])
    ended = event_text("c", "end", "completed", STARTED_AT + timedelta(days=30))
    await service.tell([ended])

    timelines = [await service.get(f"/v1/cases/{code}/timeline") for code in "abc"]
    assert {(answer["case_id"], *answer["aliases"]) for answer in timelines} == {("b", "a", "c")}
    assert {answer["completed_at"] is None for answer in timelines} == {False}
    rows = [await service.get(f"/v1/cases/{code}") for code in "abc"]
    assert [(row["case_id"], row["aliases"]) for row in rows] == [("b", ["a", "c"])] * 3
    entries = [await service.get(f"/v1/cases/{code}/events") for code in "abc"]
    assert [[entry["event"]["id"] for entry in page["events"]] for page in entries] == [
        ["b-0", "b=a", "c=b", "end"],
    ] * 3
    page = await service.raw("/cases/a")
    assert page.status_code == 200
    assert "Mã khác của hồ sơ" in page.text


async def test_lists_totals_and_search_have_a_case_once(service: Asked) -> None:
    await service.tell([received_text("b"), received_text("hs-2"), joined_text("hs-2", "b"), received_text("other")])
    assert await ids(service) == ["b", "other"]
    assert await ids(service, text="hs-") == ["b"]
    report = await service.get("/v1/units/H34.1", from_="2022-02-01", to="2022-04-01")
    assert report["open"] == 2


async def test_before_a_joined_was_known_its_codes_are_cases_of_their_own(service: Asked) -> None:
    await service.tell([received_text("b"), received_text("a")])
    stored = (await service.get("/v1/events", after=0, limit=1000))["events"]
    known_at = stored[-1]["ingested_at"]
    await service.tell([joined_text("b", "a")])
    assert (await service.get("/v1/cases/b/timeline"))["case_id"] == "a"
    then = await service.get("/v1/cases/b/timeline", known_at=known_at)
    assert (then["case_id"], then["aliases"], then["event_count"]) == ("b", [], 1)


async def test_a_joined_that_is_annulled_joins_nothing(service: Asked) -> None:
    await service.tell([received_text("b"), received_text("a"), joined_text("b", "a"), joined_text("b", "nothing")])
    annuls = [{"source": SOURCE, "id": event_id} for event_id in ("b=a", "b=nothing")]
    await service.tell(
        event_text("b", f"not-{number}", "corrected", STARTED_AT, annuls=annulled, reason="nhầm")
        for number, annulled in enumerate(annuls)
    )
    assert await ids(service) == ["a", "b"]
    timeline = await service.get("/v1/cases/a/timeline", as_of="2022-03-01T10:00:00+07:00")
    assert (timeline["case_id"], timeline["aliases"], timeline["anomalies"]) == ("a", [], [])
    assert [entry["event"]["id"] for entry in (await service.get("/v1/cases/a/events"))["events"]] == ["a-0"]
    for path in ("", "/timeline", "/events"):
        answer = await service.raw(f"/v1/cases/nothing{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/case-unknown")
        assert "retry-after" not in answer.headers


async def test_a_case_counts_as_it_was_known_though_the_code_that_named_it_names_none_any_more(service: Asked) -> None:
    assigned = event_text("b", "b-1", "assigned", STARTED_AT, holder={"id": "CB-1"})
    await service.tell([assigned, joined_text("b", "a")])
    text = (await service.get("/v1/events", after=0, limit=1000))["events"][-1]["ingested_at"]
    annuls = {"source": SOURCE, "id": "b=a"}
    await service.tell([event_text("b", "not", "corrected", STARTED_AT, annuls=annuls, reason="nhầm")])
    for known_at in (None, Instant(at=datetime.fromisoformat(text), text=text)):
        async with service.side.snapshot() as snapshot:
            found = await report(service.side, snapshot, AskedReport(known_at=known_at))
        assert [of_field.open for of_field in found.fields] == [1]


async def test_rows_of_delays_have_the_other_codes(service: Asked) -> None:
    await service.tell([received_text("b"), joined_text("b", "a"), received_text("c")])
    rows = await service.all_items("/v1/delays")
    assert [(row["case_id"], row["aliases"]) for row in rows] == [("b", ["a"]), ("c", [])]
    table = (await service.raw("/v1/delays", headers={"Accept": "text/csv"})).text
    lines = list(csv.DictReader(StringIO(table.removeprefix("\ufeff"))))
    assert [(line["case"], line["aliases"]) for line in lines] == [("b", "a"), ("c", "")]
