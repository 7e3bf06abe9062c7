"""Simulated situations: deterministic events of plausible cases, and beside them the ground truth of who caused how many minutes."""

from tiendo_simulation.conduct import Story
from tiendo_simulation.errors import ScaleOutOfRange, SimulationError, UnknownPreset
from tiendo_simulation.files import truth_path, write_files, write_told
from tiendo_simulation.organisation import Group
from tiendo_simulation.presets import PRESETS
from tiendo_simulation.rules import directory_text, rules_text
from tiendo_simulation.simulation import PlannedFigures, Simulation, Told

__all__ = [
    "PRESETS",
    "Group",
    "PlannedFigures",
    "ScaleOutOfRange",
    "Simulation",
    "SimulationError",
    "Story",
    "Told",
    "UnknownPreset",
    "directory_text",
    "rules_text",
    "truth_path",
    "write_files",
    "write_told",
]
