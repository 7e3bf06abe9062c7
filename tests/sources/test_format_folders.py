"""Each format is one folder with the same few files, so that who knows one finds their way in all."""

from pathlib import Path

import tiendo_sources

ROOT = Path(tiendo_sources.__file__).parent
NO_FORMATS = {"tables", "evidence"}
"""What CSV and XLSX have in common, and the rows of evidence that a person fills in for a page."""
TABLES = {"csv", "xlsx", "directory_tables"}
"""Turned into facts by what they share, or into the tables of the rules file."""
AS_SENT = {"ndjson"}
"""What is read are the facts themselves."""
POLLED_OR_SENT = {"national", "igate"}
"""No files: there is nothing to be told by its first bytes, and what is refused is kept as it came."""


def folders() -> dict[str, set[str]]:
    """The modules by folder; a format that is a single module has nothing to divide (docs/how-to/source-format.md)."""
    found = {
        path.parent.name: {module.stem for module in path.parent.glob("*.py")} for path in ROOT.glob("*/__init__.py")
    }
    return {
        name: modules for name, modules in found.items() if name not in NO_FORMATS and modules != {"__init__", "format"}
    }


def test_every_format_is_read_in_its_reader() -> None:
    assert [name for name, modules in folders().items() if "reader" not in modules] == []


def test_every_format_of_another_system_is_turned_into_facts_in_its_translation() -> None:
    missing = {name for name, modules in folders().items() if "translation" not in modules}
    assert missing == TABLES | AS_SENT


def test_every_format_of_files_is_a_value_and_writes_what_is_refused() -> None:
    with_format = {name for name, modules in folders().items() if "format" in modules}
    assert with_format == {name for name, modules in folders().items() if "refused" in modules}
    assert with_format == folders().keys() - POLLED_OR_SENT - {"directory_tables"}


def test_what_is_written_in_a_format_is_written_in_its_writing() -> None:
    assert {name for name, modules in folders().items() if "writing" in modules} == {
        *POLLED_OR_SENT,
        *("xes", "ocel", "directory_tables"),
    }
