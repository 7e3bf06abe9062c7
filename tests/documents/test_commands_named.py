"""Commands, options, targets, settings, metrics and paths that the documents name exist."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import typer.main
from tests.documents.reading import ROOT, documents, name_of, snippets_of, tells_of_today

from tiendo_cli.main import app
from tiendo_runtime.settings import Settings

PROGRAM = typer.main.get_command(app)
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SETTINGS = {f"TIENDO_{name.upper()}" for name in Settings.model_fields}
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("libs", "services")
    for path in sorted((ROOT / folder).rglob("*.py"))
)
METRICS = {name.removesuffix("_total") for name in re.findall(r'"(tiendo_[a-z]+_[a-z_]+)",\s', CODE)}
_METRIC = re.compile(r"\btiendo_(?:http|ingest|log|poller|projected|projector|relay|source)_[a-z_]+\b")
FOLDERS = ("libs", "services", "migrations", "tests", "docs", "deploy", "openapi")
WRITTEN_BY_READERS = {"deploy/.env"}
_PATH = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./*-]*")


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    for snippet in snippets_of(document.read_text(encoding="utf-8")):
        for call in re.findall(r"(?:^|[(|;&]\s*)(tiendo(?: [^|;&>)]+)?)", snippet):
            _check_call(call, snippet)


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_target_that_a_document_names_exists(document: Path) -> None:
    for snippet in snippets_of(document.read_text(encoding="utf-8")):
        for target in re.findall(r"(?:^|[;&]\s*)make ([a-z][a-z-]*)", snippet):
            assert target in TARGETS, snippet


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_setting_that_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"\bTIENDO_[A-Z_]+\b", document.read_text(encoding="utf-8")))
    assert named <= SETTINGS


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_metric_that_a_document_names_exists(document: Path) -> None:
    named = set(_METRIC.findall(document.read_text(encoding="utf-8")))
    assert {name.removesuffix("_total") for name in named} <= METRICS


@pytest.mark.parametrize("document", filter(tells_of_today, documents()), ids=name_of)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    for snippet in snippets_of(document.read_text(encoding="utf-8")):
        for path in _paths(snippet.split()):
            assert path in WRITTEN_BY_READERS or any(ROOT.glob(path.rstrip("/"))), path


def _paths(words: Iterable[str]) -> list[str]:
    """The words that are paths within the repository, with a `<part>` of any name taken for one that stands for all."""
    shown = (re.sub(r"<\w+>", "*", word.split("::")[0]) for word in words)
    return [word for word in shown if _PATH.fullmatch(word)]


def test_every_setting_is_described_for_the_operator() -> None:
    described = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert {name for name in SETTINGS if f"`{name}`" not in described} == set()


def _check_call(call: str, snippet: str) -> None:
    words = shlex.split(call.replace("…", ""))[1:]
    command: Any = PROGRAM
    while words and (commands := getattr(command, "commands", None)) and not words[0].startswith("-"):
        # `case|explain`: both of them
        names = words.pop(0).split("|")
        assert all(name in commands for name in names), f"no such command: {snippet}"
        command = commands[names[0]]
        command = getattr(command, "loaded", command)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    given = {word.split("=", 1)[0] for word in words if word.startswith("--")}
    assert given <= known | {"--help"}, f"no such option: {snippet}"
