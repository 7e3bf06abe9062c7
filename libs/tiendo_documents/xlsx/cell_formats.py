"""Formats of cells, each made once in a workbook."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from tiendo_documents.document_tables import Align

TYPEFACE: Final = "Times New Roman"
_ALIGNS: Final = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right", Align.JUSTIFIED: "justify"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a cell looks."""

    size: float = 11
    bold: bool = False
    italic: bool = False
    align: Align = Align.LEFT
    bordered: bool = False
    numbers: str = "@"


class Formats:
    """The formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[Look, Format] = {}

    def of(self, look: Look) -> Format:
        """The format of that look."""
        if look not in self._made:
            self._made[look] = self._workbook.add_format(_properties(look))
        return self._made[look]


def _properties(look: Look) -> dict[str, Any]:
    told = asdict(look)
    return {
        "font_name": TYPEFACE,
        "font_size": told["size"],
        "bold": look.bold,
        "italic": look.italic,
        "align": _ALIGNS[look.align],
        "valign": "vcenter" if look.bordered else "top",
        "text_wrap": True,
        "border": 1 if look.bordered else 0,
        "num_format": look.numbers,
    }
