"""Whoever reads the topic of an agency finds nobody of elsewhere in it, over a whole simulated province."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.logs import rows_of
from tests.relay.agencies import Told, data_of, feed_of
from tests.relay.relaying import made_topics
from tests.relay.states import agreed, relay_states

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_contracts.messages.agencies import Agency
from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_projector import rebuild
from tiendo_simulation import Simulation


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
