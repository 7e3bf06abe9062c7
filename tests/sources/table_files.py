"""Tables as tests write them, and what is read of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.formats import Entry
from tiendo_sources.opening import opened_log

COLUMNS = {
    "case_id": "Mã hồ sơ",
    "received": "Ngày tiếp nhận",
    "due": "Ngày hẹn trả",
    "completed": "Ngày có kết quả",
    "unit": "Đơn vị giải quyết",
}
HEADINGS = tuple(COLUMNS.values())
SOURCE = "/kontum/excel"


def mapping(columns: dict[str, str] | None = None, **tables: dict[str, Any] | list[dict[str, Any]]) -> str:
    """The text of a mapping file; `table={"row": "step"}` adds to the table of that name."""
    whole = {"time": {"zone": "Asia/Ho_Chi_Minh"}, **tables, "columns": COLUMNS if columns is None else columns}
    lines = [f"source = {json.dumps(SOURCE)}"]
    for name, value in whole.items():
        for table in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines += [f"{key} = {json.dumps(said, ensure_ascii=False)}" for key, said in table.items()]
    return "\n".join(lines)


def csv_text(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, delimiter: str = ";") -> str:
    """A table without a mark or a quote."""
    return "".join(delimiter.join(row) + "\r\n" for row in (headings, *rows))


def read(path: Path, mapping_text: str, rules: RuleBook | None = None) -> tuple[list[Entry], list[FileRemark]]:
    """What an import would find in the file."""
    with opened_log(path) as log:
        found = list(log.format.reading(mapping_text).entries(log.stream, rules or RuleBook()))
    return [each for each in found if isinstance(each, Entry)], [each for each in found if isinstance(each, FileRemark)]


def events(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The events among the entries, as plain JSON."""
    return [json.loads(entry.raw) for entry in entries if not isinstance(entry.content, Exception)]


def refusals(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Where something was refused, and why."""
    return [(entry.where, str(entry.content.kind)) for entry in entries if isinstance(entry.content, Exception)]


def said(entries: Sequence[Entry]) -> list[tuple[str, str, str]]:
    """Case, kind and instant of each event."""
    return [(one["subject"], one["type"].split(".")[-2], one["time"][:16]) for one in events(entries)]
