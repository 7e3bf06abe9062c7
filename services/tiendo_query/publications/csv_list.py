"""A list as CSV: one line an officer and part, the columns of the answer, guarded as all tables are."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tiendo_domain.monthly_list.listed_content import PARTS
from tiendo_query.tables.csv_text import BYTE_ORDER_MARK, guarded

_FIGURES: Final = tuple(dict.fromkeys(name for names in PARTS.values() for name in names))
_PERSON: Final = ("officer_id", "officer_name", "position", "unit_id", "unit_name")
_MARKS: Final = ("reasons", "explanation_pending", "provisional", "withheld")
_OF_LIST: Final = ("number", "unit", "period", "version")
_HEADING: Final = (*_OF_LIST, "part", *_PERSON, *_FIGURES, *_MARKS)
_PUBLIC_HEADING: Final = (*_OF_LIST, "part", "name", "position", "unit_of_officer", *_FIGURES, "provisional")

Row = Mapping[str, Any]


def csv_list(answer: Row) -> bytes:
    """The parts of an answer that name officers; UTF-8 with a byte order mark."""
    lines = ({**_of_list(answer), "part": part, **_cells(row)} for part in PARTS for row in answer[part])
    return _written(_HEADING, lines)


def public_csv(view: Row, number: str) -> bytes:
    """The same of what the public sees."""
    of_list = {"number": number, "unit": view["unit"], "period": view["period"], "version": view["version"]}
    lines = (
        {**row, **of_list, "unit_of_officer": row["unit"], "part": part, "provisional": part == "open_overdue"}
        for part in PARTS
        for row in view[part]
    )
    return _written(_PUBLIC_HEADING, lines)


def _of_list(answer: Row) -> dict[str, Any]:
    return {name: answer[name] for name in _OF_LIST}


def _cells(row: Row) -> dict[str, Any]:
    officer = row["officer"]
    unit = officer["unit"] or {}
    return {
        **row,
        "officer_id": officer["id"],
        "officer_name": officer["name"],
        "position": officer["position"],
        "unit_id": unit.get("id"),
        "unit_name": unit.get("name"),
        "reasons": " ".join(row.get("reasons", ())),
    }


def _written(heading: Sequence[str], lines: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([_cell(line.get(name)) for name in heading] for line in lines)
    return f"{BYTE_ORDER_MARK}{text.getvalue()}".encode()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else value
