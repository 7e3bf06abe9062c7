"""The rule book and the glossary as pages, and numbers of rules that lead into them."""

import re

import pytest
from tests.documents.reading import ROOT
from tests.pages.addresses import CASE_PATH
from tests.query.serving import Asked

from tiendo_contracts.explanation import rule_in_words
from tiendo_query.pages.rule_links import known_rules, rule_links, rules_listed


def test_every_rule_of_the_rule_book_has_an_anchor_of_its_number() -> None:
    stated = set(re.findall(r"^### ([A-Z]\.?\d+) ", (ROOT / "docs/rulebook.md").read_text("utf-8"), re.MULTILINE))
    assert len(stated) > 50
    assert stated <= known_rules()


@pytest.mark.parametrize(
    "rule", ["step-norm/1 (A1, A2, A3)", "after-due/1 (A4)", "C", "E4", "step-norm/1 (A1, A2, A3), E4"]
)
def test_each_number_that_stands_behind_a_share_is_a_link_to_its_rule(rule: str) -> None:
    numbers = re.findall(r"\b[A-Z]\d*\b", rule)
    for said in (rule_in_words(rule).vi, rule_in_words(rule).en):
        assert re.findall(r'href="/rule-book#([^"]+)"', rule_links(said)) == numbers


def test_what_is_no_rule_is_no_link_and_no_markup() -> None:
    said = rule_links("H34.20, A99, giấy A3/A4, <b>A5</b>, Kon Tum A")
    assert re.findall(r"#([A-Z0-9.]+)", said) == ["A5", "A"]
    assert "&lt;b&gt;" in said
    assert rules_listed(["D4", "Z9"]) == '<a class="rule" href="/rule-book#D4">D4</a>, Z9'


async def test_the_rules_that_a_case_cites_stand_in_the_rule_book(served: Asked) -> None:
    case = (await served.raw(CASE_PATH)).text
    cited = set(re.findall(r'href="/rule-book#([^"]+)"', case))
    book = (await served.raw("/rule-book")).text
    assert {"A1", "A2", "A3"} <= cited
    assert cited <= set(re.findall(r'<h[23] id="([^"]+)"', book))
    assert 'href="/glossary"' in book
    assert len(book.encode()) < 200_000
