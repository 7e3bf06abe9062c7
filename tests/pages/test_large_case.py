"""A case of very many events is shown page by page, beside the event loop, and holds up nobody else's answers."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from tests.pages.reading import links_of, page_of
from tests.projector.logs import STARTED_AT, event_text, holder, received_text
from tests.query.serving import Asked

from tiendo_query.cases import single_cases
from tiendo_query.cases.case_folding import LARGE_CASE_EVENTS, SMALL_CASE_EVENTS
from tiendo_query.pages.case import route
from tiendo_query.pages.case.view import HOLDS_ON_A_PAGE
from tiendo_query.resources import timelines

HANDOVERS = LARGE_CASE_EVENTS + 500
PAGE_BYTES_MAX = 1_000_000
AT_ONCE = 12
"""More than there are places for snapshots."""


def case_of_handovers(case_id: str, handovers: int) -> list[str]:
    """A case that goes from one to another of fifty officers every hour and a half."""
    texts = [received_text(case_id, at=STARTED_AT)]
    for number in range(1, handovers + 1):
        at = STARTED_AT + timedelta(minutes=95 * number)
        to = holder((f"B-{number % 50}", f"Nguyễn Văn {number % 50}"), "H34.2")
        step = {"id": f"s-{number % 7}", "allotted_minutes": 10}
        texts.append(event_text(case_id, f"{case_id}-{number}", "forwarded", at, holder=to, step=step))
    end = STARTED_AT + timedelta(minutes=95 * (handovers + 1))
    return [*texts, event_text(case_id, f"{case_id}-end", "completed", end)]


@pytest.fixture
async def asked(service: Asked) -> Asked:
    usual = case_of_handovers("USUAL", SMALL_CASE_EVENTS - 1)
    await service.tell([*case_of_handovers("BIG", HANDOVERS), *usual, received_text("HS-1")])
    await service.client.post("/sign-in", data={"key": service.secret})
    return service


async def test_a_large_case_is_shown_page_by_page(asked: Asked) -> None:
    timeline = await asked.get("/v1/cases/BIG/timeline")
    page_count = -(-len(timeline["holds"]) // HOLDS_ON_A_PAGE)
    first = await page_of(asked, "/cases/BIG")
    assert f"Trang 1 / {page_count}" in first
    assert len(first.encode()) < PAGE_BYTES_MAX
    (following,) = [link.href for link in links_of(first) if link.text.startswith("Trang sau")]
    assert following == "/cases/BIG?page=2"
    last = await page_of(asked, f"/cases/BIG?page={page_count}")
    assert "Trang sau" not in last
    assert 'start="' in last
    for page in (page_count + 1, 0, "x", "-1", "1.0", 10**30):
        await page_of(asked, f"/cases/BIG?page={page}", status=400)


async def test_a_large_case_holds_up_no_other_answer(asked: Asked) -> None:
    # Nothing large can be worked on while the gate is closed; everything else is answered all the same.
    gate = threading.Event()
    closed = asyncio.ensure_future(asked.side.folding.alone(gate.wait))
    paths = ["/cases/BIG", "/v1/cases/BIG/timeline"] * (AT_ONCE // 2)
    large = [asyncio.ensure_future(asked.raw(path)) for path in paths]
    try:
        for path in (
            "/healthz",
            "/cases/HS-1",
            "/v1/cases/HS-1/timeline",
            "/cases",
            "/v1/cases?limit=5",
            "/",
            "/v1/report",
        ):
            assert (await asked.client.get(path)).status_code == 200, path
        assert not any(one.done() for one in large)
    finally:
        gate.set()
    await closed
    assert [(await one).status_code for one in large] == [200] * AT_ONCE


async def test_cases_are_folded_and_shown_beside_the_event_loop_but_for_small_ones(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_loop: dict[str, bool] = {}

    def watched(module: Any, name: str) -> None:
        work = getattr(module, name)

        def watching(*arguments: Any, **named: Any) -> Any:
            on_the_loop[name] = threading.current_thread() is threading.main_thread()
            return work(*arguments, **named)

        monkeypatch.setattr(module, name, watching)

    watched(single_cases, "decoded")
    watched(single_cases, "timeline_of")
    watched(route, "case_values")
    watched(route, "rendered")
    watched(timelines, "timeline_answer")
    watched(timelines, "json_answer")
    for case_id, is_small in (("BIG", False), ("USUAL", False), ("HS-1", True)):
        on_the_loop.clear()
        await asked.get(f"/v1/cases/{case_id}/timeline")
        await page_of(asked, f"/cases/{case_id}")
        assert on_the_loop == dict.fromkeys(
            ("decoded", "timeline_of", "timeline_answer", "json_answer", "case_values", "rendered"), is_small
        )


async def test_a_long_timeline_says_what_a_short_one_would(asked: Asked) -> None:
    timeline = await asked.get("/v1/cases/BIG/timeline")
    assert len(timeline["holds"]) == HANDOVERS + 1
    assert (
        sum(hold["working_minutes"] for hold in timeline["holds"])
        == timeline["clocks"]["resolution"]["working_minutes"]
    )
    assert set(timeline) == set(await asked.get("/v1/cases/HS-1/timeline"))
    answer = await asked.raw("/v1/cases/BIG/timeline")
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["x-tiendo-position"]) > HANDOVERS
