"""Instants at the edge of what an event may bear, and the present one."""

from datetime import UTC, datetime, timedelta, timezone

from tests.projector.logs import event_text, received_text
from tests.query.serving import Asked

from tiendo_contracts.explanation import explain
from tiendo_query.cases.single_cases import CaseView, shown_case


async def test_an_open_case_with_the_widest_offset_stands_in_every_list(service: Asked) -> None:
    widest = timezone(timedelta(hours=23, minutes=59))
    at = datetime(2022, 8, 15, 8, 5, tzinfo=widest)
    await service.tell([event_text("a", "e-1", "received", at, holder={"id": "CC-1"})])
    assert [case["case_id"] for case in (await service.get("/v1/cases"))["items"]] == ["a"]
    assert [officer["cases"] for officer in (await service.get("/v1/officers"))["items"]] == [1]


async def test_the_present_instant_is_told_by_the_calendars_clock(service: Asked) -> None:
    await service.tell([received_text("a")])
    view = CaseView(as_of=datetime(2022, 3, 2, 2, 0, tzinfo=UTC))
    seen = await shown_case(service.side, "a", view, lambda seen: seen)
    assert seen.as_of_text == "2022-03-02T09:00:00+07:00"
    assert any("as of 09:00 02/03/2022" in sentence.words.en for sentence in explain(seen.timeline))
