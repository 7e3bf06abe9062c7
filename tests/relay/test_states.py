"""The states of cases over Kafka: what the query side answers, of every case the newest, whatever comes in between."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.logs import STARTED_AT, address_of, event_text, many_cases, received_text, send
from tests.query.serving import asked_service
from tests.relay.relaying import administer, made_topics
from tests.relay.states import (
    SentState,
    agreed,
    arrives_late,
    following,
    highest,
    impatient,
    project,
    relay_states,
    run_to_the_end,
    sent_states,
    state_topics,
)
from tests.waiting import until

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_contracts.messages import TopicKind
from tiendo_event_store import EventLog
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_read_models.builds import ensure_live_build
from tiendo_relay.errors import BatchFailed, LogRenamed, TopicIntruded
from tiendo_relay.feeds.states import StatesTeller, states_feed
from tiendo_relay.feeds.states_feed import StateFeed
from tiendo_relay.lock import RelayLock
from tiendo_runtime.kafka.applying import access_of, apply_topics
from tiendo_runtime.settings import Settings
from tiendo_simulation import Simulation

NOT_IN_MESSAGES = (
    *("basis", "clocks", "known_at", "notice", "explanations", "decisions", "attributions_by_rule", "late_entries"),
    *("class_by_rule", "lateness_by_rule_minutes", "late_entry_by_rule_minutes"),
)
Make = Callable[[RelayLock], StateFeed]


@pytest.fixture
async def settings(kafka: Kafka, generation: int) -> Settings:
    return await made_topics(kafka.bootstrap_servers, generation)


@pytest.fixture
def make(engine: AsyncEngine, settings: Settings) -> Make:
    return lambda lock: states_feed(
        engine, lock, access_of(settings), generation=settings.kafka_generation, shared=settings.kafka_shared_topics
    )


async def shares(kafka: Kafka, settings: Settings) -> list[SentState]:
    return await sent_states(kafka, state_topics(settings)[1])


async def timelines(kafka: Kafka, settings: Settings) -> list[SentState]:
    return await sent_states(kafka, state_topics(settings)[0], TopicKind.CASE_TIMELINES)


def data_of(state: SentState) -> dict[str, Any]:
    assert state.message.data is not None
    return state.message.data.model_dump(mode="json", by_alias=True)


async def test_messages_say_what_the_query_side_answers(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine, tmp_path: Path
) -> None:
    await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=5), progress=lambda _: None)
    async with asked_service(address_of(engine), engine, tmp_path) as service:
        await service.caught_up()
        await relay_states(settings, engine, make)
        told, shared = agreed(await timelines(kafka, settings)), agreed(await shares(kafka, settings))
        cases = await service.all_items("/v1/cases", limit=200)
        assert told.keys() == shared.keys() == {case["case_id"] for case in cases}
        assert len(told) > 150
        for number, (case_id, state) in enumerate(sorted(told.items())):
            said = data_of(state)
            assert state.message.time == said["as_of"]
            _check_shares(data_of(shared[case_id]), said)
            if number % 3:
                continue
            answer = await service.get(f"/v1/cases/{case_id}/timeline", as_of=said["as_of"])
            assert _as_said(said) == _as_said(answer)


def _as_said(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer and a message have in common."""
    kept = {name: value for name, value in answer.items() if name not in {*NOT_IN_MESSAGES, "fault", "joined_to"}}
    kept["anomalies"] = [{"kind": found["kind"], "event_ids": found["event_ids"]} for found in kept["anomalies"]]
    return _without_withheld(kept)  # type: ignore[no-any-return]


def _without_withheld(value: Any) -> Any:
    if isinstance(value, dict):
        assert not value.get("withheld")
        return {name: _without_withheld(member) for name, member in value.items() if name != "withheld"}
    return [_without_withheld(member) for member in value] if isinstance(value, list) else value


def _check_shares(of_shares: dict[str, Any], of_timeline: dict[str, Any]) -> None:
    """Both say the same of the case, and the shares are all of the lateness."""
    assert {**of_timeline, **of_shares, "outside": False} == {**of_timeline, "outside": False}
    assert sum(share["minutes"] for share in of_shares["attributions"]) == (of_shares["lateness_minutes"] or 0)


async def test_only_what_was_folded_again_is_told_again(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, many_cases(80, seed=4))
    await project(engine)
    assert await relay_states(settings, engine, make) == 160
    assert await relay_states(settings, engine, make) == 0
    await send(engine, [event_text("HS-00007", "more", "forwarded", STARTED_AT)])
    await project(engine)
    assert await relay_states(settings, engine, make) == 2
    first, second = [state for state in await shares(kafka, settings) if state.key == "HS-00007"]
    assert first.message.version < second.message.version
    head = await EventLog(engine).head()
    assert second.message.position == head
    assert data_of(second)["last_position"] == head


