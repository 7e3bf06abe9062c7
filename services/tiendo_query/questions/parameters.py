"""The kinds of values that query parameters have, each read strictly: what could be read in two ways is refused."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.instants import Instant
from tiendo_domain.quality import QUALITY_KINDS
from tiendo_domain.timeline_types import Basis, CaseClass, Policy, State
from tiendo_query.questions.parameter_refusals import combination, refused
from tiendo_query.questions.strict_routes import Parameters

POSITION_MAX: Final = 2**63 - 1
PAGE_SIZE_MAX: Final = 500
PAGE_SIZE: Final = 50
_TEXT_LENGTH_MAX: Final = 200
_CURSOR_LENGTH_MAX: Final = 4_000
_KEY_LENGTH_MAX: Final = 10_000
_DIGITS: Final = re.compile(r"\d{1,19}", re.ASCII)
_DATE: Final = re.compile(r"(?:19[7-9]\d|20\d\d|21\d\d)-\d\d-\d\d", re.ASCII)

_MONTH: Final = re.compile(r"^(?:19[7-9]\d|20\d\d|21\d\d)-(?:0[1-9]|1[0-2])$", re.ASCII)

_A_MONTH: Final = Words(en="a month such as 2022-08", vi="tháng, ví dụ 2022-08")
_AN_INSTANT: Final = Words(
    en="an instant of RFC 3339 with an offset, such as 2022-08-15T08:05:00%2B07:00 (a + is written %2B in a query)",
    vi="thời điểm theo RFC 3339 có độ lệch múi giờ, ví dụ 2022-08-15T08:05:00%2B07:00 (dấu + viết là %2B)",
)
_A_DAY: Final = Words(
    en="a date of the years 1970 to 2199, such as 2022-08-25", vi="ngày trong các năm 1970 đến 2199, ví dụ 2022-08-25"
)
_A_DAY_OR_INSTANT: Final = Words(
    en="a date such as 2022-08-25, or an instant with an offset such as 2022-08-25T17:00:00%2B07:00",
    vi="ngày như 2022-08-25, hoặc thời điểm có độ lệch múi giờ như 2022-08-25T17:00:00%2B07:00",
)


def _instant(value: Any, info: ValidationInfo) -> Instant:  # noqa: ANN401 - whatever was sent
    try:
        return Instant(parse_instant(str(value)), str(value))
    except ValueError:
        raise refused(info.field_name, _AN_INSTANT) from None


def _day_or_instant(value: Any, info: ValidationInfo) -> date | Instant:  # noqa: ANN401 - whatever was sent
    try:
        if _DATE.fullmatch(str(value)):
            return date.fromisoformat(str(value))
        return Instant(parse_instant(str(value)), str(value))
    except ValueError:
        raise refused(info.field_name, _A_DAY_OR_INSTANT) from None


def _day(value: Any, info: ValidationInfo) -> date:  # noqa: ANN401 - whatever was sent
    try:
        if _DATE.fullmatch(str(value)):
            return date.fromisoformat(str(value))
    except ValueError:
        pass
    raise refused(info.field_name, _A_DAY)


def _whole(least: int, most: int) -> PlainValidator:
    def check(value: Any, info: ValidationInfo) -> int:  # noqa: ANN401 - whatever was sent
        number = int(value) if _DIGITS.fullmatch(str(value)) else None
        if number is None or not least <= number <= most:
            expected = f"{least:,} to {most:,}".replace(",", "\N{NO-BREAK SPACE}")
            raise refused(
                info.field_name,
                Words(en=f"a whole number from {expected}", vi=f"số nguyên từ {expected.replace('to', 'đến')}"),
            )
        return number

    return PlainValidator(check)


def _boolean(value: Any, info: ValidationInfo) -> bool:  # noqa: ANN401 - whatever was sent
    if str(value) not in {"true", "false"}:
        raise refused(info.field_name, Words(en="true or false", vi="true hoặc false"))
    return str(value) == "true"


def _true(value: Any, info: ValidationInfo) -> bool:  # noqa: ANN401 - whatever was sent
    if str(value) != "true":
        raise refused(info.field_name, Words(en="true, or nothing", vi="true, hoặc bỏ trống"))
    return True


def _month(value: Any, info: ValidationInfo) -> str:  # noqa: ANN401 - whatever was sent
    if not _MONTH.fullmatch(str(value)):
        raise refused(info.field_name, _A_MONTH)
    return str(value)


def one_of(*known: str) -> PlainValidator:
    """A validator that takes one of the texts `known`."""

    def check(value: Any, info: ValidationInfo) -> str:  # noqa: ANN401 - whatever was sent
        if str(value) not in known:
            names = ", ".join(known)
            raise refused(info.field_name, Words(en=f"one of {names}", vi=f"một trong {names}"))
        return str(value)

    return PlainValidator(check)


def _text(value: Any, info: ValidationInfo) -> str:  # noqa: ANN401 - whatever was sent
    text = str(value)
    if not 1 <= len(text) <= _TEXT_LENGTH_MAX or any(character < " " or character == "\x7f" for character in text):
        raise refused(
            info.field_name,
            Words(
                en=f"text of 1 to {_TEXT_LENGTH_MAX} characters, none of them a control character",
                vi=f"văn bản từ 1 đến {_TEXT_LENGTH_MAX} ký tự, không có ký tự điều khiển",
            ),
        )
    return text


def _key(value: Any, info: ValidationInfo) -> str:  # noqa: ANN401 - whatever was sent
    text = str(value)
    if not 1 <= len(text) <= _KEY_LENGTH_MAX or "\x00" in text:
        raise refused(info.field_name, Words(en="a key as an answer gave it", vi="khóa đúng như câu trả lời đã cho"))
    return text


def _cursor(value: Any) -> str:  # noqa: ANN401 - whatever was sent
    text = str(value)
    if not 1 <= len(text) <= _CURSOR_LENGTH_MAX:
        raise Refusal(ProblemKind.CURSOR_INVALID, field="cursor")
    return text


_INSTANT_SCHEMA: Final = {"type": "string", "format": "date-time"}
_STATES: Final = tuple(state.value for state in State)
_CLASSES: Final = tuple(one.value for one in CaseClass)
_BASES: Final = tuple(basis.value for basis in Basis)
_POLICIES: Final = tuple(policy.value for policy in Policy)


def _integers(least: int, most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


# Those that may be missing say None in front of the schema: a query cannot send null, and the description must not offer it.
InstantParameter = Annotated[Instant | None, PlainValidator(_instant), WithJsonSchema(_INSTANT_SCHEMA)]
DayOrInstant = Annotated[
    date | Instant | None,
    PlainValidator(_day_or_instant),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, _INSTANT_SCHEMA]}),
]
DayParameter = Annotated[date | None, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
PageNumber = Annotated[int, _whole(1, 1_000_000), _integers(1, 1_000_000)]
PositionParameter = Annotated[int, _whole(0, POSITION_MAX), _integers(0, POSITION_MAX)]
PageSize = Annotated[int, _whole(1, PAGE_SIZE_MAX), _integers(1, PAGE_SIZE_MAX)]
OptionalPageSize = Annotated[int | None, _whole(1, PAGE_SIZE_MAX), _integers(1, PAGE_SIZE_MAX)]
AccessNumber = Annotated[int | None, _whole(1, POSITION_MAX), _integers(1, POSITION_MAX)]
EventPosition = Annotated[int, _whole(1, POSITION_MAX), _integers(1, POSITION_MAX)]
LogPageSize = Annotated[int, _whole(1, 1_000), _integers(1, 1_000)]
MinutesParameter = Annotated[int | None, _whole(0, 100_000_000), _integers(0, 100_000_000)]
VersionNumber = Annotated[int | None, _whole(1, 1_000_000), _integers(1, 1_000_000)]
HoursParameter = Annotated[int | None, _whole(0, 10_000), _integers(0, 10_000)]
WeekdayParameter = Annotated[int | None, _whole(1, 7), _integers(1, 7)]
HourOfDayParameter = Annotated[int | None, _whole(0, 23), _integers(0, 23)]
BooleanParameter = Annotated[bool | None, PlainValidator(_boolean), WithJsonSchema({"type": "boolean"})]
TextParameter = Annotated[
    str | None,
    PlainValidator(_text),
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": _TEXT_LENGTH_MAX, "pattern": r"^[^\x00-\x1f\x7f]+$"}
    ),
]
PartyKeyParameter = Annotated[
    str, PlainValidator(_key), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": _KEY_LENGTH_MAX})
]
CursorParameter = Annotated[str | None, PlainValidator(_cursor), WithJsonSchema({"type": "string", "minLength": 1})]
StateParameter = Annotated[str | None, one_of(*_STATES), WithJsonSchema({"type": "string", "enum": list(_STATES)})]
ClassParameter = Annotated[str | None, one_of(*_CLASSES), WithJsonSchema({"type": "string", "enum": list(_CLASSES)})]
BasisParameter = Annotated[str, one_of(*_BASES), WithJsonSchema({"type": "string", "enum": list(_BASES)})]
PolicyParameter = Annotated[str | None, one_of(*_POLICIES), WithJsonSchema({"type": "string", "enum": list(_POLICIES)})]
QualityParameter = Annotated[
    str | None,
    one_of(*QUALITY_KINDS),
    WithJsonSchema({"type": "string", "enum": [str(kind) for kind in QUALITY_KINDS]}),
]
TrueParameter = Annotated[bool | None, PlainValidator(_true), WithJsonSchema({"type": "boolean", "enum": [True]})]
MonthParameter = Annotated[
    str | None, PlainValidator(_month), WithJsonSchema({"type": "string", "pattern": _MONTH.pattern})
]
FormatParameter = Annotated[
    str | None, one_of("json", "csv", "xlsx"), WithJsonSchema({"type": "string", "enum": ["json", "csv", "xlsx"]})
]


class ReadParameters(Parameters):
    """What every question to the read models may carry."""

    min_position: PositionParameter = Field(
        default=0, description="wait, up to 10 s, until the figures reflect this position of the log"
    )


class _SingleCaseParameters(Parameters):
    known_at: InstantParameter = None
    basis: BasisParameter = Basis.OCCURRED.value
    policy: PolicyParameter = None


_SINGLE_CASE: Final = frozenset({"known_at", "basis", "policy"})


class ListParameters(ReadParameters):
    """What every list and total may carry."""

    as_of: InstantParameter = Field(default=None, description="the instant at which cases are shown; default now")

    @model_validator(mode="before")
    @classmethod
    def _single_cases_only(cls, values: object) -> object:
        """Refuse by name what only the timeline of one case answers (422); no list describes these parameters."""
        if not isinstance(values, dict):
            return values
        asked = _SingleCaseParameters.model_validate({name: values[name] for name in _SINGLE_CASE if name in values})
        if asked.known_at is not None:
            raise combination("known_at")
        if asked.basis != Basis.OCCURRED.value:
            raise combination("basis")
        if asked.policy is not None:
            raise combination("policy")
        return {name: value for name, value in values.items() if name not in _SINGLE_CASE}


class PageParameters(ListParameters):
    """A list that comes in pages."""

    limit: PageSize = Field(default=PAGE_SIZE, description="entries in a page")
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")


class PeriodParameters(Parameters):
    """A period: local dates of the default calendar's zone, both inclusive, or instants, half-open."""

    from_: DayOrInstant = Field(
        default=None, alias="from", description="default: from the first event on", examples=["2022-01-01"]
    )
    to: DayOrInstant = Field(default=None, description="default: up to `as_of`", examples=["2022-08-25"])


class TableParameters(PeriodParameters, ListParameters):
    """A table over a period: JSON in pages, or CSV and XLSX whole."""

    format: FormatParameter = Field(default=None, description="instead of the header Accept")
    limit: OptionalPageSize = Field(
        default=None, description=f"entries in a page of JSON, default {PAGE_SIZE}; CSV and XLSX are given out whole"
    )
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")
