"""Answers in the format: always the same three members, also where nothing was taken."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language, Refusal, Words

TAKEN: Final = "0"
UNCHANGED: Final = "3"
REFUSED: Final = "-1"

_NEW: Final = Words(en="taken", vi="đã nhận")
_KNOWN: Final = Words(en="already there and unchanged", vi="đã có, không thay đổi")
_ALL: Final = Words(en="thành công (records: {count})", vi="thành công ({count} bản ghi)")
_SOME: Final = Words(
    en="{refused} of {count} records refused; the others are taken",
    vi="{refused}/{count} bản ghi bị từ chối; các bản ghi khác đã được nhận",
)


def answer(records: Sequence[Any], taken: Mapping[int, bool | Refusal], language: Language) -> dict[str, Any]:
    """What became of each record, in the order sent: whether it was new, or why it was refused."""
    refused = sum(isinstance(outcome, Refusal) for outcome in taken.values())
    message = (_SOME if refused else _ALL).spoken(language).format(count=len(records), refused=refused)
    result = [{"MaHoSo": _code(record), **_told(taken[index], language)} for index, record in enumerate(records)]
    return _answer(REFUSED if refused else TAKEN, message, result)


def session_answer(session: str) -> dict[str, Any]:
    """The session that a login gives."""
    return {"error_code": TAKEN, "message": "", "session": session}


def refused_answer(refusal: Refusal, language: Language) -> dict[str, Any]:
    """Why nothing of a message was taken, or a login failed."""
    return _answer(REFUSED, _reason(refusal, language), [])


def _answer(code: str, message: str, result: Sequence[Any]) -> dict[str, Any]:
    return {"error_code": code, "message": message, "result": result}


def _told(outcome: bool | Refusal, language: Language) -> dict[str, str]:  # noqa: FBT001 - told apart from a refusal
    if isinstance(outcome, Refusal):
        return {"error_code": REFUSED, "message": _reason(outcome, language)}
    return {
        "error_code": TAKEN if outcome else UNCHANGED,
        "message": (_NEW if outcome else _KNOWN).spoken(language),
    }


def _reason(refusal: Refusal, language: Language) -> str:
    """What was wrong, and what would be right, in a sentence each."""
    document = problem_document(refusal, language)
    return " ".join(str(document[name]) for name in ("detail", "remedy") if document.get(name))


def _code(record: Any) -> str:  # noqa: ANN401 - any JSON value
    code = record.get("MaHoSo") if isinstance(record, Mapping) else None
    if isinstance(code, bool) or not isinstance(code, str | int):
        return ""
    return str(code).encode("utf-8", "replace").decode()