async def test_a_new_build_tells_everything_anew_in_higher_versions(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, many_cases(30, seed=6))
    await project(engine)
    await relay_states(settings, engine, make)
    build = await rebuild(engine, processes=1)
    assert await relay_states(settings, engine, make) == 60
    left = agreed(await shares(kafka, settings))
    assert {state.message.build for state in left.values()} == {build.build_id}


async def test_of_a_case_that_cannot_be_folded_nothing_is_said_any_more(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, [received_text("A"), received_text("B")])
    await project(engine)
    await relay_states(settings, engine, make)
    monkeypatch.setattr("tiendo_read_models.folding.timeline_of", _fails)
    await send(engine, [event_text("A", "A-1", "completed", STARTED_AT)])
    await project(engine)
    assert await relay_states(settings, engine, make) == 2
    for state in (agreed(await timelines(kafka, settings))["A"], agreed(await shares(kafka, settings))["A"]):
        said = {name: value for name, value in data_of(state).items() if value}
        assert said == {"case_id": "A", "fault": True, "provisional": True}
        assert state.message.time is None
        assert "Nguyễn" not in state.value


async def test_a_code_that_is_joined_to_a_case_is_told_of_under_that_case_alone(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, [received_text("A"), received_text("B")])
    await project(engine)
    await relay_states(settings, engine, make)
    await send(engine, [event_text("B", "j", "joined", STARTED_AT, alias="A")])
    await project(engine)
    assert await relay_states(settings, engine, make) == 4
    for states in (agreed(await timelines(kafka, settings)), agreed(await shares(kafka, settings))):
        assert (data_of(states["A"])["aliases"], data_of(states["A"])["event_count"]) == (["B"], 3)
        said = {name: value for name, value in data_of(states["B"]).items() if value}
        assert said == {"case_id": "B", "joined_to": "A", "provisional": True}
    await rebuild(engine, processes=1)
    assert await relay_states(settings, engine, make) == 4
    assert data_of(agreed(await timelines(kafka, settings))["B"])["joined_to"] == "A"


def _fails(*_: object, **__: object) -> object:
    raise ArithmeticError("cannot")


async def test_a_case_that_the_contract_has_no_room_for_keeps_no_other_from_being_told(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, [received_text("A"), received_text("B")])
    await project(engine)
    beyond = {"event_count": -1}
    monkeypatch.setattr(
        "tiendo_relay.feeds.states_messages._members", lambda row, _: {"case_id": row["case_id"], **beyond}
    )
    assert await relay_states(settings, engine, make) == 4
    assert data_of(agreed(await timelines(kafka, settings))["B"])["fault"]


async def test_a_state_too_large_for_the_broker_leaves_its_place_to_a_stub(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, [received_text("SMALL"), received_text("hồ sơ/1")])
    await send(engine, [event_text("hồ sơ/1", f"e-{number}", "suspended", STARTED_AT) for number in range(60)])
    await project(engine)
    async with following(settings, engine, make) as at_work:
        at_work.sender._batch_bytes[state_topics(settings)[0]] = 5_000
        await run_to_the_end(at_work.feed)
    left = agreed(await timelines(kafka, settings))
    assert not left["SMALL"].message.is_stub
    stub = left["hồ sơ/1"].message
    assert stub.data is None
    assert stub.dataref is not None
    assert stub.dataref.startswith("/v1/cases/h%E1%BB%93%20s%C6%A1%2F1/timeline?as_of=20")
    assert not agreed(await shares(kafka, settings))["hồ sơ/1"].message.is_stub


async def test_what_was_sent_but_not_noted_is_sent_again(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, many_cases(20, seed=7))
    await project(engine)
    with monkeypatch.context() as killed:
        killed.setattr(StateFeed, "_take", _killed)
        with pytest.raises(KeyboardInterrupt):
            await relay_states(settings, engine, make)
    assert await relay_states(settings, engine, make) == 40
    assert len(agreed(await shares(kafka, settings))) == 20


async def _killed(*_: object) -> None:
    raise KeyboardInterrupt


