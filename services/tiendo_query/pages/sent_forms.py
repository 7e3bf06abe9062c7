"""Forms that a page sends: their fields, and what was wrong with them field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import HTTP
from typing import Final

from fastapi import Request, Response

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal, Words
from tiendo_runtime.web.form_fields import form_fields

_BODY_MAX: Final = 128 * 1024
_FIELDS_MAX: Final = 60
FILE_MAX: Final = 1024 * 1024
"""Of a form with a file, in bytes."""
_HEAD_MAX: Final = 2 * 1024
"""Of a part of such a form, in bytes."""
_KEYS: Final = frozenset({"source", "id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with a form: by field, and what is wrong with none of them."""

    of_fields: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    def of(self, name: str) -> str:
        """What is wrong with the field; empty where nothing is."""
        return self.of_fields.get(name, "")

    def __bool__(self) -> bool:
        return bool(self.of_fields or self.others)


NO_FAULTS: Final = Faults()
UNPROCESSABLE: Final = 422
"""The status of a form that is shown again with what was wrong with it."""


async def sent_fields(request: Request, *, most: int = _FIELDS_MAX) -> dict[str, str]:
    """The fields that were filled in, without white space around them; keys of events as they are. Raises the refusal of a body that no form of ours has."""
    return _filled_in(form_fields(await sent_body(request, _BODY_MAX), most))


async def sent_file(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields and the one file of a form that sends one (`multipart/form-data`); no bytes where none was chosen. Raises the same refusal."""
    body = await sent_body(request, FILE_MAX)
    fields, file = dict[str, str](), b""
    for head, content in _parts(request.headers.get("content-type", ""), body):
        name = head.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            continue
        if head.get_filename() is None:
            fields[name] = content.decode("utf-8", "replace")
        else:
            file = content
    return _filled_in(fields), file


def _parts(content_type: str, body: bytes) -> Iterator[tuple[Message, bytes]]:
    """Head and content of each part (RFC 7578), of no more parts than a form of ours has, and none from one with a longer head on."""
    form = Message()
    form["Content-Type"] = content_type[:_HEAD_MAX]
    boundary = form.get_boundary()
    if not boundary:
        return
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    _, *pieces = (b"\r\n" + body).split(delimiter, _FIELDS_MAX + 2)
    for piece in pieces[: _FIELDS_MAX + 1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        if len(head) > _HEAD_MAX or piece.startswith(b"--"):
            return
        yield BytesHeaderParser(policy=HTTP).parsebytes(head.lstrip() + b"\r\n\r\n"), content


async def sent_body(request: Request, most: int) -> bytes:
    """What was sent, of at most so many bytes. Raises the refusal of more."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": most})
    return body


def _filled_in(fields: Mapping[str, str]) -> dict[str, str]:
    # Browsers end lines with CR LF; texts of events have LF alone.
    return {name: value if name in _KEYS else value.replace("\r\n", "\n").strip() for name, value in fields.items()}


def faults_of(refusal: Refusal, stands_for: Mapping[str, str], sent: Mapping[str, str], language: Language) -> Faults:
    """What the door found wrong with what was `sent`, in words; `stands_for` says which field of the form a member of the event stands for."""
    of_fields: dict[str, str] = {}
    others: list[str] = []
    for fault in _all(refusal):
        name = _field_of(fault.field, stands_for)
        if name is None:
            others.append(str(problem_document(fault, language)["detail"]))
        else:
            of_fields.setdefault(name, _told(fault, sent.get(name, ""), language))
    return Faults(of_fields=of_fields, others=tuple(dict.fromkeys(others)))


_MISSING: Final = Words(vi="chưa điền", en="not filled in")
_NO_MOMENT: Final = Words(vi="ngày giờ không đúng", en="no such date or time")
_UNREADABLE: Final = Words(vi="không đúng, xem lại chỗ này", en="not right, look at it again")


def _told(fault: Refusal, value: str, language: Language) -> str:
    """What is wrong with a field, to somebody who knows the form and not the event."""
    if not value:
        return _MISSING.spoken(language)
    if fault.kind is ProblemKind.INSTANT_INVALID:
        return _NO_MOMENT.spoken(language)
    expected = fault.values.get("expected")
    return expected.spoken(language) if isinstance(expected, Words) else _UNREADABLE.spoken(language)


def _all(refusal: Refusal) -> Iterator[Refusal]:
    yield refusal
    yield from refusal.others


def _field_of(member: str | None, fields: Mapping[str, str]) -> str | None:
    """The field of the member itself, or of the object that it is a member of."""
    while member:
        if member in fields:
            return fields[member]
        member = member.rpartition(".")[0]
    return None


def with_script(page: Response) -> Response:
    """The page, on which the scripts of this service may run: the form works without them, and keeps a draft in the browser with them."""
    policy = page.headers["Content-Security-Policy"]
    if "script-src" not in policy:
        page.headers["Content-Security-Policy"] = f"{policy}; script-src 'self'"
    return page
