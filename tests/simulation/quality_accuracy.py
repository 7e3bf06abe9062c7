"""`python -m tests.simulation.quality_accuracy`: how much of what the simulation plants is found, and what else is, into `docs/quality.md`."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.simulation.answers import AS_OF, events_of, given_answer, rule_book, true_answer
from tests.simulation.conftest import VIETNAM

from tiendo_domain.quality import OtherKind, QualityKind, doubts_of, irregularities_of
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import AnomalyKind, CaseTimeline
from tiendo_simulation import Simulation, rules_text
from tiendo_simulation.defects import Defect

DOCUMENT = Path("docs/quality.md")
BEGIN, END = "<!-- what is found of the simulation: begin -->", "<!-- what is found of the simulation: end -->"

SHOWN_AS: Mapping[Defect, QualityKind | None] = {
    Defect.PLACEHOLDER: AnomalyKind.PLACEHOLDER_HOLDER,
    Defect.UNNAMED: AnomalyKind.UNKNOWN_HOLDER,
    Defect.WITHOUT_ID: AnomalyKind.HOLDER_WITHOUT_ID,
    Defect.MISSING_STEP: OtherKind.STEP_WITHOUT_ALLOTMENT,
    Defect.MISSING_HANDOVER: None,
    Defect.MISSING_RECEPTION: AnomalyKind.MISSING_RECEPTION,
    Defect.WRONG_INSTANT: None,
    Defect.TWO_HOLDERS: AnomalyKind.TWO_HOLDERS,
    Defect.DUE_MOVED_AFTER: AnomalyKind.DEADLINE_MOVED_AFTER_DUE,
    Defect.DUE_MOVED_SILENTLY: AnomalyKind.DEADLINE_MOVED_WITHOUT_REASON,
    Defect.FINISH_MOVED_BACK: AnomalyKind.FINISH_MOVED_BACK,
    Defect.ANNULLED: None,
    Defect.WITHOUT_TARGET: AnomalyKind.CORRECTION_WITHOUT_TARGET,
    Defect.ANSWER_UNASKED: AnomalyKind.OUT_OF_ORDER,
    Defect.AFTER_THE_END: AnomalyKind.OUT_OF_ORDER,
    Defect.FUTURE: AnomalyKind.FUTURE_INSTANT,
}
"""As what a defect shows; None: nothing that was told is irregular, so that nobody could find it."""


@dataclass(slots=True)
class Found:
    """Of the simulated cases: planted and found by defect, shown by kind, and the minutes that stand under another party than truly caused them."""

    scale: float
    cases: int = 0
    planted: Counter[Defect] = field(default_factory=Counter)
    found: Counter[Defect] = field(default_factory=Counter)
    shown: Counter[QualityKind] = field(default_factory=Counter)
    rightly: Counter[QualityKind] = field(default_factory=Counter)
    attributed: int = 0
    doubtful: int = 0
    elsewhere: int = 0
    elsewhere_doubtful: int = 0

    def count(self, truth: Mapping[str, Any], timeline: CaseTimeline) -> None:
        """Add one case."""
        self.cases += 1
        kinds = set(irregularities_of(timeline))
        defects = [Defect(defect["kind"]) for defect in truth["defects"]]
        expected = {SHOWN_AS[defect] for defect in defects}
        for defect in defects:
            self.planted[defect] += 1
            self.found[defect] += SHOWN_AS[defect] in kinds
        self.shown.update(kinds)
        self.rightly.update(kind for kind in kinds if kind in expected)
        doubtful = sum(doubts.minutes for doubts in doubts_of(timeline))
        self.attributed += timeline.lateness_minutes or 0
        self.doubtful += doubtful
        true, given = true_answer(truth), given_answer(timeline)
        parties = {*true.shares, *given.shares}
        elsewhere = sum(abs(given.shares.get(party, 0) - true.shares.get(party, 0)) for party in parties) // 2
        self.elsewhere += elsewhere
        self.elsewhere_doubtful += elsewhere if doubtful else 0


def found_of(scale: float) -> Found:
    """All cases of kontum-2022 at that scale."""
    simulation = Simulation("kontum-2022", scale=scale)
    rules = rule_book(rules_text(simulation.province), [VIETNAM])
    found = Found(scale=scale)
    for told in simulation.cases():
        found.count(json.loads(told.truth), case_timeline(events_of(told.story), rules, as_of=AS_OF))
    return found


def tables(found: Found) -> Iterator[str]:
    """Yield the lines of both tables."""
    yield f"Scale {found.scale:g}, {found.cases:,} cases, of which {sum(found.planted.values()):,} have one defect each.\n"
    yield "| planted | cases | shown as | found (recall) |\n| --- | ---: | --- | ---: |"
    for defect, cases in sorted(found.planted.items()):
        kind = SHOWN_AS[defect]
        recall = "nothing that was told is irregular" if kind is None else f"{found.found[defect] / cases:.1%}"
        yield f"| {defect} | {cases:,} | {kind or '–'} | {recall} |"
    yield "\n| kind | cases that show it | of these planted (precision) |\n| --- | ---: | ---: |"
    for kind, cases in sorted(found.shown.items()):
        yield f"| {kind} | {cases:,} | {found.rightly[kind] / cases:.1%} |"
    yield (
        f"\nOf {found.attributed:,} minutes of lateness {found.doubtful:,} ({found.doubtful / found.attributed:.1%}) rest on doubtful facts. "
        f"{found.elsewhere:,} stand under another party than truly caused them; {found.elsewhere_doubtful:,} of these lie in cases whose minutes are "
        "marked as doubtful, all others come of what nobody told."
    )


def with_tables(page: str, found: Found) -> str:
    """The page with the tables in their place."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n" + "\n".join(tables(found)) + f"\n{END}{after}"


def main() -> None:
    """Look, and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.quality_accuracy", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="share of the province; 1: 200,000 cases")
    found = found_of(parser.parse_args().scale)
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8"), found), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT}: {found.cases:,} cases\n")


if __name__ == "__main__":
    main()
