"""A simulation as a gateway of iGate would show it: the states of its dossiers by instant, to be served by a gateway that plays them."""

import json
from collections.abc import Iterator

from tiendo_simulation import Simulation, Story
from tiendo_simulation.story_lines import event_lines
from tiendo_sources.igate.writing import dossier_states


def state_lines(story: Story) -> Iterator[str]:
    """Each state of a dossier as a line of JSON: `at`, from when on a search shows it, and the `dossier`."""
    for state in dossier_states(json.loads(line) for line in event_lines(story)):
        shown = {"at": state.at.isoformat(), "dossier": state.dossier}
        yield json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def shown_lines(simulation: Simulation) -> Iterator[tuple[list[str], str]]:
    """For each case its states as lines, and its ground truth."""
    for told in simulation.cases(defects=False):
        yield list(state_lines(told.story)), told.truth
