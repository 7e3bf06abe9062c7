"""The shape of the code, held by programs: layers, folders, sizes, and a reason for each exception."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
MODULES_IN_A_FOLDER_MAX = 30
PLACES = ("libs", "services", "migrations", "tests")
PACKAGES = {
    "libs": {
        "tiendo_client", "tiendo_contracts", "tiendo_documents", "tiendo_domain", "tiendo_event_store", "tiendo_read_models",
        "tiendo_runtime", "tiendo_simulation", "tiendo_sources",
    },
    "services": {"tiendo_cli", "tiendo_ingest", "tiendo_notifier", "tiendo_poller", "tiendo_projector", "tiendo_query", "tiendo_relay"},
    "migrations": {"tiendo_migrations"},
}  # fmt: skip
SERVICES = PACKAGES["services"] - {"tiendo_cli"}
WORDLESS_NAMES = re.compile(r"(^|_)(utils?|helpers?|misc|managers?)(_|$)")
EXCEPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)\b[^#\n]*")


def sources(*places: str) -> list[Path]:
    found = [path for place in places for path in (ROOT / place).rglob("*.py")]
    return sorted(path for path in found if ".venv" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(path: Path) -> set[str]:
    """The top names of everything that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def test_the_layers_import_downwards_only() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("place", PACKAGES)
def test_the_folders_name_is_the_import_name(place: str) -> None:
    found = {path.parent.name for path in (ROOT / place).glob("*/__init__.py")}
    assert found == PACKAGES[place]


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_services_never_import_one_another(service: str) -> None:
    others = PACKAGES["services"] - {service}
    found = {named(path): imported(path) & others for path in sources(f"services/{service}")}
    assert not {name: names for name, names in found.items() if names}


def test_every_package_tells_that_it_is_typed() -> None:
    missing = [
        f"{place}/{name}"
        for place, names in PACKAGES.items()
        for name in names
        if not (ROOT / place / name / "py.typed").exists()
    ]
    assert not missing


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*PLACES)}
    assert not {name: length for name, length in lengths.items() if length > FILE_LINES_MAX}


def test_no_folder_of_the_product_holds_more_modules_than_can_be_looked_through() -> None:
    counts = Counter(
        named(path.parent) for path in sources(*PACKAGES) if path.parent.name not in {"versions", "commands"}
    )
    assert not {name: count for name, count in counts.items() if count > MODULES_IN_A_FOLDER_MAX}


def test_no_function_is_longer_than_seventy_lines() -> None:
    lengths = {
        f"{named(path)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in sources(*PLACES)
        for node in functions(path)
    }
    assert not {name: length for name, length in lengths.items() if length > FUNCTION_LINES_MAX}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        named(path) for path in sources(*PLACES) if path.stat().st_size > 0 and ast.get_docstring(tree_of(path)) is None
    ]
    assert not silent


def test_names_of_modules_say_what_is_in_them() -> None:
    assert not [named(path) for path in sources(*PLACES) if WORDLESS_NAMES.search(path.stem)]


def test_every_exception_from_a_rule_has_a_code_and_a_reason_or_stands_beside_one() -> None:
    """`# noqa: CODE - reason`; the same exception again in the same file needs no reason of its own."""
    faulty = []
    for path in sources("libs", "services", "migrations"):
        explained: set[str] = set()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for found in EXCEPTION.finditer(line):
                codes, _, reason = found.group().partition(" - ")
                key = re.sub(r"\s+", "", codes)
                if reason.strip():
                    explained.add(key)
                elif key not in explained and not key.startswith("#type:ignore["):
                    faulty.append(f"{named(path)}:{number}: {found.group()}")
    assert not faulty


def test_every_ignored_rule_of_the_linter_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pycodestyle]")]
    lines = [line for line in section.splitlines() if re.match(r'\s+"[A-Z]+[0-9]+",', line)]
    ignored = tomllib.loads(text)["tool"]["ruff"]["lint"]["ignore"]
    assert len(lines) >= len(ignored)
    reasons = [line.partition("#")[2].strip() for line in lines]
    documented_together = {"DOC402", "DOC501", "D102", "D101", "S607", "PLC2701", "SLF001", "ANN401", "FBT002"}
    bare = [line.strip() for line, reason in zip(lines, reasons, strict=True) if not reason]
    assert not [line for line in bare if line.split('"')[1] not in documented_together]


@pytest.mark.parametrize("package", sorted({*PACKAGES["libs"], "tiendo_ingest", "tiendo_projector"}))
def test_a_librarys_errors_open_with_the_tree(package: str) -> None:
    files = [path for path in sources(*PACKAGES) if path.name == "errors.py" and package in path.parts]
    for path in files:
        drawn = ast.get_docstring(tree_of(path)) or ""
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.decorator_list:
                assert node.name in drawn, f"{named(path)} does not draw {node.name}"
