"""The body of a message: the envelope or the bare array, read from JSON as leniently as its records can be judged one by one."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Never

from msgspec import Struct

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_sources.national.dossier import sent_at
from tiendo_sources.national.texts import identifier, text_of

UNIT_PARAMETER: Final = "MaDinhDanhDV"
"""The parameter of the address that names the unit that sends."""

ADDRESS_PARAMETERS: Final = (UNIT_PARAMETER, "isUpdating")
ENVELOPE_MEMBERS: Final = ("session", "madonvi", "isUpdating")
CODE: Final = "MaHoSo"
"""The member that names the dossier of a record."""

RECORDS_MAX: Final = 300_000
"""More do not fit into a body of 32 MiB, if each says as much as that somebody worked."""
_DIGITS_MAX: Final = 18


class Message(Struct, frozen=True, kw_only=True):
    """A message: the session that its envelope names, the service, the unit that sends, when it was sent, and its records."""

    session: str
    service: str
    unit: str | None
    sent_at: datetime | None
    records: Sequence[Any]


def read_message(body: bytes, *, service: str | None = None, unit: str | None = None) -> Message:
    """What the body holds: an envelope, or with the `service` named elsewhere also the bare array; raises `Refusal`.

    What the address says of the unit goes before the envelope.
    """
    value = _parsed(body)
    if isinstance(value, list) and service is not None:
        return Message(
            session="", service=service, unit=identifier(unit or ""), sent_at=None, records=_not_too_many(value)
        )
    return message_of(value, service=service, unit=unit)


def message_of(value: object, *, service: str | None = None, unit: str | None = None) -> Message:
    """What an envelope says that was parsed already; raises `Refusal`."""
    if not isinstance(value, Mapping):
        raise Refusal(ProblemKind.RECORDS_MISSING, field="data")
    records = value.get("data")
    if isinstance(records, str):
        records = _parsed(records.encode("utf-8", "surrogatepass"))
    if isinstance(records, Mapping):
        records = [records]
    if not isinstance(records, list):
        raise Refusal(ProblemKind.RECORDS_MISSING, field="data")
    return Message(
        session=_session(value.get("session")),
        service=service or text_of(value, "service"),
        unit=identifier(unit or text_of(value, "madonvi")),
        sent_at=sent_at(value),
        records=_not_too_many(records),
    )


def read_login(body: bytes) -> tuple[str, str]:
    """The user name and the password of a login; raises `Refusal`."""
    value = _parsed(body)
    if not isinstance(value, Mapping):
        raise Refusal(ProblemKind.JSON_INVALID, values={"offset": 0})
    return text_of(value, "username"), text_of(value, "password")


def read_record_text(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """The record whose text was kept; raises `Refusal` for what is no JSON."""
    return _parsed(raw)


def _not_too_many(records: list[Any]) -> list[Any]:
    """The records; raises `Refusal` for more than are looked at one by one."""
    if len(records) > RECORDS_MAX:
        raise Refusal(ProblemKind.TOO_MANY_EVENTS, field="data", values={"limit": RECORDS_MAX})
    return records


def _session(value: object) -> str:
    """The session; what is no text names none."""
    return text_of({"": value}, "") if isinstance(value, str) else ""


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value: numbers that JSON cannot carry exactly stay texts, and of a member that stands twice the record says that it cannot be read."""
    try:
        return json.loads(
            body.decode("utf-8-sig", "surrogatepass"),
            parse_int=_integer,
            parse_float=_number,
            parse_constant=str,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        raise Refusal(ProblemKind.JSON_NOT_UTF8, values={"offset": error.start}) from None
    except json.JSONDecodeError as error:
        raise Refusal(ProblemKind.JSON_INVALID, values={"offset": error.pos}) from None
    except RecursionError:
        _refuse_depth()


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _DIGITS_MAX else digits


def _number(digits: str) -> int | str:
    """`6.0` is 6; what has a fraction, or is written with an exponent, stays as it is written."""
    whole, _, fraction = digits.partition(".")
    return _integer(whole) if fraction and not fraction.strip("0") else digits


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; of a member that stands twice with different values, an array of them, which no member may be."""
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    said: dict[str, list[Any]] = {}
    for name, member in pairs:
        said.setdefault(name, []).append(member)
    return value | {name: found for name, found in said.items() if any(member != found[0] for member in found)}


def _refuse_depth() -> Never:
    raise Refusal(ProblemKind.JSON_TOO_DEEP, values={"limit": 32}) from None
