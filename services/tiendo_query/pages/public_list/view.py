"""What the page of one published list shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tiendo_contracts.answers.publications import ListFormat
from tiendo_domain.months import Month
from tiendo_query.pages.public_lists.view import address_of
from tiendo_query.publications.list_words import FIGURES, member_words
from tiendo_query.publications.public_lists import PublicList, PublishedVersion

Row = Mapping[str, Any]
_FILES: Final = (ListFormat.PDF, ListFormat.DOCX, ListFormat.XLSX, ListFormat.CSV, ListFormat.JSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedUnit:
    """A unit with those of its officers who are named; `sums` are the minutes of the unit, None where none are shown for it."""

    name: str | None
    rows: Sequence[Row]
    sums: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLink:
    """A version of the list, and its address; `shown`: it is this one."""

    version: PublishedVersion
    href: str
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicListView:
    """One list: `list` is the public content, whose rows stand in groups of units."""

    month: str
    number: str
    list: Row
    figures: Sequence[tuple[str, int]]
    officers: Sequence[NamedUnit]
    open_overdue: Sequence[NamedUnit]
    punctual: Sequence[NamedUnit]
    differences: Sequence[Row]
    versions: Sequence[VersionLink]
    files: Sequence[tuple[str, str]]
    signed: Row
    digest: str
    public_digest: str
    proofs: Sequence[Row]


def list_view(found: PublicList) -> PublicListView:
    """The page of the list."""
    shown, address = found.view, address_of(found.version.number)
    sums = {unit["number"]: unit for unit in shown["units"]}
    late = _by_unit(shown["officers"], sums)
    silent = [NamedUnit(name=unit["name"], rows=(), sums=unit) for unit in shown["units"] if not unit["officers"]]
    return PublicListView(
        month=Month.read(shown["period"]).in_words,
        number=found.version.number,
        list=shown,
        figures=[(words, shown["figures"][name]) for name, words in FIGURES.items() if name in shown["figures"]],
        officers=[*late, *silent],
        open_overdue=_by_unit(shown["open_overdue"], {}),
        punctual=_by_unit(shown["officers_without_late_case"], {}),
        differences=[{**row, "words": member_words(row["member"])} for row in shown["differences"]],
        versions=[
            VersionLink(version=one, href=address_of(one.number), shown=one.number == found.version.number)
            for one in found.versions
        ],
        files=[(f"{address}.{form}", form.value.upper()) for form in _FILES],
        signed={"approved_by": {}, "document": {}, "legal_basis": None, "reason": None, **found.signed},
        digest=found.digest,
        public_digest=found.public_digest,
        proofs=found.proofs,
    )


def _by_unit(rows: Iterable[Row], sums: Mapping[int, Row]) -> list[NamedUnit]:
    """The rows of each unit, as they stand: by unit and name; units are told apart by their numbers, for several may have one name."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["unit_number"], []).append(row)
    return [NamedUnit(name=of[0]["unit"], rows=of, sums=sums.get(number)) for number, of in sorted(found.items())]
