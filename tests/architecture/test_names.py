"""One public name, one thing: no two classes of one name, no file name that means two things or tells nothing of its content."""

import ast
from collections import defaultdict
from collections.abc import Hashable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    path for folder in ("libs", "services", "migrations") for path in sorted((ROOT / folder).rglob("*.py"))
]  # fmt: skip

CLASSES_OF_ONE_NAME = {
    "Party": "the simulation tells its truth in the field's words and may not know the domain's classes",
    "PauseMode": "likewise",
    "Procedure": "likewise",
    "Step": "likewise",
}
"""Names that two classes may have, each with the reason."""

A_PART_OF_EACH_PACKAGE = "a part that many packages have, of the same kind in each"
ONE_RESOURCE = "one thing of the field, and what each layer has of it"
FILES_OF_ONE_NAME = {
    **dict.fromkeys(("__init__", "errors", "metrics", "tables"), A_PART_OF_EACH_PACKAGE),
    **dict.fromkeys(
        (
            "access_log",
            "agencies",
            "breakdowns",
            "cases",
            "delays",
            "difficulties",
            "directory",
            "explanations",
            "forms",
            "keys",
            "log",
            "officers",
        ),
        ONE_RESOURCE,
    ),
    **dict.fromkeys(
        (
            "periods",
            "publications",
            "procedures",
            "quality",
            "rejections",
            "reports",
            "rules",
            "states",
            "timelines",
            "topics",
            "units",
            "waiting",
            "early_warnings",
        ),
        ONE_RESOURCE,
    ),
}
"""Names that files of two packages may have, each with the reason."""

WORDS_THAT_TELL_NOTHING = {
    *("data", "handler", "handlers", "helper", "helpers", "manager", "managers", "misc", "process", "util", "utils"),
    *("answering", "asking", "knows", "leaving", "leftovers", "one_truth", "pausing", "reaching", "sent", "sorting"),
    *("telling", "told"),
}
"""As the whole name of a file: verbs and feelings that do not say what is in it."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def public_classes(path: Path) -> list[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return [node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def standing_twice(places: list[tuple[str, Hashable]]) -> set[str]:
    """The names that stand in more than one place."""
    found = defaultdict(set)
    for name, place in places:
        found[name].add(place)
    return {name for name, where in found.items() if len(where) > 1}


CLASSES_TWICE = standing_twice([(name, path) for path in SOURCES for name in public_classes(path)])
FILES_TWICE = standing_twice([(path.stem, path.relative_to(ROOT).parts[1]) for path in SOURCES])
WORDLESS = {named(path) for path in SOURCES if path.stem in WORDS_THAT_TELL_NOTHING}


def test_no_two_public_classes_have_one_name() -> None:
    assert CLASSES_OF_ONE_NAME.keys() >= CLASSES_TWICE


def test_files_of_two_packages_have_one_name_only_for_one_thing() -> None:
    assert FILES_OF_ONE_NAME.keys() >= FILES_TWICE


def test_the_name_of_a_file_tells_what_is_in_it() -> None:
    assert not WORDLESS


@pytest.mark.parametrize(("allowed", "found"), [(CLASSES_OF_ONE_NAME, CLASSES_TWICE), (FILES_OF_ONE_NAME, FILES_TWICE)])
def test_every_exception_with_a_reason_is_still_one(allowed: dict[str, str], found: set[str]) -> None:
    assert set(allowed) <= found
