"""What goes from place to place: givers on the left, receivers on the right, lines as thick as what goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_query.pages.charts.drawing import WIDTH, Caption, Chart, Stroke
from tiendo_query.pages.showing import Said

_SIDE: Final = 250
_TOP: Final = 22
_ROW: Final = 34
_THICKNESSES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLink:
    """So much goes from one place to another."""

    start: Said
    end: Said
    weight: int
    href: str | None = None


def place_links(name: str, title: Said, found: Sequence[PlaceLink], *, heads: Sequence[Said], note: Said = "") -> Chart:
    """The links, the thickest first; each place stands once on each side."""
    left, right = list(dict.fromkeys(one.start for one in found)), list(dict.fromkeys(one.end for one in found))
    most = max((one.weight for one in found), default=1)
    height = _TOP + max(len(left), len(right), 1) * _ROW
    captions = [Caption(x=_SIDE - 8, y=_y(at) + 4, text=words, anchor="end") for at, words in enumerate(left)] + [
        Caption(x=WIDTH - _SIDE + 8, y=_y(at) + 4, text=words) for at, words in enumerate(right)
    ]
    strokes = [
        Stroke(
            points=f"{_SIDE},{_y(left.index(one.start))} {WIDTH - _SIDE},{_y(right.index(one.end))}",
            style=f"link-{_thickness(one.weight, most)}",
        )
        for one in found
    ]
    return Chart(
        name=name,
        title=title,
        heads=heads,
        rows=[[one.start, one.end, one.weight] for one in found],
        hrefs=[one.href for one in found],
        strokes=strokes,
        captions=captions,
        note=note,
        height=height,
    )


def _y(row: int) -> int:
    return _TOP + row * _ROW


def _thickness(weight: int, most: int) -> int:
    """1 to `_THICKNESSES` in equal steps."""
    return max(1, -(-weight * _THICKNESSES // max(1, most)))
