"""What the documents tell a newcomer to type works as it stands."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.cli.running_up import Up, start_up
from tests.documents.reading import ROOT
from tests.waiting import until

pytestmark = [
    pytest.mark.xdist_group("up"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_EVENT = {
    "specversion": "1.0",
    "id": "w-1",
    "source": "/example/desk",
    "type": "vn.tiendo.case.received.v1",
    "subject": "EXAMPLE-0003",
    "time": "2022-08-15T08:05:00+07:00",
}


@pytest.fixture(scope="module")
async def up(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Up]:
    running = await start_up(tmp_path_factory.mktemp("walkthrough") / "data")
    yield running
    await running.stop()


async def test_the_first_event_of_the_readme_is_accepted_and_its_timeline_answered(up: Up, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = next(block for block in _SHELL.findall(text) if "/v1/events" in block)
    block = block.replace("http://127.0.0.1:8080", up.address)
    block = block.replace("INGEST_KEY", up.lines["ingest key"]).replace("READ_KEY", up.lines["read key"])
    await _answered(block, tmp_path)
    assert '"lateness_minutes"' in await _typed(block, tmp_path)


async def test_every_command_of_the_tour_of_the_api_is_answered(up: Up, tmp_path: Path) -> None:
    (tmp_path / "events.ndjson").write_text(json.dumps(_EVENT) + "\n", encoding="utf-8")
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    keys = f"URL={up.address}\nREAD_KEY={up.lines['read key']}\nINGEST_KEY={up.lines['ingest key']}\n"
    blocks = [block for block in _SHELL.findall(text) if "curl" in block]
    assert len(blocks) > 3
    for block in blocks:
        await _answered(keys + block, tmp_path)


async def _answered(block: str, folder: Path) -> None:
    """Return once all answers are good; what was sent before is a duplicate then, and a case needs a moment to be projected."""

    async def good() -> bool:
        return "/problems/" not in await _typed(block, folder)

    await until(good, what=block)


async def _typed(block: str, folder: Path) -> str:
    """What the shell prints for it."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-ec", block, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    return output.decode()
