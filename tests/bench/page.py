"""A page with plots of the results, whole in one file: nothing is fetched from anywhere."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import vl_convert
from tests.bench.results import Result
from tests.bench.showing import HEADINGS, lines

VEGA_LITE = "5.21"
_STYLE = """body{font:15px/1.45 sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem}table{border-collapse:collapse}
td,th{border-bottom:1px solid #ccc;padding:.25rem .6rem;text-align:left;vertical-align:top}svg{max-width:100%;height:auto}"""


def write_page(file: Path, results: Sequence[Result]) -> None:
    """The table, and a plot of every figure's runs and of how far each is from its floor."""
    measured = [result for result in results if "left_out" not in result]
    plots = [_times_the_floor(measured)] if measured else []
    plots += [_runs(result, figure) for result in measured for figure in result["figures"]]
    rows = "".join(f"<tr>{_cells('td', line)}</tr>" for result in results for line in lines(result))
    file.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>tiendo's speed</title><style>{_STYLE}</style>"
        f"<h1>tiendo's speed</h1><table><tr>{_cells('th', HEADINGS)}</tr>{rows}</table>{''.join(map(svg, plots))}\n",
        encoding="utf-8",
    )


def svg(specification: dict[str, Any]) -> str:
    """The drawing of a Vega-Lite chart."""
    drawn: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE)
    return drawn


def _times_the_floor(results: Sequence[Result]) -> dict[str, Any]:
    values = [
        {"figure": f"{result['name']}: {figure['name']}", "times": figure["times_the_floor"], "met": _word(figure)}
        for result in results
        for figure in result["figures"]
        if figure["times_the_floor"] is not None
    ]
    return {
        "title": "times the floor (1: as fast as the least that could be done)",
        "data": {"values": values},
        "width": 700,
        "mark": "bar",
        "encoding": {
            "y": {"field": "figure", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "times", "type": "quantitative", "scale": {"type": "symlog"}, "title": "times the floor"},
            "color": {"field": "met", "type": "nominal", "title": "aim"},
        },
    }


def _runs(result: Result, figure: Result) -> dict[str, Any]:
    values = [
        {"of": of, "value": sample[key][figure["name"]]}
        for sample in result["samples"]
        for of, key in (("tiendo", "figures"), ("floor", "floor"))
        if figure["name"] in sample[key]
    ]
    return {
        "title": f"{result['name']}: {figure['name']}, {figure['unit'] or 'ratio'}; aim: {figure['aim'] or 'none'}",
        "data": {"values": values},
        "width": 500,
        "mark": {"type": "point", "filled": True, "size": 60},
        "encoding": {
            "y": {"field": "of", "type": "nominal", "title": None},
            "x": {"field": "value", "type": "quantitative", "title": figure["unit"], "scale": {"zero": True}},
        },
    }


def _word(figure: Result) -> str:
    return {None: "none", True: "met", False: "not met"}[figure["met"]]


def _cells(tag: str, texts: Sequence[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
