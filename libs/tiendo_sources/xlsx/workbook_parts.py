"""What a workbook says besides its cells: its sheets, which styles show dates, and how its days are counted."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tiendo_sources.errors import LogUnreadable
from tiendo_sources.xlsx.package import Package, resolved
from tiendo_sources.xml_pieces import parsed_pieces

WORKBOOK = "xl/workbook.xml"
_SMALL_PART_MAX = 32 * 1024**2
_STYLES_MAX = 100_000
_SHEETS_MAX = 10_000
_BUILT_IN_DATES = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
_NO_DIRECTIVES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_OF_DATES = re.compile(r"[dmyhs]", re.IGNORECASE)

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: its name, whether it is shown, and the part that holds its cells."""

    name: str
    is_shown: bool
    part: str


@dataclass(slots=True, kw_only=True)
class Workbook:
    """The sheets in their order; by style whether it shows a date; whether days are counted from 1904 on."""

    sheets: list[Sheet] = field(default_factory=list)
    date_styles: list[bool] = field(default_factory=list)
    counts_from_1904: bool = False
    shared_texts: str | None = None

    def sheet(self, wanted: str | int | None) -> Sheet:
        """The sheet of that name or number from 1; without one the first that is shown. Raises LogUnreadable where there is none."""
        names = ", ".join(f"“{sheet.name}”" for sheet in self.sheets)
        if isinstance(wanted, int):
            found = self.sheets[wanted - 1 : wanted]
        elif wanted is not None:
            found = [sheet for sheet in self.sheets if sheet.name.strip() == wanted.strip()]
        else:
            found = [sheet for sheet in self.sheets if sheet.is_shown] or self.sheets
        if not found:
            raise LogUnreadable(
                f"the workbook has no sheet {wanted!r} (`[table] sheet`); its sheets are {names or 'none'}"
            )
        return found[0]


def read_workbook(package: Package) -> Workbook:
    """The workbook of a package. Raises LogUnreadable for one that lacks what says where its cells are."""
    main = _main_part(package)
    folder = main.rpartition("/")[0]
    parts, kinds = _relations(package, main)
    workbook = Workbook()

    def take(name: str, said: Attributes) -> None:
        if name == "workbookPr":
            workbook.counts_from_1904 = said.get("date1904", "") in {"1", "true"}
        elif name == "sheet" and len(workbook.sheets) < _SHEETS_MAX:
            part = parts.get(said.get("id", ""))
            if part is not None:
                shown = said.get("state", "visible") == "visible"
                workbook.sheets.append(Sheet(name=said.get("name", ""), is_shown=shown, part=resolved(part, folder)))

    _read(package, main, take)
    if "sharedStrings" in kinds:
        workbook.shared_texts = resolved(kinds["sharedStrings"], folder)
    if "styles" in kinds and resolved(kinds["styles"], folder) in package:
        workbook.date_styles = _date_styles(package, resolved(kinds["styles"], folder))
    return workbook


def _main_part(package: Package) -> str:
    if WORKBOOK in package:
        return WORKBOOK
    found: list[str] = []

    def take(name: str, said: Attributes) -> None:
        if name == "Relationship" and said.get("Type", "").endswith("/officeDocument"):
            found.append(resolved(said.get("Target", ""), ""))

    _read(package, "_rels/.rels", take)
    if not found:
        raise LogUnreadable("the file is no workbook: nothing in it says where its sheets are")
    return found[0]


def _relations(package: Package, main: str) -> tuple[Attributes, Attributes]:
    """The targets of the main part's relations by their ids, and by their kinds."""
    folder, _, file = main.rpartition("/")
    by_id: Attributes = {}
    by_kind: Attributes = {}

    def take(name: str, said: Attributes) -> None:
        if name == "Relationship" and len(by_id) < _SHEETS_MAX:
            by_id[said.get("Id", "")] = said.get("Target", "")
            by_kind.setdefault(said.get("Type", "").rpartition("/")[2], said.get("Target", ""))

    _read(package, f"{folder}/_rels/{file}.rels", take)
    return by_id, by_kind


def _date_styles(package: Package, part: str) -> list[bool]:
    formats: dict[str, bool] = {}
    styles: list[bool] = []
    inside: list[str] = []

    def take(name: str, said: Attributes) -> None:
        if name in {"cellXfs", "cellStyleXfs"}:
            inside[:] = [name]
        elif name == "numFmt" and len(formats) < _STYLES_MAX:
            formats[said.get("numFmtId", "")] = bool(
                _OF_DATES.search(_NO_DIRECTIVES.sub("", said.get("formatCode", "")))
            )
        elif name == "xf" and inside == ["cellXfs"] and len(styles) < _STYLES_MAX:
            number = said.get("numFmtId", "0")
            styles.append(formats.get(number, number in _BUILT_IN_DATES))

    _read(package, part, take)
    return styles


class _Elements:
    """Tells each element with its attributes, those with a prefix by their bare names."""

    def __init__(self, take: Callable[[str, Attributes], None]) -> None:
        self._take = take

    def start(self, name: str, attributes: list[str]) -> None:
        bare = (each.rpartition(":")[2] for each in attributes[::2])
        self._take(name, dict(zip(bare, attributes[1::2], strict=True)))

    def end(self) -> None:
        """Nothing is made of an end."""


def _read(package: Package, part: str, take: Callable[[str, Attributes], None]) -> None:
    taken = 0
    with package.part(part) as stream:
        for size in parsed_pieces(stream, _Elements(take)):
            taken += size
            if taken > _SMALL_PART_MAX:
                raise LogUnreadable(f"the workbook's part {part!r} is larger than any workbook's")
