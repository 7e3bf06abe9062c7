"""What the documents tell a newcomer to type works as printed, block after block pasted into one shell, on a fresh demonstration."""

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.cli.running_up import Up, environment, start_up
from tests.documents.reading import ROOT
from tests.waiting import until

pytestmark = [
    pytest.mark.xdist_group("walkthrough"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^## (.+)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)
ADDRESS = "http://127.0.0.1:8080"
NEEDS_MORE = {
    "Run it": "these start the demonstration and the tests",
    "Start and stop": "these start the demonstration",
    "With containers": "a container engine",
    "Kafka: topics and access": "brokers",
    "The relay": "brokers",
    "Following other logs over Kafka": "brokers, and a database of another log",
    "Restore": "an empty database and the dump",
}
"""Sections whose blocks need what a demonstration has not."""


@pytest.fixture(scope="module")
async def up(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Up]:
    running = await start_up(tmp_path_factory.mktemp("walkthrough") / "data", "--demo")
    yield running
    await running.stop()


def blocks(document: str) -> str:
    """The blocks for a shell, those left out whose sections need more."""
    text = (ROOT / document).read_text(encoding="utf-8")
    sections = [body for name, body in _SECTION.findall(text) if name not in NEEDS_MORE]
    return "\n".join(block for body in (text.partition("\n## ")[0], *sections) for block in _SHELL.findall(body))


async def pasted(up: Up, document: str, folder: Path, *, first: str = "") -> str:
    """What a shell prints that got every block of the document, in a folder that looks like the repository's."""
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "deploy").symlink_to(ROOT / "deploy")
    script = first + blocks(document).replace(ADDRESS, up.address)
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        cwd=folder,
        env={**environment(up.data), "LC_ALL": "C.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 240)
    said = output.decode("utf-8", errors="replace")
    assert process.returncode == 0, f"{said[-2_000:]}\n{errors.decode()}"
    assert "/problems/" not in said
    return said


async def test_the_readme_can_be_pasted_block_after_block(up: Up, tmp_path: Path) -> None:
    said = await pasted(up, "README.md", tmp_path)
    assert re.search(r'"case_id":"EXAMPLE-0001".*"lateness_minutes":[1-9]', said)
    assert said.count("Nguyễn Thị Ánh") >= 3
    assert "Kết quả giải quyết từ 01/01/2022 đến 25/08/2022" in said
    assert (tmp_path / "delays.xlsx").read_bytes().startswith(b"PK")


async def test_the_tour_of_the_api_can_be_pasted_block_after_block(up: Up, tmp_path: Path) -> None:
    said = await pasted(up, "docs/api.md", tmp_path)
    assert '"accepted":2' in re.sub(r"\s", "", said)
    assert "EXAMPLE-0002;1.004227;Đăng ký biến động đất đai" in said
    assert re.search(r'"case_id":"EXAMPLE-0002".*"lateness_minutes":[1-9]', said)


async def test_what_operators_type_can_be_pasted_block_after_block(up: Up, tmp_path: Path) -> None:
    said = await pasted(up, "docs/operations.md", tmp_path, first='export PATH="$PWD/.venv/bin:$PATH"\n')
    assert "nothing changed: the rules say so already" in said
    assert "rejected: 0" in said
    assert re.search("^revoked: ", said, re.MULTILINE)
    assert (tmp_path / "tiendo.dump").read_bytes().startswith(b"PGDMP")


async def test_the_demonstration_shows_explanations_decisions_and_a_month_published_and_corrected(up: Up) -> None:
    await until((up.data / "demo.json").exists, seconds=240, what="the demonstration is there")
    async with httpx.AsyncClient(base_url=up.address, timeout=60, trust_env=False) as client:
        headers = {"Authorization": f"Bearer {up.lines['publish key']}"}
        lists = (await client.get("/v1/publications", headers=headers)).json()["items"]
        assert {(one["unit"], one["state"], one["version"]) for one in lists} == {
            ("H34.STNMT", "published", 2),
            ("H34.TPKT", "open", 1),
        }
        corrected = next(one for one in lists if one["state"] == "published")
        first, second = [
            (await client.get(f"/v1/publications/{corrected['id']}?version={version}", headers=headers)).json()
            for version in (1, 2)
        ]
        assert (first["withheld"]["undecided"], second["withheld"]["undecided"]) == (1, 0)
        assert "attributed_minutes" in {one["member"] for one in second["differences"]}
        headers = {"Authorization": f"Bearer {up.lines['read key']}"}
        filed = (await client.get("/v1/explanations", headers=headers)).json()["items"]
        assert sorted(one["state"] for one in filed) == ["decided"] * 4 + ["withdrawn"]
        assert (await client.get("/cong-khai/CK-H34.STNMT-2022-07")).status_code == 200


@pytest.mark.parametrize("name", NEEDS_MORE)
def test_every_section_that_needs_more_is_there(name: str) -> None:
    documents = ("README.md", "docs/api.md", "docs/operations.md")
    assert any(f"\n## {name}\n" in (ROOT / document).read_text(encoding="utf-8") for document in documents)


def test_the_readme_names_two_commands_before_all_others() -> None:
    first = _SHELL.findall((ROOT / "README.md").read_text(encoding="utf-8"))[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make run", "make test"]


def test_no_officer_of_an_example_is_somebody_of_the_demonstration() -> None:
    text = "".join((ROOT / document).read_text(encoding="utf-8") for document in ("README.md", "docs/api.md"))
    officers = set(re.findall(r'"holder": \{"id": "([^"]+)"', text))
    assert officers
    assert not any(officer.startswith("CC-") for officer in officers)
