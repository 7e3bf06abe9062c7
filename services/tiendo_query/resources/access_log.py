"""Who looked at which case or person, and who changed what."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_event_store.access_log.access_entries import AccessKind
from tiendo_event_store.access_log.reading import AskedAccess, entries_before
from tiendo_query.answering.answers import NoCasesParameter, documented
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import (
    PAGE_SIZE,
    CursorParameter,
    InstantParameter,
    PageSize,
    TextParameter,
    one_of,
)
from tiendo_query.questions.strict_routes import Parameters, StrictRoute, each_parameter_once
from tiendo_runtime.web import requires_auditor

router: Final = APIRouter(
    prefix="/v1",
    tags=["access log"],
    route_class=StrictRoute,
    dependencies=[Depends(requires_auditor), Depends(each_parameter_once)],
)

_KINDS: Final = tuple(kind.value for kind in AccessKind)
_FIRST_NUMBER: Final = 0


class AccessLogEntry(BaseModel):
    """One look, or one change."""

    number: int = Field(description="rising without a hole")
    at: datetime
    who: str = Field(description="the id of a key, `person:…`, or `command-line:…`")
    name: str = Field(description="whose key it is, or who it is")
    kind: str = Field(description="what was looked at (case, officer, list) or changed (key, role, rules, change)")
    subject: str = Field(description="the code of the case, the id of the officer or key, or the address of the list")
    address: str = Field(description="by which address or command")
    hash: str = Field(description="SHA-256 of the hash before and of the entry's text, hexadecimal")


class AccessLogPage(BaseModel):
    """Entries, the newest first."""

    items: list[AccessLogEntry]
    next: str | None


class AccessLogParameters(Parameters):
    """Which entries; all conditions hold together."""

    who: TextParameter = Field(default=None, description="the id of a key, `person:…`, or `command-line:…`")
    kind: Annotated[str | None, one_of(*_KINDS)] = None
    subject: TextParameter = Field(default=None, description="the code of a case, the id of an officer or key")
    from_: InstantParameter = Field(default=None, alias="from", description="from this instant on")
    to: InstantParameter = Field(default=None, description="before this instant")
    limit: PageSize = Field(default=PAGE_SIZE, description="entries in a page")
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")


@router.get(
    "/access-log",
    summary="Who looked at which case or person, and who changed what",
    responses=documented(marked=False),
    operation_id="read_access_log",
)
async def read_access_log(database: NoCasesParameter, asked: Annotated[AccessLogParameters, Query()]) -> AccessLogPage:
    """Entries of the access log, the newest first: for keys with the scope admin and people with the role auditor."""
    question: dict[str, object] = {
        "who": asked.who,
        "kind": asked.kind,
        "subject": asked.subject,
        "from": asked.from_ and asked.from_.text,
        "to": asked.to and asked.to.text,
    }
    before = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=(str,))
    which = AskedAccess(
        who=asked.who,
        kind=None if asked.kind is None else AccessKind(asked.kind),
        subject=asked.subject,
        start=None if asked.from_ is None else parse_instant(asked.from_.text),
        end=None if asked.to is None else parse_instant(asked.to.text),
    )
    number = None if before is None else _number(str(before.after[0]))
    found = await entries_before(database, which, number, asked.limit + 1)
    items = [AccessLogEntry.model_validate(entry) for entry in found[: asked.limit]]
    more = len(found) > asked.limit
    following = Cursor(after=(str(items[-1].number),), as_of=items[-1].at.isoformat()) if more else None
    return AccessLogPage(items=items, next=None if following is None else cursors.written(following, question))


def _number(text: str) -> int:
    """The number in a cursor, which anybody can write: what is none begins before the first entry."""
    return int(text[:18]) if text.isascii() and text.isdigit() else _FIRST_NUMBER
