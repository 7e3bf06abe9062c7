"""What the page of all published lists shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tiendo_domain.vietnamese_order import text_order
from tiendo_query.publications.public_lists import PublishedVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A published version, and its address."""

    version: PublishedVersion
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfLists:
    """The lists of a month, by the names of their units."""

    month: str
    lines: Sequence[ListLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicListsView:
    """The months that have lists, the newest first."""

    months: Sequence[MonthOfLists]


def lists_view(versions: Sequence[PublishedVersion]) -> PublicListsView:
    """The versions by month."""
    months = sorted({one.month for one in versions}, reverse=True)
    return PublicListsView(
        months=[
            MonthOfLists(
                month=month.in_words,
                lines=[
                    ListLine(version=one, href=address_of(one.number))
                    for one in sorted(versions, key=lambda one: (text_order(one.unit), one.number, one.version))
                    if one.month == month
                ],
            )
            for month in months
        ]
    )


def address_of(number: str) -> str:
    """The address of a version: its number, whose last part is the version."""
    name, _, version = number.rpartition("/")
    return f"/cong-khai/{quote(name, safe='')}/{version}"
