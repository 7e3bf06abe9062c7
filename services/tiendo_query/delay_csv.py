"""Delays as CSV for spreadsheets: UTF-8 with a byte order mark, cells guarded against formulas."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from tiendo_contracts.answers.common import SIMULATED_NOTICE, Named
from tiendo_contracts.answers.delays import Delay
from tiendo_contracts.problems import Language

BYTE_ORDER_MARK: Final = "\ufeff"
MEDIA_TYPE: Final = "text/csv; charset=utf-8"

# What a spreadsheet takes for the beginning of a formula, in narrow and wide forms, and what it strips before it looks.
_FORMULA_BEGINNINGS: Final = frozenset("=+-@\t\r\n＝＋－＠|%")

COLUMNS: Final = (
    ("case", "Mã hồ sơ"),
    ("procedure", "Mã thủ tục"),
    ("procedure_name", "Tên thủ tục"),
    ("field", "Lĩnh vực"),
    ("responsible_unit", "Mã đơn vị giải quyết"),
    ("responsible_unit_name", "Đơn vị giải quyết"),
    ("received", "Ngày tiếp nhận"),
    ("due", "Ngày hẹn trả"),
    ("judged_due", "Hạn dùng để tính quá hạn"),
    ("ended", "Ngày có kết quả"),
    ("state", "Trạng thái"),
    ("lateness_minutes", "Số phút quá hạn của hồ sơ"),
    ("party_kind", "Loại bên chịu trách nhiệm"),
    ("officer_id", "Mã công chức, viên chức"),
    ("full_name", "Họ và tên"),
    ("position", "Chức vụ"),
    ("unit", "Đơn vị"),
    ("step", "Bước"),
    ("held_from", "Giữ từ"),
    ("held_to", "Giữ đến"),
    ("minutes", "Số phút quy trách nhiệm"),
    ("late_entry_minutes", "Số phút do quên thao tác"),
    ("class", "Phân loại"),
    ("rule", "Quy tắc"),
    ("event_ids", "Sự kiện làm căn cứ"),
    ("notice", "Ghi chú"),
)


def header(language: Language) -> str:
    """The byte order mark and the line of column names."""
    vietnamese = language is Language.VIETNAMESE
    return BYTE_ORDER_MARK + _line([names[vietnamese] for names in COLUMNS])


def lines(found: Iterable[Delay]) -> str:
    """A line for each row; one that rests on simulated events says so in its last cell."""
    return "".join(_line([_guarded(cell) for cell in _cells(row)]) for row in found)


def _cells(row: Delay) -> tuple[object, ...]:
    procedure, responsible = row.procedure, row.responsible_unit
    return (
        row.case_id,
        _id(procedure),
        _name(procedure),
        _name(row.field) or _id(row.field),
        _id(responsible),
        _name(responsible),
        row.received_at,
        row.due_at,
        row.judged_due_at,
        row.ended_at,
        row.state,
        row.lateness_minutes,
        row.party_kind,
        row.officer_id,
        row.full_name,
        row.position,
        _name(row.unit) or _id(row.unit),
        row.step,
        row.held_from,
        row.held_to,
        row.minutes,
        row.late_entry_minutes,
        row.class_,
        row.rule,
        " ".join(row.event_ids),
        SIMULATED_NOTICE if row.simulated else None,
    )


def _id(thing: Named | None) -> str | None:
    return None if thing is None else thing.id


def _name(thing: Named | None) -> str | None:
    return None if thing is None else thing.name


def _guarded(cell: object) -> object:
    """The cell, with an apostrophe before what a spreadsheet might calculate."""
    if isinstance(cell, str) and cell.lstrip(" \N{NO-BREAK SPACE}")[:1] in _FORMULA_BEGINNINGS and cell.strip():
        return f"'{cell}"
    return cell


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()