async def test_what_a_killed_relay_had_under_way_does_not_stay(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, [received_text("A"), received_text("B")])
    await project(engine)
    await relay_states(settings, engine, make)
    before = agreed(await shares(kafka, settings))
    async with following(settings, engine, impatient(make, 0.0)):  # it is killed before it has noted anything
        await send(engine, [event_text("A", "A-1", "completed", STARTED_AT)])
        await project(engine)
    async with following(settings, engine, impatient(make, 3600.0)) as at_work:
        assert await run_to_the_end(at_work.feed) == 2
        await arrives_late(kafka, before["A"])
        assert await run_to_the_end(at_work.feed) == 0
    # The next one knows of the first one's end, though the second had noted its own cursor.
    async with following(settings, engine, impatient(make, 0.0)) as at_work:
        assert await run_to_the_end(at_work.feed) == 2
        await at_work.feed.settle()
    sent = await shares(kafka, settings)
    assert data_of(agreed(sent)["A"])["state"] == "completed"
    assert agreed(sent)["A"].message.version == highest(sent)["A"].message.version
    assert await relay_states(settings, engine, impatient(make, 0.0)) == 0


async def test_after_a_batch_of_its_own_that_failed_everything_behind_the_cursor_is_sent_once_more(
    settings: Settings, make: Make, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, [received_text("A")])
    await project(engine)
    async with following(settings, engine, impatient(make, 3600.0)) as at_work:
        with monkeypatch.context() as cut:
            cut.setattr(type(at_work.sender), "_round", _expired)
            with pytest.raises(BatchFailed):
                await at_work.feed.step()
    async with following(settings, engine, impatient(make, 3600.0)) as at_work:
        assert await run_to_the_end(at_work.feed) == 2
        at_work.feed._repeat_at = 0.0  # whatever a producer had under way has arrived by now, or never will
        assert await at_work.feed.step() == 2
        assert await run_to_the_end(at_work.feed) == 0


async def _expired(*_: object) -> None:
    raise BatchFailed("expired")


async def test_what_somebody_else_wrote_is_put_right_by_telling_everything_anew(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, many_cases(10, seed=3))
    await project(engine)
    await relay_states(settings, engine, make)
    old = agreed(await shares(kafka, settings))["HS-00003"]
    await send(engine, [event_text("HS-00003", "more", "forwarded", STARTED_AT)])
    await project(engine)
    await relay_states(settings, engine, make)
    async with following(settings, engine, make) as at_work:
        await arrives_late(kafka, old)  # from a relay that slept too long
        at_work.feed._ends._watch_at = 0.0
        with pytest.raises(TopicIntruded):
            await at_work.feed.step()
    assert await relay_states(settings, engine, make) == 20
    assert agreed(await shares(kafka, settings))["HS-00003"].message.position == await EventLog(engine).head()


async def test_a_topic_that_was_made_anew_is_filled_anew(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, many_cases(10, seed=3))
    await project(engine)
    await relay_states(settings, engine, make)
    name = state_topics(settings)[1]
    await administer(settings, "delete_topics", [name])
    await until(lambda: _is_gone(settings, name), what="the topic is gone")
    await apply_topics(settings)
    assert await relay_states(settings, engine, make) == 20
    assert len(agreed(await shares(kafka, settings))) == 10
    assert await relay_states(settings, engine, make) == 0


async def _is_gone(settings: Settings, name: str) -> bool:
    return name not in await administer(settings, "list_topics")


async def test_another_log_is_refused(
    settings: Settings, make: Make, engine: AsyncEngine, owner_engine: AsyncEngine
) -> None:
    await relay_states(settings, engine, make)
    async with owner_engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE tiendo.relay_feeds SET log_id = gen_random_uuid()")
    with pytest.raises(LogRenamed):
        await relay_states(settings, engine, make)


async def test_the_position_is_that_up_to_which_everything_is_told(
    settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    await send(engine, many_cases(40, seed=9))
    async with engine.begin() as connection:
        build = await ensure_live_build(connection)
    projection = await Projection.open(engine, build, range(16), live=True)
    while await projection.step():
        pass
    async with following(settings, engine, make) as at_work:
        assert await at_work.feed.position() == 0
        await run_to_the_end(at_work.feed)
        assert await at_work.feed.position() == projection.position == await EventLog(engine).head()


async def test_a_build_of_another_version_is_not_read(
    settings: Settings, make: Make, engine: AsyncEngine, owner_engine: AsyncEngine
) -> None:
    await send(engine, [received_text("A")])
    await project(engine)
    async with owner_engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE tiendo.projection_builds SET definition = 'older'")
        await connection.exec_driver_sql("DROP TABLE build_000001.folds")
    assert await relay_states(settings, engine, make) == 0


def test_the_teller_speaks_to_both_topics_of_its_generation() -> None:
    assert StatesTeller(generation=3).topics == ["tiendo.case-timelines.v1.g3", "tiendo.delay-attributions.v1.g3"]
