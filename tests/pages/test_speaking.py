"""Every text of a template stands in the catalogue, in both languages."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import nodes
from tests.pages.addresses import SIGNED_IN
from tests.pages.reading import page_of
from tests.query.serving import Asked

from tiendo_contracts.problems.problem_kinds import Language
from tiendo_query.pages.speaking import CATALOGUE, ENVIRONMENTS, english

PAGES = Path(str(files("tiendo_query.pages")))
ENVIRONMENT = ENVIRONMENTS[Language.VIETNAMESE]
TEMPLATES = sorted(ENVIRONMENT.list_templates(extensions=["html"]))
SAID_IN_BOTH = {"tiendo", "English", "Tiếng", "Việt", "HTTP", "CSV", "XLSX", "DOCX", "PDF", "JSON"}
_CODE = re.compile(r"\b[a-z-]+/\d\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SPOKEN_ATTRIBUTE = re.compile(r'(?<!name=")(?:aria-label|placeholder|title|alt|data-label)="([^"{}]+)"')


def said_by(template: str) -> set[str]:
    """What the template says by the catalogue."""
    source = (PAGES / template).read_text("utf-8")
    return {text for _, _, text in ENVIRONMENT.extract_translations(source) if isinstance(text, str)}  # type: ignore[attr-defined]


def plain_texts(template: str) -> Iterator[str]:
    """What the template writes outside of the catalogue: words between tags, and in attributes that are read out."""
    tree = ENVIRONMENT.parse((PAGES / template).read_text("utf-8"))
    data = "\x00".join(one.data for one in tree.find_all(nodes.TemplateData))
    yield from (text for text in _SPOKEN_ATTRIBUTE.findall(data) if _WORD.search(text))
    data = _CODE.sub(" ", data)
    yield from _WORD.findall(re.sub(r"&\w+;", " ", re.sub(r"<[^>]*>", " ", data.replace("\x00", ""))))


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_a_template_says_has_its_english(template: str) -> None:
    assert not said_by(template) - english().keys()


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_says_nothing_beside_the_catalogue(template: str) -> None:
    assert not set(plain_texts(template)) - SAID_IN_BOTH


def test_catalogues_hold_nothing_that_no_template_says_and_agree() -> None:
    said = set[str]().union(*map(said_by, TEMPLATES))
    told: dict[str, str] = {}
    for catalogue in PAGES.rglob(CATALOGUE):
        for text, words in tomllib.loads(catalogue.read_text("utf-8")).items():
            assert told.setdefault(text, words) == words, (catalogue, text)
    assert not told.keys() - said
    assert {
        text for text, words in told.items() if re.findall(r"%\(\w+\)s", text) != re.findall(r"%\(\w+\)s", words)
    } == set()


async def test_the_language_is_chosen_once_and_kept(served: Asked) -> None:
    await served.client.post("/sign-in", data={"key": served.secret})
    answer = await served.client.post("/language", data={"language": "en", "next": "/cases?from=2022-01-01"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?from=2022-01-01")
    for path in SIGNED_IN:
        html = await page_of(served, path)
        assert '<html lang="en">' in html, path
        assert "Sign out" in html, path
    assert "<h1>No such case</h1>" in await page_of(served, "/cases/nobody", status=404)
    elsewhere = await served.client.post("/language", data={"language": "vi", "next": "//evil.example/"})
    assert elsewhere.headers["location"] == "/"
    assert '<html lang="vi">' in await page_of(served, "/")
    assert (await served.client.post("/language", data={"language": "fr"})).status_code == 400
