"""The situations that can be simulated. `kontum-2022` is the one of the province's dispatch of August 2022.

The dispatch counts 183,854 resolved cases in almost eight months, 21,686 of them overdue, and for the natural-resources-and-environment sector,
without the cases of district and commune offices, 13,407 resolved overdue and 2,252 open and overdue. It bears no date; the reporting date is ours.
How the rest divides among the other agencies is our choice too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tiendo_simulation.errors import UnknownPreset
from tiendo_simulation.organisation import Group
from tiendo_simulation.quotas import Figures, GroupFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A situation: the figures at scale 1 of cases completed from `first_day` to `last_day`, both inclusive, and open at the end of the last."""

    name: str
    first_day: date
    last_day: date
    figures: Figures


_KONTUM_2022 = Preset(
    name="kontum-2022",
    first_day=date(2022, 1, 1),
    last_day=date(2022, 8, 25),
    figures={
        Group.LAND: GroupFigures(
            resolved=38_400,
            overdue=13_407,
            open_in_time=4_300,
            open_overdue=2_252,
            withdrawn=420,
            declined=130,
            submitted=90,
        ),
        Group.DEPARTMENTS: GroupFigures(
            resolved=31_000,
            overdue=1_480,
            open_in_time=1_900,
            open_overdue=160,
            withdrawn=260,
            declined=90,
            submitted=80,
        ),
        Group.DISTRICTS: GroupFigures(
            resolved=34_454,
            overdue=3_999,
            open_in_time=2_600,
            open_overdue=540,
            withdrawn=310,
            declined=120,
            submitted=80,
        ),
        Group.COMMUNES: GroupFigures(
            resolved=80_000,
            overdue=2_800,
            open_in_time=2_100,
            open_overdue=310,
            withdrawn=350,
            declined=160,
            submitted=100,
        ),
    },
)
PRESETS: Mapping[str, Preset] = {_KONTUM_2022.name: _KONTUM_2022}


def preset(name: str) -> Preset:
    """The preset called `name`."""
    if name not in PRESETS:
        raise UnknownPreset(name, PRESETS)
    return PRESETS[name]
