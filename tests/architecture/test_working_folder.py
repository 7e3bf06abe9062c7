"""No run of the tests writes into the checkout, or into a data folder that is somebody's own."""

from pathlib import Path

import pytest
from tests.working_folder import left_behind

from tiendo_runtime.settings import load_settings


def test_what_a_run_leaves_in_the_checkout_is_told_and_what_tools_keep_there_is_not(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    before = frozenset({"README.md"})
    assert left_behind(tmp_path, before) == []
    (tmp_path / ".hypothesis").mkdir()
    (tmp_path / "delays.xlsx").touch()
    assert left_behind(tmp_path, before) == ["delays.xlsx"]


def test_files_of_a_data_folder_are_told_also_where_an_earlier_run_left_them(tmp_path: Path) -> None:
    (tmp_path / "checkpoints.txt").touch()
    assert left_behind(tmp_path, frozenset({"checkpoints.txt"})) == ["checkpoints.txt"]


def test_whatever_names_no_data_folder_has_that_of_the_run(
    data_of_its_own: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert load_settings().data == data_of_its_own
    assert data_of_its_own.is_relative_to(tmp_path_factory.getbasetemp())
