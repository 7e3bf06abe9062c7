"""What is wrong with the `data` of an event, in words that its sender can act on."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tiendo_contracts.problems.problem_kinds import FAULTS_MAX, ProblemKind, Refusal, Words, together
from tiendo_contracts.texts.strict_json import shown_name
from tiendo_domain.explanations import EffectKind

_KINDS: Final = frozenset({*EffectKind, "code"})
_PLACES_OF_KINDS: Final = frozenset({"asks"})
TEXT = Words(en="text", vi="văn bản")
ANY_JSON_OBJECT = Words(en="a JSON object", vi="một đối tượng JSON")
WITHOUT_CONTROLS = Words(
    en="text without control characters and marks that turn its direction",
    vi="văn bản không có ký tự điều khiển và ký tự đổi chiều chữ",
)
NOT_BLANK = Words(en="text that is not blank", vi="văn bản không chỉ gồm khoảng trắng")
_INTEGER = Words(
    en="an integer of at least 0, written without point or exponent",
    vi="số nguyên từ 0 trở lên, viết không có dấu thập phân và số mũ",
)
_EXPECTED = {
    "string_type": TEXT,
    "int_type": _INTEGER,
    "int_from_float": _INTEGER,
    "greater_than_equal": _INTEGER,
    "model_type": ANY_JSON_OBJECT,
    "model_attributes_type": ANY_JSON_OBJECT,
    "string_pattern_mismatch": WITHOUT_CONTROLS,
    "list_type": Words(en="a JSON array", vi="một mảng JSON"),
    "too_long": Words(en="a shorter array", vi="một mảng ngắn hơn"),
    "blank": NOT_BLANK,
    "instant_or_date": Words(
        en="an instant of RFC 3339 with an offset, or a date such as 2022-08-15",
        vi="thời điểm theo RFC 3339 có độ lệch múi giờ, hoặc ngày như 2022-08-15",
    ),
    "dots": Words(en="text other than `.` and `..`", vi="văn bản khác `.` và `..`"),
    "unnamed": Words(en="somebody with an `id` or a `name`", vi="một người hoặc đơn vị có `id` hoặc `name`"),
    "nameless": Words(en="a person with a `name`", vi="một người có `name`"),
    "one_bearer": Words(en="exactly one of `officer` and `unit`", vi="đúng một trong hai `officer` và `unit`"),
    "effects_and_outcome": Words(
        en="at least one entry of `effects` where `outcome` is `accepted`, and none where it is `refused`",
        vi="ít nhất một mục trong `effects` khi `outcome` là `accepted`, và không có mục nào khi là `refused`",
    ),
    "minutes_missing": Words(en="`minutes`, or `share_minutes`", vi="`minutes` hoặc `share_minutes`"),
    "month": Words(en="a month such as 2022-08", vi="tháng như 2022-08"),
    "same_party": Words(en="another party in `to` than in `from`", vi="bên nhận `to` khác bên chuyển `from`"),
    "no_such_object": Words(
        en="the kind of an effect, or an effect with its `kind`", vi="loại điều chỉnh, hoặc một điều chỉnh có `kind`"
    ),
    "union_tag_not_found": Words(en="an object with a `kind`", vi="một đối tượng có `kind`"),
}


def text_of_length(least: int, most: int) -> Words:
    """Text of that many characters, in words."""
    return Words(en=f"text of {least} to {most} characters", vi=f"văn bản dài từ {least} đến {most} ký tự")


def complaint(error: ValidationError, *, within: tuple[str, ...] = ("data",)) -> Refusal:
    """All faults as one `Refusal`, each with the path of its member, which begins `within`; members that nobody asked for go before all others."""
    faults = error.errors(include_url=False, include_input=False)
    faults.sort(key=lambda fault: fault["type"] != "extra_forbidden")
    return together([_refusal(fault, within) for fault in faults[:FAULTS_MAX]])


def _refusal(fault: ErrorDetails, within: tuple[str, ...]) -> Refusal:
    path = ".".join(shown_name(str(part)) for part in (*within, *_place(fault["loc"]))) or "body"
    match fault["type"]:
        case "extra_forbidden":
            return Refusal(ProblemKind.MEMBER_UNKNOWN, field=path)
        case "missing":
            return Refusal(ProblemKind.MEMBER_MISSING, field=path, values={"expected": ANY_JSON_OBJECT})
        case "instant":
            return Refusal(ProblemKind.INSTANT_INVALID, field=path)
        case kind:
            return Refusal(
                ProblemKind.VALUE_INVALID, field=path, values={"expected": _expected(kind, fault.get("ctx", {}))}
            )


def _place(loc: tuple[int | str, ...]) -> Iterator[int | str]:
    """The members that lead to the fault: without the kind of an object, which stands behind its number or its only place."""
    for before, part in pairwise((None, *loc)):
        told_apart = isinstance(before, int) or before in _PLACES_OF_KINDS
        if part is not None and not (told_apart and part in _KINDS):
            yield part


def _expected(kind: str, context: dict[str, Any]) -> Words:
    match kind:
        case "string_too_short":
            return Words(
                en=f"text of at least {context['min_length']} character",
                vi=f"văn bản dài ít nhất {context['min_length']} ký tự",
            )
        case "string_too_long":
            return Words(
                en=f"text of at most {context['max_length']} characters",
                vi=f"văn bản dài nhiều nhất {context['max_length']} ký tự",
            )
        case "literal_error":
            return Words(
                en=f"one of {context['expected']}",
                vi=f"một trong các giá trị {context['expected'].replace(' or ', ', ')}",
            )
        case "union_tag_invalid":
            return Words(
                en=f"an object whose `kind` is one of {context['expected_tags']}",
                vi=f"một đối tượng có `kind` là một trong {context['expected_tags']}",
            )
        case _:
            return _EXPECTED.get(kind, TEXT)
