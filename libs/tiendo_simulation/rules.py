"""The rules that go with a simulation: the agencies, and how the pauses of each procedure move its due."""

from collections.abc import Iterator

from tiendo_simulation import kon_tum
from tiendo_simulation.catalogue import PauseMode
from tiendo_simulation.json_text import text
from tiendo_simulation.organisation import Province


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
