"""The example gateway plays the simulated province, and the poller takes it as any other."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.poller.polls import Polls, logged
from tests.preloaded.commands import tiendo_beside

from tiendo_event_store import Rejections
from tiendo_sources.igate.configuration import load_configuration

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "deploy/examples/igate_gateway.py"
EXAMPLE = ROOT / "deploy/igate.example.toml"


@pytest.mark.xdist_group("simulation")
async def test_the_played_province_is_polled_with_the_example_of_the_configuration(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    states = tmp_path / "states.ndjson"
    simulate = ("simulate", "--format", "igate", "--scale", "0.0005", "--out", str(states))
    assert (await tiendo_beside(*simulate)).returncode == 0
    truth = (tmp_path / "states.ndjson.truth.ndjson").read_text(encoding="utf-8").splitlines()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROGRAM), str(states), "--port", "0", "--speed", "0"), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        address = (await process.stdout.readline()).decode().strip()
        (tmp_path / "igate.secret").write_text("secret", encoding="utf-8")
        text = EXAMPLE.read_text(encoding="utf-8").replace("https://apiigate.example.gov.vn", address)
        text = text.replace(
            "https://sso.example.gov.vn/auth/realms/digo/protocol/openid-connect/token", f"{address}/token"
        )
        text = text.replace("# updated_from", "updated_from").replace(
            "# requests_per_second = 2", "requests_per_second = 500"
        )
        (tmp_path / "igate.toml").write_text(text, encoding="utf-8")
        async with Polls(engine, load_configuration(tmp_path / "igate.toml")) as polls:
            await polls.poll()
    finally:
        process.kill()
        await process.communicate()
    log = await logged(engine)
    assert log.by_case.keys() == {json.loads(line)["case_id"] for line in truth}
    assert await Rejections(engine).after(0, 1) == []
