"""Whatever bytes a file of any format holds, they give events, refusals with a reason, or a word that it cannot be read; `make fuzz` tries more."""

import random
from pathlib import Path

import pytest
from tests.sources.fuzzing import SEEDS, changed, hold_reading

FILES = 40


@pytest.mark.parametrize("name", SEEDS)
def test_any_bytes_give_events_or_reasoned_refusals(name: str, tmp_path: Path) -> None:
    make, mapping_text = SEEDS[name]
    good, chance = make(), random.Random(name)
    hold_reading(good, mapping_text, tmp_path)
    for _ in range(FILES):
        hold_reading(changed(good, chance), mapping_text, tmp_path)
