"""Each how-to is followed to the letter on a copy of the tree: what it adds works, and costs as few files as the design promises."""

from pathlib import Path

import pytest
from tests.documents.how_to import HOW_TO, copy_of_the_tree, how_to, run_in

FILES_MAX = {"timeline-field": 6, "event-type": 4, "policy": 4, "report": 8, "source-format": 2}


def test_every_how_to_is_followed() -> None:
    assert {path.stem for path in HOW_TO.glob("*.md")} == FILES_MAX.keys()


@pytest.mark.parametrize("name", FILES_MAX)
def test_what_a_how_to_adds_works_and_touches_few_files(name: str, tmp_path: Path, database_url: str) -> None:
    told = how_to(name)
    assert len(told.files) <= FILES_MAX[name]
    tree = copy_of_the_tree(tmp_path)
    for edit in told.edits:
        edit.made(tree)
    done = run_in(tree, told.check, database_url)
    assert done.returncode == 0, done.stderr


def test_a_format_touches_nothing_but_its_own_folder() -> None:
    assert len({Path(path).parent for path in how_to("source-format").files}) == 1


@pytest.mark.parametrize("name", FILES_MAX)
def test_what_a_how_to_adds_is_not_there_before(name: str, tmp_path: Path, database_url: str) -> None:
    done = run_in(copy_of_the_tree(tmp_path), how_to(name).check, database_url)
    assert done.returncode != 0
