"""Commands, options, targets and settings that the documents name exist."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main
from tests.documents.reading import ROOT, documents, name_of, snippets_of

from tiendo_cli.main import app
from tiendo_runtime.settings import Settings

PROGRAM = typer.main.get_command(app)
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SETTINGS = {f"TIENDO_{name.upper()}" for name in Settings.model_fields}


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
