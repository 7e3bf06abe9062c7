"""The programs, messages, files and commands that docs/consumers.md shows, and how a reader would type a command."""

import asyncio
import os
import re
import stat
from pathlib import Path

from tests.documents.reading import ROOT
from tests.kafka import java

DOCUMENT = (ROOT / "docs/consumers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
PROGRAMS = {block.split(":", 1)[0].removeprefix("# "): block for language, block in BLOCKS if language == "python"}
SERVER = "127.0.0.1:9092"
TOOLS = ("kafka-console-consumer.sh", "kafka-consumer-groups.sh")


def command_of(containing: str) -> str:
    """The shell command of the document that contains the words."""
    (found,) = [block for language, block in BLOCKS if language == "sh" and containing in block]
    return str(found)


async def typed(command: str, folder: Path) -> str:
    """What a shell prints for the command, with Kafka's tools on the path."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for name in TOOLS:
        tool = tools / name
        tool.write_text(f'#!/bin/sh\nexec "{java.FOLDER}/kafka-tool" {name} "$@"\n', encoding="utf-8")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    process = await asyncio.create_subprocess_exec(
        "bash", "-ec", command, cwd=folder, env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, complained = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0 or b"TimeoutException" in complained, complained.decode()
    return printed.decode()
