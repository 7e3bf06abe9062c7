"""`python -m tests.early_warning`: how often warnings were right, on the preset and on the public log, into `docs/warnings.md` and its plot."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

import vl_convert
from tests.early_warning.trying import Warned, tried
from tests.early_warning.worlds import LOG, CasesTold, preset, public_log

from tiendo_domain.early_warning import Outlook

DOCUMENT: Final = Path("docs/warnings.md")
PLOT: Final = Path("docs/warnings.svg")
BEGIN: Final = "<!-- measured: `make warnings-accuracy` writes what follows -->"
END: Final = "<!-- measured until here -->"
DAY_MINUTES: Final = 480
RULES: Final[Mapping[str, Callable[[Outlook], bool]]] = {
    "expected to be late": lambda expected: expected.late,
    "late by pace": lambda expected: expected.late_by_pace,
    "late by plan": lambda expected: expected.late_by_plan,
    "every open case": lambda _: True,
}
BOUNDS: Final = (1, 3, 5)
"""Working days left until the due."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """Of `late` cases or mornings `found` were warned of, in all `warned` were."""

    warned: int
    found: int
    late: int

    @property
    def precision(self) -> str:
        """The share of warnings that were right."""
        return _percent(self.found, self.warned)

    @property
    def recall(self) -> str:
        """The share of what became late that was warned of."""
        return _percent(self.found, self.late)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def by_morning(tries: Iterable[Warned], rule: Callable[[Outlook], bool]) -> Score:
    """Each case on each morning by itself: of the lines of all lists."""
    warned = found = late = 0
    for one in tries:
        is_warned = rule(one.outlook)
        warned, late, found = warned + is_warned, late + one.seen.late, found + (is_warned and one.seen.late)
    return Score(warned=warned, found=found, late=late)


def by_case(tries: Iterable[Warned], rule: Callable[[Outlook], bool]) -> Score:
    """Each case once: whether there was a warning on any morning before it was due."""
    late, warned = set[str](), set[str]()
    for one in tries:
        if one.seen.late:
            late.add(one.seen.case)
        if rule(one.outlook):
            warned.add(one.seen.case)
    return Score(warned=len(warned), found=len(warned & late), late=len(late))


def lead_days(tries: Iterable[Warned], rule: Callable[[Outlook], bool]) -> list[float]:
    """Of the cases that were late and warned of, the working days left to the due at the first warning."""
    first: dict[str, int] = {}
    for one in tries:
        if one.seen.late and rule(one.outlook):
            first.setdefault(one.seen.case, one.seen.left_minutes)
    return sorted(minutes / DAY_MINUTES for minutes in first.values())


def measured(told: CasesTold, tries: Sequence[Warned]) -> Iterator[str]:
    """The tables of one world."""
    cases = {one.seen.case for one in tries}
    late = {one.seen.case for one in tries if one.seen.late}
    yield f"### {told.name}\n"
    yield (
        f"{len(told.cases):,} cases; {len(cases):,} were open and in time on a working morning, {len(late):,} of them late in the end;"
        f" {len(tries):,} lines, one for each case and morning.\n"
    )
    lead_heading = "first warning, working days before the due (quartiles)"
    yield f"| warned when | lines: right | lines: found | cases: right | cases: found | cases warned of | {lead_heading} |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, rule in RULES.items():
        lines, of_cases, lead = by_morning(tries, rule), by_case(tries, rule), lead_days(tries, rule)
        yield (
            f"| {name} | {lines.precision} | {lines.recall} | {of_cases.precision} | {of_cases.recall} | {of_cases.warned:,} | {_quartiles(lead)} |"
        )
    yield "\n| working days left | lines | late in the end | expected to be late: right | found |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, some in _by_time_left(tries).items():
        score = by_morning(some, RULES["expected to be late"])
        yield f"| {name} | {len(some):,} | {_percent(score.late, len(some))} | {score.precision} | {score.recall} |"
    yield "\n| share of late ones before | lines | late in the end |"
    yield "| --- | ---: | ---: |"
    for place, (lines_there, late_there) in _by_share(tries).items():
        yield f"| {10 * place}–{10 * place + 10} % | {lines_there:,} | {_percent(late_there, lines_there)} |"
    yield ""


def _quartiles(values: Sequence[float]) -> str:
    if not values:
        return "–"
    return " / ".join(f"{values[int(share * (len(values) - 1))]:.1f}" for share in (0.25, 0.5, 0.75))


def _by_time_left(tries: Iterable[Warned]) -> dict[str, list[Warned]]:
    names = [
        f"at most {BOUNDS[0]}",
        *(f"{a} to {b}" for a, b in pairwise(BOUNDS)),
        f"over {BOUNDS[-1]}",
    ]
    groups: dict[str, list[Warned]] = {name: [] for name in names}
    for one in tries:
        days = one.seen.left_minutes / DAY_MINUTES
        groups[names[sum(days > bound for bound in BOUNDS)]].append(one)
    return groups


def _by_share(tries: Iterable[Warned]) -> dict[int, tuple[int, int]]:
    """Tenth of the share of late cases before -> lines, and those of cases that were late."""
    found: dict[int, tuple[int, int]] = {}
    for one in tries:
        if one.outlook.pace is not None:
            place = min(9, int(10 * one.outlook.pace.share))
            lines, late = found.get(place, (0, 0))
            found[place] = lines + 1, late + one.seen.late
    return dict(sorted(found.items()))


def plot(worlds: Mapping[str, Sequence[Warned]]) -> str:
    """What was said against what came of it, as SVG: the share of late cases before, and of those that it was said of."""
    values: list[dict[str, Any]] = [
        {"world": name, "said": 10 * place + 5, "came": 100 * late / lines, "lines": lines}
        for name, tries in worlds.items()
        for place, (lines, late) in _by_share(tries).items()
    ]
    drawn: str = vl_convert.vegalite_to_svg(
        {
            "data": {"values": values},
            "width": 360,
            "height": 260,
            "layer": [
                {
                    "data": {"values": [{"said": 0, "came": 0}, {"said": 100, "came": 100}]},
                    "mark": {"type": "line", "strokeDash": [4, 4], "color": "gray"},
                    "encoding": {
                        "x": {"field": "said", "type": "quantitative"},
                        "y": {"field": "came", "type": "quantitative"},
                    },
                },
                {
                    "mark": {"type": "line", "point": True},
                    "encoding": {
                        "x": {"field": "said", "type": "quantitative", "title": "late ones before, %"},
                        "y": {"field": "came", "type": "quantitative", "title": "late in the end, %"},
                        "color": {"field": "world", "type": "nominal", "title": None, "legend": {"orient": "bottom"}},
                    },
                },
            ],
        },
        vl_version="5.21",
    )
    return drawn


def with_tables(document: str, tables: Iterable[str]) -> str:
    """The document with these tables in the place for what was measured."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([before + BEGIN, "", *tables, END]) + after


def main() -> None:
    """Try both worlds, and write the document's figures and the plot."""
    parser = argparse.ArgumentParser(prog="python -m tests.early_warning", description="how often warnings were right")
    parser.add_argument("--scale", type=float, default=0.05, help="share of the province; 1: 200,000 cases")
    parser.add_argument("--log", type=Path, default=LOG, help="the receipt log; left out where it is not there")
    asked = parser.parse_args()
    told = [preset(asked.scale), *([public_log(asked.log)] if asked.log.exists() else [])]
    worlds = {world.name: list(tried(world)) for world in told}
    tables = [line for world in told for line in measured(world, worlds[world.name])]
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8"), tables), encoding="utf-8")
    PLOT.write_text(plot(worlds), encoding="utf-8")
    lead = lead_days(worlds[told[0].name], RULES["expected to be late"])
    sys.stdout.write(
        f"{DOCUMENT}, {PLOT}: first warnings {median(lead):.1f} working days before the due\n" if lead else ""
    )


if __name__ == "__main__":
    main()
