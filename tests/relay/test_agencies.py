"""Each agency sees the cases of its own part of the organisation and the shares of its own people; what leaves it is taken back, come what may."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.logs import (
    SOURCE,
    STARTED_AT,
    define,
    event_text,
    holder,
    many_cases,
    received_text,
    rows_of,
    send,
)
from tests.relay.agencies import Told, data_of, feed_of
from tests.relay.relaying import made_topics
from tests.relay.states import (
    agreed,
    arrives_late,
    following,
    impatient,
    project,
    relay_states,
    run_to_the_end,
)

from tiendo_contracts.messages.agencies import Agency
from tiendo_domain.rules import UnitRule
from tiendo_event_store import EventLog
from tiendo_projector import rebuild
from tiendo_relay.feeds.states_feed import StateFeed
from tiendo_relay.lock import RelayLock
from tiendo_relay.sending.batch_sender import BatchSender
from tiendo_runtime.settings import Settings

Make = Callable[[RelayLock], StateFeed]

LAND, HEALTH = "H34.LAND", "H34.HEALTH"
AGENCIES = tuple(Agency(unit=unit, principals=(f"User:{unit}",)) for unit in (LAND, HEALTH))
TREE = (
    UnitRule(id=LAND, parent="H34"),
    UnitRule(id=HEALTH, parent="H34"),
    UnitRule(id="OFFICE", parent=LAND),
    UnitRule(id="WARD", parent=HEALTH),
)
ANH, BINH = ("CB-1", "Nguyễn Thị Ánh"), ("CB-2", "Y Bình")


@pytest.fixture
async def settings(kafka: Kafka, generation: int, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = tmp_path_factory.mktemp("agencies") / "agencies.toml"
    entries = [f'[[agency]]\nunit = "{agency.unit}"\nprincipals = ["{agency.principals[0]}"]\n' for agency in AGENCIES]
    path.write_text("\n".join(entries))
    return await made_topics(kafka.bootstrap_servers, generation, agencies=path)


@pytest.fixture
async def make(engine: AsyncEngine, settings: Settings) -> Make:
    await define(engine, *TREE)
    return lambda lock: feed_of(engine, lock, settings, AGENCIES)


@pytest.fixture
def told(kafka: Kafka, settings: Settings) -> "Told":
    return Told(kafka, settings)


def late_case(case_id: str, unit: str, *officers: tuple[tuple[str | None, str], str]) -> list[str]:
    """A case of a unit that every officer in turn keeps for ten days, which is far too long."""
    texts = [received_text(case_id, unit={"id": unit, "name": f"Sở {unit}"}, officer=officers[0][0])]
    first, *others = [holder(officer, of) for officer, of in officers]
    texts[0] = json.dumps({**json.loads(texts[0]), "data": {**json.loads(texts[0])["data"], "holder": first}})
    for number, other in enumerate(others, start=1):
        at = STARTED_AT + timedelta(days=10 * number)
        step = {"id": f"s-{number}", "name": "Thẩm định", "allotted_minutes": 60}
        texts.append(event_text(case_id, f"{case_id}-{number}", "forwarded", at, holder=other, step=step))
    end = STARTED_AT + timedelta(days=10 * len(officers))
    return [*texts, event_text(case_id, f"{case_id}-end", "completed", end)]


def moved_to(case_id: str, unit: str) -> list[str]:
    """The reception of a case is corrected: it is another unit's."""
    first = json.loads(received_text(case_id, unit={"id": unit, "name": f"Sở {unit}"}))
    annulled = {"source": SOURCE, "id": f"{case_id}-0"}
    return [
        event_text(case_id, f"{case_id}-c", "corrected", STARTED_AT, annuls=annulled, reason="nhầm cơ quan"),
        json.dumps({**first, "id": f"{case_id}-0b"}),
    ]


SHOWN = (
    *("case_id", "ordinal"),
    *("party_key", "party_kind", "party_id", "party_name", "party_position", "party_unit_id", "party_unit_name"),
    *("minutes", "received_by_decision_minutes", "rule", "event_ids"),
)
"""What a table of shares holds that an agency is told, in the order of the table."""


