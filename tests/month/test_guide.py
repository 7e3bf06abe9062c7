"""The guide for users names what is on the pages, and shows them: by `PICTURES=FOLDER` its pictures are written there."""

import os
import re
from pathlib import Path
from typing import Final

import pytest
from tests.documents.reading import ROOT
from tests.month.addresses import routes_of
from tests.month.pictures import as_webp
from tests.month.visitors import NOBODY, Visitors
from tests.month.worked_month import WorkedMonth

pytestmark = pytest.mark.xdist_group("month")

GUIDE: Final = (ROOT / "docs/huong-dan.md").read_text("utf-8")
PICTURES: Final = ROOT / "docs/pictures"
BYTES_MAX: Final = 2_000_000
_QUOTED: Final = re.compile("„([^“…]+)“")
_ADDRESS: Final = re.compile(r"`(/[a-z-]*(?:/[a-z-]+)*)`")
_PICTURE: Final = re.compile(r"!\[([^\]]+)\]\(pictures/([a-z-]+)\.webp\)")


async def test_every_label_that_the_guide_names_is_on_a_page_of_the_month(month: WorkedMonth) -> None:
    named = set(_QUOTED.findall(GUIDE))
    assert len(named) > 50
    assert sorted(label for label in named if label not in month.words) == []


async def test_every_address_that_the_guide_names_is_one_of_the_routes(visitors: Visitors) -> None:
    addresses = set(_ADDRESS.findall(GUIDE))
    assert len(addresses) > 5
    assert addresses - set(routes_of(visitors.service.app)) == set()


async def test_the_pictures_of_the_guide_are_those_that_were_taken_on_the_way(
    month: WorkedMonth, visitors: Visitors
) -> None:
    shown = [name for _, name in _PICTURE.findall(GUIDE)]
    assert sorted(shown) == sorted(month.pictures)
    if (folder := os.environ.get("PICTURES")) is not None:
        for name, png in month.pictures.items():
            _keep(Path(folder), name, await as_webp(visitors[NOBODY].page.context, png))
    kept = {path.name: path.read_bytes() for path in PICTURES.iterdir()}
    assert kept.keys() == {f"{name}.webp" for name in shown}
    assert all(content[:4] == b"RIFF" and content[8:12] == b"WEBP" for content in kept.values())
    assert sum(map(len, kept.values())) < BYTES_MAX


def _keep(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.webp").write_bytes(content)
