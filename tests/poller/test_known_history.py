"""Polls of a gateway whose history is known: the timelines that come of them are that history, whatever happens to pages, tokens and answers."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import SECRET
from tests.poller.fake_igate import FakeGateway, Json
from tests.poller.known_history import changes_of, history, play
from tests.poller.polls import Polls, logged, true_holds

from tiendo_event_store import Rejections
from tiendo_ingest.replaying import ReplayOutcome, opened_replaying
from tiendo_poller.errors import GatewayFault
from tiendo_sources.igate.configuration import GatewayConfiguration, load_configuration

MARK = "dấu-người-nộp"


@pytest.fixture
def configuration(configuration_file: Path) -> GatewayConfiguration:
    return load_configuration(configuration_file)


@pytest.mark.parametrize(("sort", "bounded"), [("updatedDate,asc", True), ("updatedDate,desc", False)])
async def test_polls_of_every_change_give_the_true_timelines(
    engine: AsyncEngine,
    gateway: FakeGateway,
    configuration: GatewayConfiguration,
    sort: str,
    bounded: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """While answers fail now and then, tokens run out, and another dossier changes between two pages."""
    courses = history(4)
    changes = changes_of(courses)
    more = {} if bounded else {"updated_from": None}
    async with Polls(engine, configuration.model_copy(update={"sort": sort, **more})) as polls:
        for number, change in enumerate(changes):
            play(gateway, change)
            if number % 5 == 0:
                gateway.valid.clear()
            if number % 7 == 0:
                gateway.faults.extend(["500", "cut"])
            await polls.poll()
        await polls.poll()
    log = await logged(engine)
    assert {each.case_id: log.held(each.case_id) for each in courses} == {
        each.case_id: true_holds(each) for each in courses
    }
    for each in courses:
        assert log.timeline(each.case_id).anomalies == ()
        ids = [event["id"] for event in log.by_case[each.case_id]]
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("sort", ["updatedDate,asc", "updatedDate,desc", "code,asc"])
async def test_nothing_is_lost_while_pages_shift(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration, sort: str
) -> None:
    """After the first page of each poll a dossier that was on it changes, so that another slips from the next page to it."""
    for number in range(9):
        gateway.put(f"d{number}", dossierStatus={"id": 2}, acceptedDate="2022-08-15T07:00:00.000+0700")
        gateway.tick()
    async with Polls(engine, configuration.model_copy(update={"sort": sort})) as polls:
        await polls.poll()
        for number in range(9):
            gateway.put(f"d{number}", dossierStatus={"id": 3})
            gateway.tick(10)
        shifts = iter(range(5))

        def shift(page: Json) -> None:
            if page["number"] == 0 and page["content"] and next(shifts, None) is not None:
                gateway.tick(10)
                gateway.put(page["content"][0]["id"], channel="touched")

        gateway.after_page = shift
        for _ in range(3):
            await polls.poll()
        gateway.after_page = lambda _: None
        await polls.poll()
    log = await logged(engine)
    for number in range(9):
        kinds = [event["type"].split(".")[3] for event in log.by_case[f"H34-d{number}"]]
        assert kinds[:2] == ["received", "supplement-requested"], number


async def test_bounds_are_instants_that_the_gateway_sent_less_the_overlap(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration
) -> None:
    async with Polls(engine, configuration.model_copy(update={"overlap_seconds": 86_400})) as polls:
        for change in changes_of(history(3)):
            play(gateway, change)
            await polls.poll()
    bounds = {asked.bound for asked in gateway.asked if asked.bound is not None}
    assert {bound.replace("-14T", "-15T") for bound in bounds} <= gateway.sent
    assert len(bounds) > 3
    assert gateway.asked[-1].bound is not None


async def test_a_clock_that_was_ahead_for_a_while_hides_nothing_that_comes_after(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration
) -> None:
    more = {"acceptedDate": "2022-08-15T07:00:00.000+0700"}
    async with Polls(engine, configuration) as polls:
        gateway.put("d1", dossierStatus={"id": 2}, **more)
        await polls.poll()
        gateway.tick(24 * 60)
        gateway.put("d2", dossierStatus={"id": 2}, **more)
        await polls.poll()
        gateway.tick(-24 * 60 + 5)
        gateway.put("d1", dossierStatus={"id": 3})
        await polls.poll()
    kinds = [event["type"].split(".")[3] for event in (await logged(engine)).by_case["H34-d1"]]
    assert kinds == ["received", "supplement-requested"]


async def test_one_bad_dossier_is_set_aside_once_and_the_others_go_on(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration
) -> None:
    more = {"dossierStatus": {"id": 2}, "acceptedDate": "2022-08-15T07:00:00.000+0700"}
    gateway.put("d1", **more)
    gateway.put("d2", **{**more, "acceptedDate": "soon"}, applicant={"data": {"fullname": "Người Nộp"}})
    gateway.put("d3", **more)
    async with Polls(engine, configuration) as polls:
        await polls.poll()
        await polls.poll()
        (kept,) = await Rejections(engine).after(0, 10)
        assert kept.raw is not None
        assert b"soon" in kept.raw
        assert b"Ng" not in kept.raw
        assert kept.problem["refusals"][0]["field"] == "acceptedDate"
        async with opened_replaying(engine, SECRET) as replaying:
            (left,) = [replayed async for replayed in replaying.replay(formats=frozenset(), request=None)]
        assert left.outcome is ReplayOutcome.LEFT
        assert left.reason is not None
        assert "the poller tries it again" in left.reason
        gateway.put("d2", **more)
        await polls.poll()
    assert (await logged(engine)).by_case.keys() == {"H34-d1", "H34-d2", "H34-d3"}


async def test_nothing_of_the_applicant_is_in_any_table(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration
) -> None:
    """Of a dossier that is taken, and of one that is set aside."""
    applicant = {
        "applicant": {"data": {"fullname": MARK, "phoneNumber": MARK, "address": MARK}},
        "eForm": {"data": MARK},
    }
    more = {"dossierStatus": {"id": 2}, "acceptedDate": "2022-08-15T07:00:00.000+0700", **applicant}
    task = {
        "id": "t1",
        "isCurrent": 1,
        "createdDate": "2022-08-15T07:00:00.000+0700",
        "comment": MARK,
        "assignee": {"id": "A"},
    }
    gateway.put("d1", **more, task=[task])
    gateway.put("d2", **{**more, "acceptedDate": "soon"}, task=[task])
    async with Polls(engine, configuration) as polls:
        await polls.poll()
    async with engine.connect() as connection:
        names = list(await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'tiendo'")))
        found = {
            name: [str(row) for row in await connection.scalars(text(f"SELECT kept::text FROM tiendo.{name} AS kept"))]
            for name in ("events", "polled_cases", "polled_sources", "rejections")
        }
    assert found.keys() <= set(names)
    assert all(found.values())
    said = "".join(line for lines in found.values() for line in lines)
    assert MARK not in said
    assert MARK.encode().hex() not in said  # as bytes are shown


@pytest.mark.parametrize("fault", ["slow", "500", "html", "cut", "429"])
async def test_an_answer_that_stays_bad_fails_the_poll_and_nothing_of_it_is_lost(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration, fault: str
) -> None:
    gateway.put("d1", dossierStatus={"id": 2}, acceptedDate="2022-08-15T07:00:00.000+0700")
    quick = configuration.model_copy(update={"timeout_seconds": 0.2})
    async with Polls(engine, quick) as polls:
        gateway.faults.extend([fault] * 3)
        with pytest.raises(GatewayFault):
            await polls.poll()
        await polls.poll()
    assert (await logged(engine)).by_case.keys() == {"H34-d1"}


async def test_a_gateway_that_does_not_say_whether_more_follow_is_read_to_its_end(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration
) -> None:
    gateway.says_last = False
    for number in range(7):
        gateway.put(f"d{number}", dossierStatus={"id": 2}, acceptedDate="2022-08-15T07:00:00.000+0700")
    async with Polls(engine, configuration) as polls:
        await polls.poll()
    assert len((await logged(engine)).by_case) == 7


async def test_a_gateway_that_shows_one_page_for_every_other_fails_the_poll_and_is_not_read_for_ever(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration
) -> None:
    gateway.heeds_page = False
    for number in range(7):
        gateway.put(f"d{number}", dossierStatus={"id": 2}, acceptedDate="2022-08-15T07:00:00.000+0700")
    async with Polls(engine, configuration) as polls:
        with pytest.raises(GatewayFault, match="heed `page`"):
            await polls.poll()
    assert len((await logged(engine)).by_case) == configuration.page_size


@pytest.mark.parametrize("answer", [b"[" * 200_000, b"[]", b"{}", b'{"access_token": "a b\\n"}'])
async def test_an_answer_without_a_token_fails_the_poll(
    engine: AsyncEngine, gateway: FakeGateway, configuration: GatewayConfiguration, answer: bytes
) -> None:
    gateway.token_answer = answer
    async with Polls(engine, configuration) as polls:
        with pytest.raises(GatewayFault, match="without an access_token"):
            await polls.poll()
