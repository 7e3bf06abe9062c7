"""What is wrong with the `data` of an event, in words that its sender can act on."""

from typing import Any

from pydantic import ValidationError

from tiendo_contracts.problem_kinds import ProblemKind, Refusal, Words
from tiendo_contracts.strict_json import shown_name

TEXT = Words(en="text", vi="văn bản")
ANY_JSON_OBJECT = Words(en="a JSON object", vi="một đối tượng JSON")
_INTEGER = Words(en="an integer of at least 0", vi="số nguyên từ 0 trở lên")
_EXPECTED = {
    "string_type": TEXT,
    "int_type": _INTEGER,
    "int_from_float": _INTEGER,
    "greater_than_equal": _INTEGER,
    "model_type": ANY_JSON_OBJECT,
    "model_attributes_type": ANY_JSON_OBJECT,
    "control_character": Words(en="text without control characters", vi="văn bản không có ký tự điều khiển"),
    "instant_or_date": Words(
        en="an instant of RFC 3339 with an offset, or a date such as 2022-08-15",
        vi="thời điểm theo RFC 3339 có độ lệch múi giờ, hoặc ngày như 2022-08-15",
    ),
    "dots": Words(en="text other than `.` and `..`", vi="văn bản khác `.` và `..`"),
    "unit_unnamed": Words(en="a unit with an `id` or a `name`", vi="một đơn vị có `id` hoặc `name`"),
}


def text_of_length(least: int, most: int) -> Words:
    """Text of that many characters, in words."""
    return Words(en=f"text of {least} to {most} characters", vi=f"văn bản dài từ {least} đến {most} ký tự")


def complaint(error: ValidationError) -> Refusal:
    """The first fault as a `Refusal` with the path of the member; a member that nobody asked for goes before all others."""
    faults = error.errors(include_url=False, include_input=False)
    fault = next((each for each in faults if each["type"] == "extra_forbidden"), faults[0])
    path = ".".join(shown_name(str(part)) for part in ("data", *fault["loc"]))
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
        case _:
            return _EXPECTED.get(kind, TEXT)