async def test_an_agency_sees_the_whole_of_its_own_cases(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    await send(engine, late_case("OWN", "OFFICE", (ANH, "OFFICE"), (BINH, "WARD")))
    await send(engine, late_case("OTHER", "WARD", (BINH, "WARD")))
    await project(engine)
    assert await relay_states(settings, engine, make) == 3
    assert (await told.left(LAND)).keys() == {"OWN"}
    own = (await told.left(LAND))["OWN"]
    assert _names(own) == {ANH[1], BINH[1]}
    assert not any(share["party"]["withheld"] for share in own["attributions"])
    assert own["attributions"] == _shares_of(await rows_of(engine, "attributions", *SHOWN), "OWN")


def _shares_of(rows: Sequence[tuple[Any, ...]], case_id: str) -> list[dict[str, Any]]:
    return [
        {
            "party": {
                "key": key,
                "kind": kind,
                "id": identity,
                "name": name,
                "position": position,
                "unit": None if unit_id is None else {"id": unit_id, "name": unit_name},
                "withheld": False,
            },
            "minutes": minutes,
            "rule": rule,
            "received_by_decision_minutes": moved_here,
            "event_ids": event_ids,
        }
        for of, _, key, kind, identity, name, position, unit_id, unit_name, *borne in rows
        for minutes, moved_here, rule, event_ids in [borne]
        if of == case_id
    ]


async def test_of_a_foreign_case_an_agency_sees_the_shares_of_its_own_people(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    await send(engine, late_case("SHARED", "OFFICE", (ANH, "OFFICE"), (BINH, "WARD")))
    await project(engine)
    await relay_states(settings, engine, make)
    state = (await told.left(HEALTH))["SHARED"]
    own = [share for share in state["attributions"] if share["party"]["id"] is not None]
    withheld = [share for share in state["attributions"] if share["party"]["withheld"]]
    assert [share["party"]["name"] for share in own] == [BINH[1]]
    assert own[0]["event_ids"]
    nobody = {
        **dict.fromkeys(("key", "id", "name", "position", "unit")),
        "kind": "officer",
        "withheld": True,
    }
    assert [(share["party"], share["event_ids"]) for share in withheld] == [(nobody, [])]
    assert sum(share["minutes"] for share in state["attributions"]) == state["lateness_minutes"] > 0
    assert all(ANH[1] not in state.value for state in await told.all(HEALTH))


async def test_the_tree_is_that_of_the_rules_and_else_of_the_case_itself(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    by_event = {"id": "NEW", "name": "Mới", "parent": "OFFICE"}
    against_the_rules = {"id": "WARD", "name": "Phường", "parent": LAND}
    await send(engine, [received_text("BY-EVENT", unit=by_event), received_text("AGAINST", unit=against_the_rules)])
    await send(engine, [received_text("SAYS-NOTHING", unit={"id": "NEW", "name": "Mới"})])
    await project(engine)
    await relay_states(settings, engine, make)
    assert (await told.left(LAND)).keys() == {"BY-EVENT"}
    assert (await told.left(HEALTH)).keys() == {"AGAINST"}


OUTSIDE = {"outside": True, "provisional": True}


def said(state: dict[str, Any]) -> dict[str, Any]:
    """What a state says at all, besides which case it is."""
    return {name: value for name, value in state.items() if value and name != "case_id"}


async def test_a_case_whose_unit_is_corrected_is_taken_back(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    await send(engine, late_case("A", "OFFICE", (ANH, "OFFICE")))
    await project(engine)
    await relay_states(settings, engine, make)
    assert said((await told.left(LAND))["A"])["attributions"]
    await send(engine, [*moved_to("A", "WARD"), *_held_by("A", BINH, "WARD")])
    await project(engine)
    await relay_states(settings, engine, make)
    assert said((await told.left(LAND))["A"]) == OUTSIDE
    assert agreed(await told.all(LAND))["A"].message.time is None
    assert not said((await told.left(HEALTH))["A"]).get("outside")
    # What happens to it from now on is no concern of the agency: it hears nothing more.
    heard = len(await told.all(LAND))
    await send(engine, [event_text("A", "A-late", "result-delivered", STARTED_AT + timedelta(days=30))])
    await project(engine)
    assert await relay_states(settings, engine, make) == 1
    assert len(await told.all(LAND)) == heard


def _held_by(case_id: str, officer: tuple[str, str], unit: str) -> list[str]:
    """From the beginning somebody else holds the case."""
    held = holder(officer, unit)
    return [event_text(case_id, f"{case_id}-h", "forwarded", STARTED_AT + timedelta(minutes=1), holder=held)]


async def test_cases_of_a_unit_that_is_moved_in_the_tree_go_with_it(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    await send(engine, late_case("A", "OFFICE", (ANH, "OFFICE")))
    await send(engine, late_case("B", "WARD", (BINH, "WARD"), (ANH, "OFFICE")))
    await project(engine)
    await relay_states(settings, engine, make)
    before = agreed(await told.all(LAND))
    await define(engine, UnitRule(id="OFFICE", parent=HEALTH))  # nobody has projected that yet
    await relay_states(settings, engine, make)
    after = agreed(await told.all(LAND))
    assert {case_id: said(data_of(state)) for case_id, state in after.items()} == {"A": OUTSIDE, "B": OUTSIDE}
    assert all(before[case_id].message.version < state.message.version for case_id, state in after.items())
    left = await told.left(HEALTH)
    assert {name for case in left.values() for name in _names(case)} == {ANH[1], BINH[1]}
    await project(engine)
    await relay_states(settings, engine, make)
    await define(engine, UnitRule(id="OFFICE", parent=LAND, name="Văn phòng"))
    await project(engine)
    await relay_states(settings, engine, make)
    assert {name for case in (await told.left(LAND)).values() for name in _names(case)} == {ANH[1]}
    assert said((await told.left(HEALTH))["A"]) == OUTSIDE


def _names(case: dict[str, Any]) -> set[str]:
    return {share["party"]["name"] for share in case["attributions"] if share["party"]["name"]}


@pytest.mark.parametrize(
    "killed", [(BatchSender, "send"), (StateFeed, "_take")], ids=["before sending", "before noting"]
)
async def test_a_case_is_taken_back_though_the_relay_was_killed(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told, killed: tuple[type, str]
) -> None:
    await send(engine, late_case("A", "OFFICE", (ANH, "OFFICE")))
    await project(engine)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(*killed, _killed)
        with pytest.raises(KeyboardInterrupt):
            await relay_states(settings, engine, make)
    await send(engine, [*moved_to("A", "WARD"), *_held_by("A", BINH, "WARD")])
    await project(engine)
    await relay_states(settings, engine, make)
    assert said((await told.left(LAND))["A"]) == OUTSIDE


async def _killed(*_: object) -> None:
    raise KeyboardInterrupt


async def test_what_a_killed_relay_had_under_way_is_taken_back_once_more(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    await send(engine, late_case("A", "OFFICE", (ANH, "OFFICE")))
    await project(engine)
    await relay_states(settings, engine, make)
    (named,) = await told.all(LAND)
    async with following(settings, engine, impatient(make, 0.0)):  # it is killed at once
        await send(engine, [*moved_to("A", "WARD"), *_held_by("A", BINH, "WARD")])
        await project(engine)
    async with following(settings, engine, impatient(make, 3600.0)) as at_work:
        await run_to_the_end(at_work.feed)
    assert said((await told.left(LAND))["A"]) == OUTSIDE
    await arrives_late(kafka, named)
    async with following(settings, engine, impatient(make, 0.0)) as at_work:
        await run_to_the_end(at_work.feed)
    assert said((await told.left(LAND))["A"]) == OUTSIDE


async def test_of_a_case_that_cannot_be_folded_only_those_hear_who_know_of_it(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(engine, late_case("A", "OFFICE", (ANH, "OFFICE")))
    await project(engine)
    await relay_states(settings, engine, make)
    with monkeypatch.context() as patched:
        patched.setattr("tiendo_read_models.folding.timeline_of", _fails)
        await send(engine, [event_text("A", "A-x", "claimed", STARTED_AT), received_text("B")])
        await project(engine)
    await relay_states(settings, engine, make)
    assert {case_id: said(state) for case_id, state in (await told.left(LAND)).items()} == {
        "A": {"fault": True, "provisional": True}
    }
    assert await told.all(HEALTH) == []
    await send(engine, [*moved_to("A", "WARD"), *_held_by("A", BINH, "WARD")])
    await project(engine)
    await relay_states(settings, engine, make)
    assert said((await told.left(LAND))["A"]) == OUTSIDE


def _fails(*_: object, **__: object) -> object:
    raise ArithmeticError("cannot")


async def test_an_agency_that_is_new_hears_of_all_its_cases(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    await send(engine, [*late_case("A", "OFFICE", (ANH, "OFFICE")), *late_case("B", "WARD", (BINH, "WARD"))])
    await project(engine)
    await relay_states(settings, engine, lambda lock: feed_of(engine, lock, settings, AGENCIES[:1]))
    assert await told.all(HEALTH) == []
    await relay_states(settings, engine, make)
    assert (await told.left(HEALTH)).keys() == {"B"}
    assert await relay_states(settings, engine, make) == 0


async def test_cases_that_concern_nobody_do_not_hold_up_those_that_do(
    settings: Settings, make: Make, engine: AsyncEngine, told: Told
) -> None:
    await send(engine, many_cases(700, seed=2))
    await send(engine, late_case("LAST", "OFFICE", (ANH, "OFFICE")))
    await project(engine)
    await rebuild(engine, processes=1)  # revisions go by the ids of cases now
    async with following(settings, engine, make) as at_work:
        assert await at_work.feed.step() == 1
        assert await at_work.feed.position() == await EventLog(engine).head()
    assert (await told.left(LAND)).keys() == {"LAST"}
