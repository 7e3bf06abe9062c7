"""By which columns lists of cases are sorted: names that stand in addresses, `-` before one that falls."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import WithJsonSchema

from tiendo_query.questions.parameters import one_of


class SortColumn(StrEnum):
    """A column of cases."""

    CASE = "case_id"
    LATENESS = "lateness_minutes"
    PROCEDURE = "procedure"
    UNIT = "unit"
    RECEIVED = "received_at"
    DUE = "judged_due_at"


CASE_SORTS: Final = tuple(f"{way}{column}" for column in SortColumn for way in ("", "-"))
"""What may be asked; procedures and units by their codes. Cases whose column says nothing come last, either way."""

SortParameter = Annotated[str | None, one_of(*CASE_SORTS), WithJsonSchema({"type": "string", "enum": list(CASE_SORTS)})]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSort:
    """A column, and the way."""

    column: SortColumn
    descending: bool

    @classmethod
    def read(cls, text: str) -> "CaseSort":
        """The sort of that name, one of `CASE_SORTS`."""
        return cls(column=SortColumn(text.removeprefix("-")), descending=text.startswith("-"))
