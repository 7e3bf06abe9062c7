"""Every kind of irregularity and every verdict has words in both languages, each its own."""

from tiendo_contracts.quality_words import VERDICT_WORDS, quality_definition, quality_title
from tiendo_domain.quality import QUALITY_KINDS, QualityVerdict


def test_every_kind_has_a_title_and_a_definition() -> None:
    titles = [quality_title(kind) for kind in QUALITY_KINDS]
    assert len({title.vi for title in titles}) == len({title.en for title in titles}) == len(QUALITY_KINDS)
    assert all(quality_definition(kind).vi and quality_definition(kind).en for kind in QUALITY_KINDS)


def test_every_verdict_has_a_word() -> None:
    assert VERDICT_WORDS.keys() == set(QualityVerdict)
