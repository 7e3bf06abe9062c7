"""What lists of cases may be asked about the part of a figure, alike for programs and pages."""

from itertools import combinations
from typing import Annotated, Final, Self

from pydantic import Field, WithJsonSchema, model_validator

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import Difficulty
from tiendo_domain.lateness_causes import LatenessCause
from tiendo_query.breakdowns.figure_parts import FigurePart
from tiendo_query.questions.parameter_refusals import refused
from tiendo_query.questions.parameters import (
    DayParameter,
    HourOfDayParameter,
    TextParameter,
    TrueParameter,
    WeekdayParameter,
    one_of,
)
from tiendo_query.questions.strict_routes import Parameters
from tiendo_read_models.queries.difficulties import Unnamed, WhatBecame

_CAUSES: Final = tuple(cause.value for cause in LatenessCause)
CauseParameter = Annotated[str | None, one_of(*_CAUSES), WithJsonSchema({"type": "string", "enum": list(_CAUSES)})]
_REASONS: Final = tuple(reason.value for reason in Difficulty)
ReasonParameter = Annotated[str | None, one_of(*_REASONS), WithJsonSchema({"type": "string", "enum": list(_REASONS)})]
_BECAME: Final = tuple(one.value for one in WhatBecame)
BecameParameter = Annotated[str | None, one_of(*_BECAME), WithJsonSchema({"type": "string", "enum": list(_BECAME)})]
_UNNAMED: Final = tuple(",".join(names) for count in (1, 2, 3) for names in combinations(Unnamed, count))
_TOGETHER: Final = {
    "step_overran": "step",
    "norm_missed": "step",
    "handed_from": "handed_to",
    "handed_to": "handed_from",
    "handed_late": "handed_to",
    "flow_of": "handed_to",
    "flow_whole": "flow_of",
}
"""What says something only beside another parameter -> that one: left alone it would narrow nothing, and a list of everything would pass for a part."""
UnnamedParameter = Annotated[str | None, one_of(*_UNNAMED), WithJsonSchema({"type": "string", "enum": list(_UNNAMED)})]


class PartParameters(Parameters):
    """The part; each of them is about the cases finished in the period, by the finish as recorded."""

    cause: CauseParameter = Field(
        default=None, description="has minutes of this cause (`/v1/breakdown`), by the finish as recorded in the period"
    )
    step: TextParameter = Field(
        default=None, description="finished in the period, and was in the step of this id, or without one of this name"
    )
    step_overran: TrueParameter = Field(default=None, description="with `step`: the step overran")
    handed_from: TextParameter = Field(
        default=None, description="with `handed_to`: finished in the period, and handed over so (`/v1/flows`)"
    )
    handed_to: TextParameter = Field(default=None, description="with `handed_from`")
    handed_late: TrueParameter = Field(default=None, description="with `handed_to`: lateness came with it (rule A6)")
    flow_of: TextParameter = Field(
        default=None, description="with `handed_to`: the unit whose flow it is; none: the province's"
    )
    flow_whole: TrueParameter = Field(
        default=None, description="with `flow_of`: the unit with all below it is one place"
    )
    finished_from: DayParameter = Field(
        default=None, description="finished in the period and on this local day or later, by the finish as recorded"
    )
    finished_to: DayParameter = Field(default=None, description="likewise on this local day or earlier")
    weekday: WeekdayParameter = Field(
        default=None,
        description="finished in the period on this weekday, 1 Monday to 7 Sunday, by the finish as recorded",
    )
    hour: HourOfDayParameter = Field(default=None, description="likewise in this local hour")
    explained: TrueParameter = Field(
        default=None, description="finished in the period, and an explanation stands that is not withdrawn"
    )
    explained_reason: ReasonParameter = Field(
        default=None,
        description="likewise, explained for this reason (`/v1/difficulties`; rule E6)",
    )
    explained_unit: TextParameter = Field(
        default=None, description="likewise, by somebody of the unit of this id itself, or without one of this name"
    )
    explained_below: TextParameter = Field(default=None, description="likewise, by somebody of it or a unit below it")
    explained_step: TextParameter = Field(
        default=None,
        description="likewise, by somebody who overran most in this step, else held the case longest there",
    )
    explained_without: UnnamedParameter = Field(default=None, description="likewise, where these are not known")
    explained_state: BecameParameter = Field(default=None, description="likewise, and what became of the explanation")
    norm_missed: TrueParameter = Field(
        default=None, description="with `step`: it overran, and the organisation bears a part by rule (A3)"
    )

    @model_validator(mode="after")
    def _together(self) -> Self:
        for name, other in _TOGETHER.items():
            if getattr(self, name) is not None and getattr(self, other) is None:
                raise refused(name, Words(en=f"given together with `{other}`", vi=f"đi cùng `{other}`"))
        return self

    @property
    def part(self) -> FigurePart | None:
        """The part that is asked for; None where none is."""
        part = FigurePart(**{name: getattr(self, name) for name in FigurePart.__slots__})
        return None if part.asks_nothing else part
