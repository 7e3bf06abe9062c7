"""`python -m tests.simulation.accuracy`: the product's answers against the ground truth, as tables and a plot in `docs/accuracy.md`.

Each case is told, folded and compared by itself, so that memory does not grow with the scale.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import vl_convert
from tests.simulation.answers import AS_OF, Answer, events_of, given_answer, rule_book, true_answer
from tests.simulation.bounds import BOUNDS, assert_undisturbed
from tests.simulation.channel_tables import errors_of
from tests.simulation.conftest import VIETNAM
from tests.simulation.igate_accuracy import igate_counts, with_igate_table
from tests.simulation.national_accuracy import national_accuracy, national_errors, with_national_table
from tests.simulation.table_accuracy import table_counts, with_table_of_tables

from tiendo_domain.timeline import case_timeline
from tiendo_simulation import Simulation, rules_text
from tiendo_simulation.defects import DISTURBS, Defect, Disturbance

DOCUMENT = Path("docs/accuracy.md")
PLOT = Path("docs/accuracy.svg")
SOURCES = Path("docs/sources.md")
CHANNEL_PLOT = Path("docs/channels.svg")
CHANNEL_SCALE_MAX = 0.02
"""Of more cases through a channel the shares say nothing new."""
WITHOUT_DEFECT = "none"
WHY: Mapping[Disturbance, str] = {
    Disturbance.NOTHING: "must be equal",
    Disturbance.RENAMES: "H2, H3: who is not named, or by a placeholder, is unknown; the same minutes stand under another party",
    Disturbance.MOVES: "H1, H2: what was not told is not guessed; minutes stay with who held last, or go to the organisation",
    Disturbance.MOVES_BOUNDED: "H1: a hold begins at the instant that was told; no share moves by more than the error in it allows",
    Disturbance.MOVES_DUE: "D3: a later due that was told holds; the case is in time by either",
}


@dataclass(slots=True)
class Tally:
    """Of one group of cases: how many, how many agree in all, and how far the others are apart."""

    cases: int = 0
    equal: int = 0
    same_class_and_lateness: int = 0
    late_minutes: int = 0
    minutes_elsewhere: int = 0
    unexplained: int = 0

    def count(self, true: Answer, given: Answer, *, explained: bool) -> None:
        """Add one case."""
        self.cases += 1
        self.equal += given == true
        self.same_class_and_lateness += (given.case_class, given.lateness_minutes) == (
            true.case_class,
            true.lateness_minutes,
        )
        self.late_minutes += true.lateness_minutes or 0
        parties = {*true.shares, *given.shares}
        apart = sum(abs(given.shares.get(party, 0) - true.shares.get(party, 0)) for party in parties)
        self.minutes_elsewhere += apart // 2
        self.unexplained += not explained


@dataclass(slots=True)
class Accuracy:
    """The tallies by defect, class and policy, and the first cases that no rule explains."""

    scale: float
    groups: dict[str, dict[str, Tally]] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    def count(self, truth: Mapping[str, Any], true: Answer, given: Answer) -> None:
        """Add one case to every group that it belongs to."""
        defect = truth["defects"][0]["kind"] if truth["defects"] else WITHOUT_DEFECT
        explained = _explained(defect, true, given)
        if not explained:
            self.unexplained.append(truth["case_id"])
        of_case = {"defect": defect, "class": true.case_class or "open", "policy": true.policy or "not received"}
        for kind, value in of_case.items():
            tally = self.groups.setdefault(kind, {}).setdefault(value, Tally())
            tally.count(true, given, explained=explained)


def compared(scale: float) -> Accuracy:
    """All cases of kontum-2022 at that scale."""
    simulation = Simulation("kontum-2022", scale=scale)
    rules = rule_book(rules_text(simulation.province), [VIETNAM])
    accuracy = Accuracy(scale=scale)
    for told in simulation.cases():
        truth = json.loads(told.truth)
        given = given_answer(case_timeline(events_of(told.story), rules, as_of=AS_OF))
        accuracy.count(truth, true_answer(truth), given)
    return accuracy


def _explained(defect: str, true: Answer, given: Answer) -> bool:
    """Whether the two agree, or differ as the kind of the defect may make them differ."""
    if given == true:
        return True
    if defect == WITHOUT_DEFECT:
        return False
    try:
        assert_undisturbed(true, given)
        BOUNDS[DISTURBS[Defect(defect)]](true, given)
    except AssertionError:
        return False
    return True


def document(accuracy: Accuracy) -> str:
    """The whole of `docs/accuracy.md`."""
    all_cases = Counter[str]()
    for tally in accuracy.groups["defect"].values():
        all_cases.update(cases=tally.cases, equal=tally.equal, unexplained=tally.unexplained)
    said = (
        f"Of {all_cases['cases']:,} cases {all_cases['equal']:,} agree in everything "
        f"({all_cases['equal'] / all_cases['cases']:.2%}); {all_cases['unexplained']:,} differ in a way that no rule explains."
    )
    if accuracy.unexplained:
        said += f" The first of these: {', '.join(accuracy.unexplained[:10])}."
    return "\n".join([*_HEAD, f"Scale {accuracy.scale:g}. {said}", "", *_tables(accuracy)]) + "\n"


_SAID = (
    "The simulation writes down what truly happened, minute by minute, from the conduct itself and never from events; it knows nothing of"
    " the domain whose figures it checks. `make accuracy SCALE=1` folds every simulated case as the log would hold it and compares: unit,"
    " class, due, lateness, late entry, policy, every share and every held minute. In one case of 25 the acts are told badly, in one of"
    " 16 ways; the rules that the tables name are those of the [rulebook](rulebook.md). That command writes this document."
)
_HEAD = ("# Accuracy", "", _SAID, "", "![Agreement by defect](accuracy.svg)", "")
_COLUMNS = (
    "cases",
    "agree in everything",
    "same class and lateness",
    "minutes of lateness",
    "of them with another party",
    "not explained",
    "why they may differ",
)


def _tables(accuracy: Accuracy) -> Iterator[str]:
    for kind, tallies in accuracy.groups.items():
        yield f"## By {kind}\n"
        yield f"| {kind} | {' | '.join(_COLUMNS)} |"
        yield f"| --- {'| ---: ' * (len(_COLUMNS) - 1)}| --- |"
        for name, tally in sorted(tallies.items()):
            yield (
                f"| {name} | {tally.cases:,} | {tally.equal / tally.cases:.2%} | {tally.same_class_and_lateness / tally.cases:.2%} "
                f"| {tally.late_minutes:,} | {tally.minutes_elsewhere:,} | {tally.unexplained:,} | {_why(kind, name)} |"
            )
        yield ""


def _why(kind: str, name: str) -> str:
    if kind != "defect":
        return "by their defects"
    return "must be equal" if name == WITHOUT_DEFECT else WHY[DISTURBS[Defect(name)]]


def plot(accuracy: Accuracy) -> str:
    """The share of cases that agree in everything, by defect, as SVG."""
    values = [
        {"defect": name, "agree": 100 * tally.equal / tally.cases}
        for name, tally in sorted(accuracy.groups["defect"].items())
    ]
    drawn: str = vl_convert.vegalite_to_svg(
        {
            "data": {"values": values},
            "width": 420,
            "mark": "bar",
            "encoding": {
                "y": {"field": "defect", "type": "nominal", "title": None},
                "x": {"field": "agree", "type": "quantitative", "title": "cases that agree in everything, %"},
            },
        },
        vl_version="5.21",
    )
    return drawn


def write_channels(scale: float) -> None:
    """The tables of `docs/sources.md`, and their plot."""
    national = national_accuracy(min(scale, CHANNEL_SCALE_MAX))
    polls, tables = igate_counts(scale), table_counts(scale)
    sources = with_igate_table(SOURCES.read_text(encoding="utf-8"), polls)
    SOURCES.write_text(with_national_table(with_table_of_tables(sources, tables), national), encoding="utf-8")
    errors = [*national_errors(national), *errors_of("iGate", polls), *errors_of("tables", tables)]
    CHANNEL_PLOT.write_text(channel_plot(errors), encoding="utf-8")


def channel_plot(errors: list[dict[str, Any]]) -> str:
    """The share of the minutes of lateness that each channel puts to another party, as SVG."""
    drawn: str = vl_convert.vegalite_to_svg(
        {
            "data": {"values": errors},
            "width": 420,
            "mark": "bar",
            "encoding": {
                "y": {"field": "channel", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 320}},
                "x": {
                    "field": "elsewhere",
                    "aggregate": "sum",
                    "type": "quantitative",
                    "title": "minutes of lateness under another party than caused them, %",
                },
                "color": {"field": "of", "type": "nominal", "title": None, "legend": {"orient": "bottom"}},
            },
        },
        vl_version="5.21",
    )
    return drawn


def main() -> None:
    """Compare, and write the document and its plot."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation.accuracy", description="how true tiendo's minutes are"
    )
    parser.add_argument("--scale", type=float, default=0.1, help="share of the province; 1: 200,000 cases")
    accuracy = compared(parser.parse_args().scale)
    DOCUMENT.write_text(document(accuracy), encoding="utf-8")
    PLOT.write_text(plot(accuracy), encoding="utf-8")
    write_channels(accuracy.scale)
    sys.stdout.write(f"{DOCUMENT}, {PLOT}: {len(accuracy.unexplained)} cases that no rule explains\n")


if __name__ == "__main__":
    main()
