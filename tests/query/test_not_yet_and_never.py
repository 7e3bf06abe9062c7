"""Cases that are not computed yet or cannot be, and what was known of the rules."""

from datetime import date, timedelta
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import STARTED_AT, define, event_text, received_text, send
from tests.projector.test_faults import POISON, put_raw
from tests.query.serving import Asked

from tiendo_domain.calendar import OverrideKind
from tiendo_domain.rules import CalendarDefinition, Override
from tiendo_event_store import EventLog


async def test_a_case_in_the_log_that_is_not_projected_yet_is_404_with_retry_after(
    service: Asked, owner_engine: AsyncEngine
) -> None:
    await service.tell([received_text("first")])
    async with owner_engine.begin() as held:
        # Nothing is projected while the checkpoints are held.
        await held.execute(text("SELECT * FROM tiendo.projection_checkpoints FOR UPDATE"))
        await send(service.engine, [received_text("second")])
        for path in ("/v1/cases/second", "/v1/cases/second/timeline"):
            response = await service.raw(path)
            assert (response.status_code, response.json()["type"]) == (404, "/problems/case-not-projected")
            assert int(response.headers["retry-after"]) >= 1
        assert (await service.raw("/v1/cases/third/timeline")).json()["type"] == "/problems/case-unknown"
        assert len((await service.get("/v1/cases/second/events"))["events"]) == 1
    await service.caught_up()
    assert (await service.get("/v1/cases/second/timeline"))["state"] == "in-process"


async def test_a_case_that_cannot_be_computed_says_so_and_the_others_are_shown(
    service: Asked, owner_engine: AsyncEngine
) -> None:
    await service.tell([received_text("good"), received_text("bad")])
    await put_raw(owner_engine, "bad", POISON)
    await service.caught_up()
    for path in ("/v1/cases/bad", "/v1/cases/bad/timeline"):
        response = await service.raw(path)
        assert (response.status_code, response.json()["type"]) == (500, "/problems/case-faulty")
        assert "poison-bad" in response.json()["detail"]
    assert [case["case_id"] for case in await service.all_items("/v1/cases")] == ["good"]


async def test_a_timeline_counts_with_the_calendar_that_was_known(service: Asked) -> None:
    done_at = STARTED_AT + timedelta(days=8)
    await service.tell([received_text("a"), event_text("a", "a-end", "completed", done_at)])
    known_at = (await EventLog(service.engine).read_case("a"))[-1].ingested_at.isoformat()
    before = await service.get("/v1/cases/a/timeline")
    off = tuple(Override(on=date(2022, 3, day), kind=OverrideKind.OFF, legal_reference="QĐ 1") for day in range(7, 10))
    definition = CalendarDefinition(id="vn", time_zone="Asia/Ho_Chi_Minh", overrides=off)
    await define(service.engine, definition)
    await service.caught_up()

    now = await service.get("/v1/cases/a/timeline")
    then = await service.get("/v1/cases/a/timeline", known_at=known_at)

    assert (before["calendar_version"], now["calendar_version"]) == ("vn/1", "vn/2")
    assert now["lateness_minutes"] < before["lateness_minutes"]
    assert {**then, "as_of": None, "known_at": None} == {**before, "as_of": None}


async def test_a_due_within_working_hours_skips_the_night(service: Asked) -> None:
    # Received at 08:00 in Hà Nội on a Tuesday, due three days later at 08:00: half an hour after 17:00 the day before.
    await service.tell([received_text("a/1")])
    evening = "2022-03-03T16:30:00+07:00"
    for hours, expected in ((1, []), (2, ["a/1"])):
        rows = await service.all_items("/v1/cases", as_of=evening, due_within_hours=hours)
        assert [row["case_id"] for row in rows] == expected
    assert (await service.get(f"/v1/cases/{quote('a/1', safe='')}", as_of=evening))["overdue"] is False


async def test_what_the_read_models_of_another_version_lack_is_503_until_they_are_made_anew(
    service: Asked, owner_engine: AsyncEngine
) -> None:
    await service.tell([received_text("a")])
    async with owner_engine.begin() as connection:
        schema = await connection.scalar(
            text("SELECT schema_name FROM tiendo.projection_builds JOIN tiendo.projection_pointer USING (build_id)")
        )
        await connection.execute(text(f"ALTER TABLE {schema}.cases RENAME COLUMN holder_key TO once_otherwise"))
    ours = await service.raw("/v1/cases")
    assert ours.status_code == 500, "a fault of ours is no matter of waiting"
    async with owner_engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.projection_builds SET definition = 'of another version'"))
    theirs = await service.raw("/v1/cases")
    assert (theirs.status_code, theirs.json()["type"]) == (503, "/problems/not-ready")
    assert int(theirs.headers["retry-after"]) >= 1
    page = await service.client.get("/cases", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["refresh"]) == (503, page.headers["retry-after"])
    assert "tự tải lại" in page.text
