"""Java, and Kafka's jars for it: whether they are there, and a tool of Kafka run with them."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "deploy" / "kafka"
JAVA_MIN = 17
FOREIGN = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
"""Somebody else's broker, which the tests are to use instead of one of their own."""


@cache
def missing() -> str | None:
    """Why no broker can be started here, or None if one can."""
    otherwise = "and this test needs a broker of its own" if FOREIGN else "and KAFKA_BOOTSTRAP_SERVERS is unset"
    if shutil.which("java") is None:
        return f"no Kafka broker: Java {JAVA_MIN} is missing {otherwise}"
    if (found := java_version()) < JAVA_MIN:
        return f"no Kafka broker: Java {JAVA_MIN} is needed, this is {found}, {otherwise}"
    if shutil.which("mvn") is None and not (FOLDER / "target" / "resolved.xml").exists():
        return f"no Kafka broker: Maven is missing {otherwise}"
    return None


def require() -> None:
    """Skip the test where no broker can be started; in CI that is a failure."""
    if reason := missing():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@cache
def jars() -> Path:
    """The folder with Kafka's jars, brought there once for all test processes."""
    done = subprocess.run([FOLDER / "resolve"], stdout=subprocess.PIPE, text=True, check=True, timeout=280)
    return Path(done.stdout.strip())


async def run_tool(
    name: str,
    *arguments: str,
    given: str = "",
    environment: Mapping[str, str] | None = None,
    timeout_seconds: float = 60,
) -> str:
    """What a tool of Kafka prints, by its name in Kafka's own distribution, with `given` on its standard input.

    Raises AssertionError with all that it said if it fails.
    """
    jars()
    process = await asyncio.create_subprocess_exec(
        FOLDER / "kafka-tool",
        name,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    try:
        said, complained = await asyncio.wait_for(process.communicate(given.encode()), timeout_seconds)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, f"{name}: {complained.decode()}{said.decode()}"
    return said.decode()


def java_version() -> int:
    """The major version of the Java that is there; 0 if it does not say."""
    done = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found.group(1)) if found else 0
