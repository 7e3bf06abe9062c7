"""Private parts of libraries: behind one module each, which was read in the version that is pinned."""

import ast
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADAPTERS = {
    "libs/tiendo_client/aiokafka_internals.py": {"aiokafka": "0.14.0"},
    "libs/tiendo_event_store/faults.py": {"asyncpg": "0.32.0"},
    "libs/tiendo_runtime/http_connection.py": {"uvicorn": "0.54.0", "httptools": "0.9.0"},
}
NO_PRIVATE_PARTS = {
    "_mapping": "SQLAlchemy's public name",
    "_exit": "of the standard library's `os`",
    "_replace": "of the standard library's named tuples",
}


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_adapter_of_private_parts_was_read_in_the_version_that_is_installed(adapter: str) -> None:
    assert {name: version(name) for name in ADAPTERS[adapter]} == ADAPTERS[adapter], f"read {adapter} again"


def private_parts(path: Path) -> Iterator[str]:
    """Where a file uses what begins with `_` of something that is neither its own object nor of its own class, or of a private module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_own(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and "._" in f".{node.module}":
            yield f"line {node.lineno}: from {node.module}"
        if not isinstance(node, ast.Attribute) or not node.attr.startswith("_") or node.attr.startswith("__"):
            continue
        if not is_own(node.value) and node.attr not in own | NO_PRIVATE_PARTS.keys():
            yield f"line {node.lineno}: {node.attr}"


def is_own(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in {"self", "cls"}


def test_private_parts_of_libraries_are_used_in_their_adapters_alone() -> None:
    files = [path for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): list(private_parts(path)) for path in files}
    assert {name for name, parts in found.items() if parts} == set(ADAPTERS), found
