"""Cases of which nothing has begun at the instant asked about."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.projector.logs import event_text, received_text
from tests.query.serving import Asked

BEFORE = "2001-01-01T00:00:00Z"


@pytest.mark.parametrize("path", ["/v1/cases/a", "/v1/cases/a/timeline"])
async def test_before_its_first_event_nothing_of_a_case_has_begun(service: Asked, path: str) -> None:
    await service.tell([received_text("a")])
    then = await service.get(path, as_of=BEFORE)
    assert (then["state"], then["as_of"], then["provisional"]) == ("submitted", BEFORE, True)
    assert {then[name] for name in ("received_at", "due_at", "class", "overdue", "lateness_minutes")} == {None}


@pytest.mark.parametrize("path", ["/v1/cases/a", "/v1/cases/a/timeline"])
async def test_a_case_whose_only_event_lies_in_the_future_is_shown_with_the_anomaly(service: Asked, path: str) -> None:
    await service.tell([event_text("a", "e-1", "received", datetime.now(UTC) + timedelta(days=9))])
    case = await service.get(path)
    assert (case["state"], case["received_at"]) == ("submitted", None)
    assert [one if isinstance(one, str) else one["kind"] for one in case["anomalies"]] == ["future-instant"]
    assert (await service.get("/v1/cases"))["items"] == []
    assert (await service.raw("/cases/a")).status_code == 200
