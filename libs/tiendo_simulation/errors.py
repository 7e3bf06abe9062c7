"""What can be wrong with a wish for a simulation.

SimulationError
├── UnknownPreset      no preset has that name
└── ScaleOutOfRange    the scale is not one that a preset can be brought to
"""

from collections.abc import Iterable


class SimulationError(Exception):
    """A simulation that cannot be made; the message says what, and what would be right."""


class UnknownPreset(SimulationError):  # noqa: N818 - it names what the caller asked for
    """A preset that does not exist."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"no preset is called {name!r}; known: {', '.join(known)}")
        self.name = name


class ScaleOutOfRange(SimulationError):  # noqa: N818 - it names what is wrong
    """A scale outside of what a preset can be brought to."""

    def __init__(self, scale: float, smallest: float, largest: float) -> None:
        super().__init__(f"the scale {scale} is out of range; choose one from {smallest} to {largest}")
        self.scale = scale
