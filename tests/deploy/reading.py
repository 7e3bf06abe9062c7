"""What stands in deploy/: the compose file with its values filled in, and the Dockerfile as instructions."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
EXAMPLE = DEPLOY / "compose.env.example"
DOCKERFILE = DEPLOY / "Dockerfile"
OWN_IMAGE = "tiendo:latest"

_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::([?-])([^}]*))?\}")


@dataclass(slots=True, kw_only=True, frozen=True)
class Instruction:
    """One instruction of a Dockerfile, with its continued lines joined; `stage` counts the FROMs before it."""

    name: str
    text: str
    stage: int

    @property
    def words(self) -> list[str]:
        return shlex.split(self.text)


def compose(values: dict[str, str]) -> dict[str, Any]:
    """The compose file with `values` for its variables; one that is neither given nor has a default is its own name."""
    text = _VARIABLE.sub(lambda found: _value(found, values), COMPOSE.read_text(encoding="utf-8"))
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def variables() -> set[str]:
    """The variables that the compose file takes from outside."""
    return {found[1] for found in _VARIABLE.finditer(COMPOSE.read_text(encoding="utf-8"))}


def required_variables() -> set[str]:
    """Those without which nothing starts."""
    return {found[1] for found in _VARIABLE.finditer(COMPOSE.read_text(encoding="utf-8")) if found[2] == "?"}


def example_variables() -> set[str]:
    """The variables that the example of the file of secrets names."""
    return set(re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))


def instructions() -> list[Instruction]:
    """The Dockerfile's instructions in their order."""
    return list(_instructions(DOCKERFILE.read_text(encoding="utf-8")))


def properties(path: Path) -> dict[str, str]:
    """The settings of a Java properties file."""
    text = re.sub(r"\\\n\s*", "", path.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def _instructions(text: str) -> Iterator[Instruction]:
    stage = 0
    for line in re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines():
        if line.strip():
            name, _, rest = line.partition(" ")
            stage += name == "FROM"
            yield Instruction(name=name, text=rest.strip(), stage=stage)


def _value(found: re.Match[str], values: dict[str, str]) -> str:
    name, how, default = found[1], found[2], found[3]
    return values.get(name, default if how == "-" else name)
