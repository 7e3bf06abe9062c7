"""Every link within the repository leads somewhere."""

import re
import unicodedata
from pathlib import Path

import pytest
from tests.documents.reading import ROOT, documents, name_of, prose_of

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    for link in _LINK.findall(prose_of(document.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in _anchors(target), link


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_no_document_names_a_path_of_one_machine(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:home|work|root|Users)/\w", text)


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {_anchor(heading) for heading in headings}


def _anchor(heading: str) -> str:
    """As GitHub makes it: small letters, punctuation dropped, spaces to hyphens."""
    text = unicodedata.normalize("NFC", heading.lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
