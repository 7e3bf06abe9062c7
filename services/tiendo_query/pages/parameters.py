"""What the pages may be asked for; anything else is refused by name, as in the interface for programs."""

from typing import Annotated, Final

from pydantic import Field, model_validator

from tiendo_query.figures import Figure
from tiendo_query.parameters import (
    BooleanParameter,
    CursorParameter,
    DayParameter,
    InstantParameter,
    MonthParameter,
    PageNumber,
    QualityParameter,
    TextParameter,
    TrueParameter,
    one_of,
)
from tiendo_query.strict_routes import Parameters

_FIGURES: Final = tuple(figure.value for figure in Figure)
FigureParameter = Annotated[str | None, one_of(*_FIGURES)]
LateOnly = Annotated[str | None, one_of("true")]


class FormParameters(Parameters):
    """A field of a form that was left empty asks for nothing."""

    @model_validator(mode="before")
    @classmethod
    def _empty_fields_left_out(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        known = {member.alias or name for name, member in cls.model_fields.items()}
        return {name: value for name, value in values.items() if name not in known or str(value).strip()}


class FirstParameters(FormParameters):
    """The period of the first page."""

    from_: DayParameter = Field(default=None, alias="from")
    to: DayParameter = None


class CasesParameters(FormParameters):
    """What narrows the list of cases; `figure` names a figure of the first page, all else is that of `GET /v1/cases`."""

    text: TextParameter = None
    unit: TextParameter = None
    overdue: BooleanParameter = None
    figure: FigureParameter = None
    from_: DayParameter = Field(default=None, alias="from")
    to: DayParameter = None
    as_of: InstantParameter = None
    open: BooleanParameter = None
    officer: TextParameter = None
    quality: QualityParameter = None
    doubtful: TrueParameter = None
    source: TextParameter = None
    responsible: TextParameter = None
    month: MonthParameter = None
    began_at: InstantParameter = None
    cursor: CursorParameter = None


class QualityPageParameters(FormParameters):
    """The period of the page on quality, and the unit whose subtree is looked at."""

    from_: DayParameter = Field(default=None, alias="from")
    to: DayParameter = None
    unit: TextParameter = None


class CasePageParameters(FormParameters):
    """The instant at which a case is shown, and which page of its holds."""

    as_of: InstantParameter = None
    page: PageNumber = 1


class OfficerParameters(FormParameters):
    """The period of an officer's page, whether late cases alone are listed, and which page of the list."""

    from_: DayParameter = Field(default=None, alias="from")
    to: DayParameter = None
    late: LateOnly = None
    page: PageNumber = 1
