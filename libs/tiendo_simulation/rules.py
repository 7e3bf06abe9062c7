"""The rules that go with a simulation: the agencies, and how the pauses of each procedure move its due."""

import json
from collections.abc import Iterator
from typing import Any

from tiendo_simulation import kon_tum
from tiendo_simulation.catalogue import PauseMode
from tiendo_simulation.json_text import text
from tiendo_simulation.organisation import Office, Province


def rules_text(province: Province) -> str:
    """A rules file in TOML. JSON's strings are strings of TOML too."""
    return "\n".join(_entries(province))


def _entries(province: Province) -> Iterator[str]:
    root, name = kon_tum.PROVINCE
    yield f'[[unit]]\nid = {text(root)}\nname = {text(name)}\nlevel = "province"\n'
    for office in province.offices:
        yield (
            f"[[unit]]\nid = {text(office.id)}\nname = {text(office.name)}\n"
            f'parent = {text(office.parent)}\nlevel = "{office.level}"\n'
        )
    modes = {procedure.id: procedure.mode for office in province.offices for procedure in office.procedures}
    for procedure, mode in sorted(modes.items()):
        if mode is not PauseMode.SUSPEND:
            yield f'[[procedure]]\nid = {text(procedure)}\npause = "{mode}"\n'


def directory_text(province: Province) -> str:
    """The rooms and officers as a rules file, beside `rules_text`: for channels that name people without an id."""
    return "\n".join(_directory(province))


def _directory(province: Province) -> Iterator[str]:
    for office in province.offices:
        units: dict[str, str] = {}
        for person in _officers(office):
            unit = person["unit"]
            units.setdefault(unit["id"], unit["name"])
            yield (
                f"[[officer]]\nid = {text(person['id'])}\nname = {text(person['name'])}\n"
                f"unit = {text(unit['id'])}\nposition = {text(person['position'])}\n"
            )
        for unit_id, name in units.items():
            yield f"[[unit]]\nid = {text(unit_id)}\nname = {text(name)}\nparent = {text(office.id)}\n"


def _officers(office: Office) -> Iterator[dict[str, Any]]:
    rooms = (office.counter, *office.rooms)
    for party in (*(officer for room in rooms for officer in room.officers), *office.leaders):
        yield json.loads(party.text)
