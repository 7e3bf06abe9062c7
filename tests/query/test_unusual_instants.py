"""Instants at the edge of what an event may bear."""

from datetime import datetime, timedelta, timezone

from tests.projector.logs import event_text
from tests.query.serving import Asked


async def test_an_open_case_with_the_widest_offset_stands_in_every_list(service: Asked) -> None:
    widest = timezone(timedelta(hours=23, minutes=59))
    at = datetime(2022, 8, 15, 8, 5, tzinfo=widest)
    await service.tell([event_text("a", "e-1", "received", at, holder={"id": "CC-1"})])
    assert [case["case_id"] for case in (await service.get("/v1/cases"))["items"]] == ["a"]
    assert [officer["cases"] for officer in (await service.get("/v1/officers"))["items"]] == [1]
