"""What `data` may say in each type of event, as models that name every fault; derived from the facts of the domain, which declare it.

Anything else is refused by name, so that no applicant's data slips into the log. Every member is optional (missing or null), unless the type is
meaningless without it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, Literal, Union

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, create_model, model_validator
from pydantic_core import PydanticCustomError

from tiendo_contracts.events.asked_types import Terms
from tiendo_contracts.events.event_types import FACT_TYPES
from tiendo_contracts.explanation_checks import OBJECT_CHECKS, is_named
from tiendo_contracts.texts.instant_texts import parse_instant, parse_local_date
from tiendo_domain.instants import Instant, Moment
from tiendo_domain.member_rules import IntegerRule, ListRule, NamedRule, TextRule

CODE = "code"
"""What stands in the place of a fault in a value where an object might stand as well."""

_HIDDEN = r"\u007f-\u009f\u202a-\u202e\u2066-\u2069"
_SHOWN = rf"^[^\u0000-\u001f{_HIDDEN}]*$"
_SHOWN_IN_LINES = rf"^[^\u0000-\u0008\u000b-\u001f{_HIDDEN}]*$"


def _instant(text: str) -> str:
    try:
        parse_instant(text)
    except ValueError:
        raise PydanticCustomError("instant", "an instant of RFC 3339 with an offset") from None
    return text


def _instant_or_date(text: str) -> str:
    try:
        parse_instant(text)
    except ValueError:
        try:
            parse_local_date(text)
        except ValueError:
            raise PydanticCustomError("instant_or_date", "an instant of RFC 3339 with an offset, or a date") from None
    return text


def _key(text: str) -> str:
    if text in {".", ".."}:
        raise PydanticCustomError("dots", "not `.` or `..`")
    if text.isspace():
        raise PydanticCustomError("blank", "not blank")
    return text


def _said(text: str) -> str:
    if text.isspace():
        raise PydanticCustomError("blank", "not blank")
    return text


def _named(party: BaseModel) -> BaseModel:
    if not is_named(party):
        raise PydanticCustomError("unnamed", "with an id or a name")
    return party


def _named_by_name(party: BaseModel) -> BaseModel:
    if not is_named(party, "name"):
        raise PydanticCustomError("nameless", "with a name")
    return party


class _Closed(BaseModel):
    """An object whose members are all named here."""

    model_config = ConfigDict(extra="forbid", strict=True)


InstantOfData = Annotated[str, AfterValidator(_instant), Field(json_schema_extra={"format": "date-time"})]
MomentOfData = Annotated[str, AfterValidator(_instant_or_date)]
_MOMENTS: dict[type[Moment], Any] = {Instant: InstantOfData, Moment: MomentOfData}


@cache
def _model(declared: type[msgspec.Struct]) -> type[BaseModel]:
    """The model of an object that the domain declares."""
    fields: dict[str, Any] = {
        field.encode_name: (_TERMS.of(field.type), ... if field.required else None)
        for field in msgspec.structs.fields(declared)
    }
    tag = declared.__struct_config__
    if tag.tag_field is not None:
        fields = {tag.tag_field: (Literal[tag.tag], ...), **fields}
    whole = OBJECT_CHECKS.get(declared)
    validators: dict[str, Any] = {} if whole is None else {"whole": model_validator(mode="after")(whole)}
    return create_model(
        declared.__name__, __base__=_Closed, __doc__=declared.__doc__, __validators__=validators, **fields
    )


def _one_of(declared: Sequence[type[msgspec.Struct]], codes: Sequence[Any]) -> Any:  # noqa: ANN401 - a type
    """One of several objects, told apart by the member that names its kind; where there are `codes`, or one of these in its place."""
    member = declared[0].__struct_config__.tag_field
    if not codes:
        models: Any = Union[tuple(_model(each) for each in declared)]  # noqa: UP007 - of any number
        return Annotated[models, Field(discriminator=member)]
    tagged = [Annotated[_model(each), Tag(str(each.__struct_config__.tag))] for each in declared]
    either: Any = Union[(*tagged, *(Annotated[each, Tag(CODE)] for each in codes))]

    def told(sent: object) -> object:
        return sent.get(member) if isinstance(sent, dict) else CODE

    return Annotated[
        either, Discriminator(told, custom_error_type="no_such_object", custom_error_message="no such object")
    ]


def _rule(rule: object) -> Sequence[object]:
    """What pydantic takes for a rule that the domain declares."""
    match rule:
        case TextRule(least=least, most=most):
            shown = _SHOWN_IN_LINES if rule.has_lines else _SHOWN
            bounds = Field(min_length=least or None, max_length=most, pattern=shown)
            if rule.is_key:
                return (bounds, AfterValidator(_key))
            return (bounds, AfterValidator(_said)) if rule.is_said else (bounds,)
        case IntegerRule(least=least):
            return (Field(ge=least),)
        case ListRule(most=most):
            return (Field(max_length=most),)
        case NamedRule(by_name=by_name):
            return (AfterValidator(_named_by_name if by_name else _named),)
        case msgspec.Meta(description=description):
            return (Field(description=description),)
    raise TypeError(f"no rule of a member: {rule!r}")


_TERMS = Terms(_model, _one_of, _MOMENTS.__getitem__, _rule)

DATA_MODELS: dict[str, type[BaseModel]] = {event_type: _model(fact) for event_type, fact in FACT_TYPES.items()}
"""The model of `data` by the type of the event."""
