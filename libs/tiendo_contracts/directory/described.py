"""Definitions that are flat: each described once, by its model, whose members are those of the domain's rule by name.

So facts of the log, the rules file and what is shown of the rules say the same members, and a further one is a line in the model and in the rule.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from tiendo_contracts.directory.models import (
    AbsenceData,
    Closed,
    NationalData,
    OfficerData,
    ProcedureData,
    PublicationData,
    StepData,
    UnitData,
)
from tiendo_domain.rules import (
    AbsenceRule,
    NationalRule,
    OfficerRule,
    ProcedureRule,
    PublicationRule,
    StepRule,
    UnitRule,
)

FlatRule = UnitRule | ProcedureRule | OfficerRule | AbsenceRule | StepRule | NationalRule | PublicationRule
_Rule = TypeVar("_Rule", UnitRule, ProcedureRule, OfficerRule, AbsenceRule, StepRule, NationalRule, PublicationRule)

MODELS: Final[Mapping[type[FlatRule], type[Closed]]] = {
    UnitRule: UnitData,
    ProcedureRule: ProcedureData,
    OfficerRule: OfficerData,
    AbsenceRule: AbsenceData,
    StepRule: StepData,
    NationalRule: NationalData,
    PublicationRule: PublicationData,
}
NAMES: Final[Mapping[type[FlatRule], str]] = {
    rule: model.__name__.removesuffix("Data").casefold() for rule, model in MODELS.items()
}
"""What the table of the rules file is called, and the type of the fact with `-defined` behind it."""


def rule_of(kind: type[_Rule], data: Closed) -> _Rule:
    """The domain's rule of that kind that the data say."""
    members: dict[str, Any] = {name: getattr(data, name) for name in type(data).model_fields}
    return kind(**_with_sequences(members, list, tuple))


def data_of(rule: FlatRule) -> Closed:
    """What states the rule."""
    model = MODELS[type(rule)]
    members: dict[str, Any] = {name: getattr(rule, name) for name in model.model_fields}
    return model(**_with_sequences(members, tuple, list))


def members_of(data: Closed) -> dict[str, Any]:
    """The members as JSON has them, by the names of the rules file; without what is not stated."""
    return data.model_dump(mode="json", by_alias=True, exclude_none=True)


def _with_sequences(members: Mapping[str, Any], of: type, into: type) -> dict[str, Any]:
    return {name: into(value) if isinstance(value, of) else value for name, value in members.items()}
