"""The heads of the tables of a page, each of which is sorted by a parameter of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.rendering import Frame
from tiendo_query.pages.sorted_columns import SortedColumns, Sorts


def heads_of(
    frame: Frame, asked: LookingParameters, path: str, days: tuple[date, date], **tables: SortedColumns[Any]
) -> Mapping[str, Sorts]:
    """The heads by the name that the template calls them, `sorts` of `sort` and `sorts_steps` of `sort_steps`; links keep what else was asked.

    They lead to the page at `path` over the `days` that it shows.
    """
    start, end = days
    own = {name: value for name, value in asked.own.items() if name != "page"}

    def heads(parameter: str, columns: SortedColumns[Any]) -> Sorts:
        return columns.heads(
            getattr(asked, parameter),
            lambda sort: frame.looking.link(path, **{**own, "from_": start, "to": end, parameter: sort}),
        )

    return {parameter.replace("sort", "sorts", 1): heads(parameter, columns) for parameter, columns in tables.items()}
