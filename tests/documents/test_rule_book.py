"""The rule book is complete in both languages, and code cites only rules that it has."""

import re
from pathlib import Path

import pytest
from tests.documents.reading import ROOT, RULE_BOOK, name_of

from tiendo_contracts.explanation import POLICY_WORDS
from tiendo_domain.timeline.policies import policy_named
from tiendo_domain.timeline_types import AnomalyKind, CaseClass, PartyKind, Policy, State

TEXT = RULE_BOOK.read_text(encoding="utf-8")
RULES = dict(re.findall(r"^### (\S+) [^\n]+\n+(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))
SECTIONS = set(re.findall(r"^## ([A-Z])\. ", TEXT, re.MULTILINE))
CODE = sorted(
    path
    for folder in ("libs", "services", "migrations", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if ".venv" not in path.parts
)
_CITED = re.compile(r"\b(?:rules?|quy tắc|Quy tắc|Rules?) ((?:[THDACRXN]\d{0,2}(?![\w.'])(?:, | and | và |–)?)+)")


@pytest.mark.parametrize(
    "number",
    [f"{letter}{n}" for letter, last in zip("THDAXN", (7, 12, 5, 8, 4, 4), strict=True) for n in range(1, last + 1)],
)
def test_every_numbered_rule_is_there(number: str) -> None:
    assert number in RULES


@pytest.mark.parametrize("number", RULES)
def test_every_rule_stands_in_both_languages(number: str) -> None:
    vietnamese, _, english = RULES[number].partition("\n> ")
    assert re.search(r"[ăâđêôơưạảấầậắặếềệịọộớợụứừự]", vietnamese)
    assert english.strip()
    quoted = set(re.findall(r"`([a-z_.-]+)`", english)) - {"d", "h"}
    missing = {name for name in quoted if name not in vietnamese}
    assert not missing, f"named in English only: {missing}"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_code_cites_only_rules_that_the_book_has(path: Path) -> None:
    for cited in _CITED.findall(path.read_text(encoding="utf-8")):
        for number in re.findall(r"[A-Z]\d{0,2}", cited):
            assert number in RULES or number in SECTIONS, f"rule {number}"


@pytest.mark.parametrize("words", [AnomalyKind, CaseClass, PartyKind, Policy, State], ids=lambda words: words.__name__)
def test_every_word_of_an_answer_stands_in_the_rule_book(words: type[AnomalyKind]) -> None:
    assert {word.value for word in words if word.value not in TEXT} == set()


@pytest.mark.parametrize("name", Policy)
def test_every_policy_has_words_and_rules_of_the_book(name: Policy) -> None:
    policy, words = policy_named(name), POLICY_WORDS[name]
    assert policy.name is name
    numbers = {*policy.rule_numbers, *words.party_rules, *words.hold_rules, words.share_rule}
    assert numbers <= RULES.keys()
    assert all(name.value in RULES[number] for number in policy.rule_numbers[-1:])
