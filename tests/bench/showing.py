"""Results as tables: for the terminal, and for `docs/performance.md`."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from tests.bench.results import Result

HEADINGS = ("row", "what", "figure", "tiendo: median (least to most)", "floor", "times the floor", "aim", "peak memory")
_RIGHT = frozenset(HEADINGS[3:6])


def table(results: Sequence[Result]) -> Table:
    """The rows for people at a terminal."""
    shown = Table(title="tiendo's speed, each figure beside the floor of the same run")
    for heading in HEADINGS:
        shown.add_column(heading, justify="right" if heading in _RIGHT else "left")
    for result in results:
        for number, line in enumerate(lines(result)):
            shown.add_row(*line, end_section=number == len(result.get("figures", "1")) - 1)
    return shown


def markdown(results: Sequence[Result]) -> str:
    """The rows as a table of Markdown."""
    rules = tuple("---:" if heading in _RIGHT else "---" for heading in HEADINGS)
    rows = [HEADINGS, rules, *(line for result in results for line in lines(result))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def lines(result: Result) -> Iterator[tuple[str, ...]]:
    """The cells of each figure; the first line names the row."""
    name, what = f"{result['name']}", f"{result['what']} ÷ {result['floor']}"
    if "left_out" in result:
        yield name, result["what"], "left out", result["left_out"], "", "", "", ""
        return
    peak = ", ".join(f"{program} {size:,.0f} MiB" for program, size in result["peak_mebibytes"].items())
    for number, figure in enumerate(result["figures"]):
        first = number == 0
        spread = f" ({_number(figure['least'])} to {_number(figure['most'])})" if result["runs"] > 1 else ""
        yield (
            name if first else "",
            what if first else "",
            figure["name"],
            f"{_number(figure['median'])} {figure['unit']}{spread}".replace("  ", " "),
            "" if figure["floor"] is None else _number(figure["floor"]),
            "" if figure["times_the_floor"] is None else _number(figure["times_the_floor"]),
            f"{figure['aim']}{_verdict(figure['met'])}",
            peak if first else "",
        )


def _verdict(met: bool | None) -> str:  # noqa: FBT001 - the three answers are its whole input
    return "" if met is None else ": met" if met else ": **not met**"


def _number(value: float) -> str:
    least_whole = 100
    return f"{value:,.0f}" if abs(value) >= least_whole else f"{value:.3g}"
