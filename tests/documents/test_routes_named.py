"""Routes that the documents name are those of the published API."""

import json
import re
from pathlib import Path

import pytest
from tests.documents.reading import ROOT, documents, name_of, tells_of_today

ROUTES = json.loads((ROOT / "openapi/tiendo.json").read_text(encoding="utf-8"))["paths"]
_NAMED = re.compile(r"(?<![\w.])/v1/[a-z0-9_/{}-]+")


@pytest.mark.parametrize("document", filter(tells_of_today, documents()), ids=name_of)
def test_every_route_that_a_document_names_exists(document: Path) -> None:
    for route in _NAMED.findall(document.read_text(encoding="utf-8")):
        assert _shape(route) in {_shape(known) for known in ROUTES}, route


def _shape(route: str) -> str:
    return re.sub(r"\{\w+\}", "{}", route.rstrip("/"))
