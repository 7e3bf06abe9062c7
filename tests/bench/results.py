"""What the samples of a row come to: medians with their spread, beside the floor, and whether the aims are met."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.row import Better, Figure, Row, Sample

Result = dict[str, Any]


def result(row: Row, samples: Sequence[Sample], scale: float, load_before: float) -> Result:
    """One row as JSON: `samples` as they were taken, and what they come to."""
    return {
        **_head(row),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load_before": load_before,
        "scale": scale,
        "runs": len(samples),
        "figures": [_figure(figure, samples, scale) for figure in row.figures],
        "peak_mebibytes": _largest([sample.peak_mebibytes for sample in samples]),
        "details": dict(samples[-1].details),
        "samples": [{"figures": dict(sample.figures), "floor": dict(sample.floor)} for sample in samples],
    }


def left_out(row: Row, reason: str) -> Result:
    """A row that could not be measured."""
    return {**_head(row), "left_out": reason}


def merged(file: Path, fresh: Sequence[Result]) -> list[Result]:
    """The rows of the file, each replaced by what was just measured under its name; written to the file."""
    rows = {row["name"]: row for row in json.loads(file.read_text())["rows"]} if file.exists() else {}
    rows |= {row["name"]: row for row in fresh if "left_out" not in row or row["name"] not in rows}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"rows": list(rows.values())}, ensure_ascii=False, indent=1) + "\n")
    return list(rows.values())


def _head(row: Row) -> Result:
    return {"name": row.name, "what": row.what, "floor": row.floor, "ground": row.ground.value}


def _figure(figure: Figure, samples: Sequence[Sample], scale: float) -> Result:
    values = [sample.figures[figure.name] for sample in samples]
    floors = [sample.floor[figure.name] for sample in samples if figure.name in sample.floor]
    middle, floor = median(values), median(floors) if floors else None
    times = None if not floor else (floor / middle if figure.better is Better.HIGHER else middle / floor)
    return {
        "name": figure.name,
        "unit": figure.unit,
        "better": figure.better.value,
        "median": middle,
        "least": min(values),
        "most": max(values),
        "floor": floor,
        "times_the_floor": times,
        "aim": _aim(figure),
        "met": _met(figure, middle, times, scale),
    }


def _aim(figure: Figure) -> str:
    if figure.times_floor_aim is not None:
        return f"at most {figure.times_floor_aim:.3g} × the floor"
    if figure.aim is None:
        return ""
    word = "over" if figure.better is Better.HIGHER else "under"
    return f"{word} {figure.aim:,g} {figure.unit}".strip() + (" at scale 1" if figure.aim_at_scale_one else "")


def _met(figure: Figure, value: float, times: float | None, scale: float) -> bool | None:
    """Whether the aim is met; None where there is none, or none for this scale."""
    if figure.times_floor_aim is not None and times is not None:
        return times <= figure.times_floor_aim
    if figure.aim is None or (figure.aim_at_scale_one and scale < 1):
        return None
    return value >= figure.aim if figure.better is Better.HIGHER else value <= figure.aim


def _largest(peaks: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = sorted({name for peak in peaks for name in peak})
    return {name: max(peak.get(name, 0.0) for peak in peaks) for name in names}
