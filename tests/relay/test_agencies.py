"""Each agency sees the cases of its own part of the organisation and the shares of its own people; what leaves it is taken back, come what may."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.logs import SOURCE, STARTED_AT, define, event_text, holder, received_text, rows_of, send
from tests.relay.relaying import made_topics
from tests.relay.states import (
    SentState,
    agreed,
    arrives_late,
    following,
    impatient,
    project,
    relay_states,
    run_to_the_end,
    sent_states,
)

from tiendo_cli.loading_simulation import load_simulation
from tiendo_contracts.messages.agencies import Agency
from tiendo_domain.rules import RuleBook, UnitRule
from tiendo_event_store import EventLog
from tiendo_projector import rebuild
from tiendo_relay.agencies import agencies_feed
from tiendo_relay.lock import RelayLock
from tiendo_relay.sending import Sender
from tiendo_relay.states_feed import StateFeed
from tiendo_runtime.kafka.applying import access_of
from tiendo_runtime.settings import Settings
from tiendo_simulation import Simulation

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


def feed_of(engine: AsyncEngine, lock: RelayLock, settings: Settings, agencies: Sequence[Agency]) -> StateFeed:
    return agencies_feed(
        engine, lock, access_of(settings), agencies, generation=settings.kafka_generation, shared=False
    )


@pytest.fixture
def told(kafka: Kafka, settings: Settings) -> "Told":
    return Told(kafka, settings)


class Told:
    """What lies in the topics of agencies."""

    def __init__(self, kafka: Kafka, settings: Settings) -> None:
        self._kafka = kafka
        self._generation = settings.kafka_generation

    async def all(self, unit: str) -> list[SentState]:
        name = Agency(unit=unit, principals=("User:x",)).topic(generation=self._generation).name
        return await sent_states(self._kafka, name)

    async def left(self, unit: str) -> dict[str, dict[str, Any]]:
        """The data of the state that is left of each case."""
        return {case_id: data_of(state) for case_id, state in agreed(await self.all(unit)).items()}


def data_of(state: SentState) -> dict[str, Any]:
    assert state.message.data is not None
    return state.message.data.model_dump(mode="json", by_alias=True)


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
    assert own["attributions"] == _shares_of(await rows_of(engine, "attributions"), "OWN")


def _shares_of(rows: Sequence[tuple[Any, ...]], case_id: str) -> list[dict[str, Any]]:
    return [
        {
            "party": {
                "kind": kind,
                "id": identity,
                "name": name,
                "position": position,
                "unit": None if unit_id is None else {"id": unit_id, "name": unit_name},
                "withheld": False,
            },
            "minutes": minutes,
            "rule": rule,
            "event_ids": event_ids,
        }
        for of, _, kind, identity, name, position, unit_id, unit_name, minutes, rule, event_ids in rows
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
    nobody = {"kind": "officer", "id": None, "name": None, "position": None, "unit": None, "withheld": True}
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


@pytest.mark.parametrize("killed", [(Sender, "send"), (StateFeed, "_take")], ids=["before sending", "before noting"])
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
        patched.setattr("tiendo_read_models.folding.case_timeline", _fails)
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


async def test_whoever_attacks_the_topics_finds_nobody_of_elsewhere(
    kafka: Kafka, generation: int, engine: AsyncEngine, tmp_path: Path
) -> None:
    """Over a simulated province, after a rebuild, with an agency for every unit that bears a share and for every second level above."""
    await load_simulation(engine, Simulation("kontum-2022", scale=0.002, seed=5), progress=lambda _: None)
    await rebuild(engine, processes=1)
    cases = {row[0]: row[1] for row in await rows_of(engine, "cases", "case_id", "unit_id")}
    parents = await _parents(engine)
    bearers = await rows_of(engine, "attributions", "case_id", "party_id", "party_name", "party_unit_id")
    unit_names = await rows_of(engine, "attributions", "party_unit_id", "party_unit_name")
    units = [*sorted({unit for *_, unit in bearers if unit is not None})[::3], "H34.STNMT"]
    agencies = tuple(Agency(unit=unit, principals=("User:x",)) for unit in sorted(set(units)))
    path = tmp_path / "agencies.toml"
    path.write_text("".join(f'[[agency]]\nunit = "{agency.unit}"\nprincipals = ["User:x"]\n' for agency in agencies))
    settings = await made_topics(kafka.bootstrap_servers, generation, agencies=path, partitions=1)
    told = Told(kafka, settings)
    await relay_states(settings, engine, lambda lock: feed_of(engine, lock, settings, agencies))
    foreign = withheld = 0
    for agency in agencies:

        def inside(unit: str | None, of: str = agency.unit) -> bool:
            return of in _line(unit, parents)

        found = agreed(await told.all(agency.unit))
        expected = {case_id for case_id, unit in cases.items() if inside(unit)}
        expected |= {case_id for case_id, _, _, unit in bearers if inside(unit)}
        assert expected <= found.keys()
        own = {name for _, identity, named, unit in bearers if inside(unit) for name in (identity, named)}
        others = {name for _, identity, named, unit in bearers if not inside(unit) for name in (identity, named)}
        own |= {name for unit, name in unit_names if inside(unit)}
        secrets = others - own - {None}
        for case_id, state in found.items():
            data = data_of(state)
            assert sum(share["minutes"] for share in data["attributions"]) == (data["lateness_minutes"] or 0)
            if inside(cases[case_id]):
                continue
            foreign += 1
            withheld += sum(share["party"]["withheld"] for share in data["attributions"])
            answerable = {cases[case_id], (data["unit"] or {"name": None})["name"]}
            assert set(_texts(json.loads(state.value))) & (secrets - answerable) == set(), state.value
            parties = [share["party"] for share in data["attributions"]] + [data["late_entry_party"] or {"id": None}]
            assert all(party["id"] is None or inside((party["unit"] or {"id": party["id"]})["id"]) for party in parties)
    assert foreign > 10
    assert withheld > 10


def _texts(value: Any) -> Iterator[str]:
    """Every text in a message but the positions that people have: many have the same."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from () if name == "position" else _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
    elif isinstance(value, str):
        yield value


async def _parents(engine: AsyncEngine) -> dict[str, str]:
    """Child -> parent as the rules say and else events; in the simulated province they agree."""
    stated = {unit: parent for unit, parent in await rows_of(engine, "unit_statements", "unit_id", "parent") if parent}
    rules = RuleBook.fold(await EventLog(engine).directory_facts())
    return {**stated, **{unit.id: unit.parent for unit in rules.units.values() if unit.parent is not None}}


def _line(unit: str | None, parents: dict[str, str]) -> set[str]:
    line: set[str] = set()
    while unit is not None and unit not in line:
        line.add(unit)
        unit = parents.get(unit)
    return line
