"""Official forms of a case, and of a unit and period: JSON, PDF, DOCX, XLSX with one content."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import Field, WithJsonSchema

from tiendo_contracts.answers.official_forms import Apology, ControlSheet, StatisticalForm, StatisticalTable
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_query.answering.answers import (
    POSITION_HEADER,
    SIMULATED_HEADER,
    CaseId,
    QuerySideParameter,
    documented,
    query_router,
)
from tiendo_query.answering.media_types import preferred
from tiendo_query.cases.single_cases import CaseView, SeenCase, shown_case
from tiendo_query.official_forms.case_forms import apology, control_sheet
from tiendo_query.official_forms.form_files import FORM_MEDIA_TYPES, Form, FormFormat, form_file
from tiendo_query.official_forms.statistics import AskedForm, statistical_table
from tiendo_query.query_side import QuerySide
from tiendo_query.questions.parameter_refusals import refused
from tiendo_query.questions.parameters import DayParameter, InstantParameter, ReadParameters, TextParameter, one_of

router: Final = query_router("forms")

_FORMATS: Final = tuple(one.value for one in FormFormat)
FormFormatParameter = Annotated[
    str | None, one_of(*_FORMATS), WithJsonSchema({"type": "string", "enum": list(_FORMATS)})
]
_BY_MEDIA_TYPE: Final = {media_type: one for one, media_type in FORM_MEDIA_TYPES.items()}
_NEEDED: Final = Words(en="needed", vi="bắt buộc")
_NOT_BEFORE: Final = Words(en="a date that is not before `from`", vi="ngày không trước `from`")


class CaseFormParameters(ReadParameters):
    """In which format, and by what was known when."""

    format: FormFormatParameter = Field(default=None, description="instead of the header Accept")
    known_at: InstantParameter = Field(default=None, description="leave out what was ingested later")


class StatisticalFormParameters(CaseFormParameters):
    """Over which period, of which unit; all three are needed."""

    unit: TextParameter = Field(default=None, description="id: it and those below it")
    from_: DayParameter = Field(default=None, alias="from", description="local date", examples=["2022-07-01"])
    to: DayParameter = Field(default=None, description="local date, inclusive", examples=["2022-09-30"])


def _documented() -> dict[int | str, dict[str, Any]]:
    found = documented(404, 406, 504)
    found[200]["content"] = {
        media_type: {"schema": {"type": "string", "format": "binary"}}
        for one, media_type in FORM_MEDIA_TYPES.items()
        if one is not FormFormat.JSON
    }
    return found


@router.get(
    "/cases/{case_id}/forms/phieu-kiem-soat",
    summary="The control sheet of a case",
    response_model=ControlSheet,
    responses=_documented(),
    operation_id="read_control_sheet",
)
async def read_control_sheet(
    case_id: CaseId, request: Request, side: QuerySideParameter, asked: Annotated[CaseFormParameters, Query()]
) -> Response:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: a block for each hold, pauses and consultations included."""
    return await _case_form(request, side, case_id, asked, control_sheet, name="phieu-kiem-soat")


@router.get(
    "/cases/{case_id}/forms/xin-loi",
    summary="The apology for a case",
    response_model=Apology,
    responses=_documented(),
    operation_id="read_apology",
)
async def read_apology(
    case_id: CaseId, request: Request, side: QuerySideParameter, asked: Annotated[CaseFormParameters, Query()]
) -> Response:
    """Văn bản xin lỗi và đề nghị gia hạn: filled from the extension, else a draft."""
    return await _case_form(request, side, case_id, asked, apology, name="xin-loi")


async def _case_form(
    request: Request,
    side: QuerySide,
    case_id: str,
    asked: CaseFormParameters,
    form: Callable[[SeenCase], Form],
    *,
    name: str,
) -> Response:
    form_format = _format(request, asked.format)
    now = side.now()
    view = CaseView(as_of=now, known_at=None if asked.known_at is None else asked.known_at.at)
    position = 0

    def made(seen: SeenCase) -> Form:
        nonlocal position
        position = seen.position
        return form(seen)

    found = await shown_case(side, case_id, view, made, min_position=asked.min_position)
    return await _file(found, form_format, name=name, made_at=now, position=position)


@router.get(
    "/forms/ii06a",
    summary="Biểu II.06a/VPCP/KSTT",
    response_model=StatisticalTable,
    responses=_documented(),
    operation_id="read_form_ii06a",
)
async def read_ii06a(
    request: Request, side: QuerySideParameter, asked: Annotated[StatisticalFormParameters, Query()]
) -> Response:
    """Cases received, resolved and in process, by field: on basis recorded, by local date."""
    return await _statistical_form(request, side, asked, StatisticalForm.II06A)


@router.get(
    "/forms/qd766",
    summary="The table of Decision 766/QĐ-TTg",
    response_model=StatisticalTable,
    responses=_documented(),
    operation_id="read_form_qd766",
)
async def read_decision_766(
    request: Request, side: QuerySideParameter, asked: Annotated[StatisticalFormParameters, Query()]
) -> Response:
    """Cases received, resolved, in process and paused, by unit: on basis recorded, by local date."""
    return await _statistical_form(request, side, asked, StatisticalForm.DECISION_766)


async def _statistical_form(
    request: Request, side: QuerySide, asked: StatisticalFormParameters, form: StatisticalForm
) -> Response:
    form_format = _format(request, asked.format)
    if asked.unit is None or asked.from_ is None or asked.to is None:
        missing = next(name for name in ("unit", "from_", "to") if getattr(asked, name) is None)
        raise refused(missing.rstrip("_"), _NEEDED)
    if asked.from_ > asked.to:
        raise refused("to", _NOT_BEFORE)
    question = AskedForm(form=form, unit=asked.unit, start=asked.from_, end=asked.to, known_at=asked.known_at)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await statistical_table(side, snapshot, question)
    made_at = datetime.fromisoformat(found.as_of)
    name = f"{form.value}-{asked.from_}-{asked.to}"
    return await _file(found, form_format, name=name, made_at=made_at, position=snapshot.reader.position)


def _format(request: Request, asked: str | None) -> FormFormat:
    """What is asked for, by `format` or by the header Accept. Raises the refusal of a header that takes none."""
    if asked is not None:
        return FormFormat(asked)
    media_type = preferred(request.headers.get("accept"), tuple(_BY_MEDIA_TYPE))
    if media_type is None:
        raise Refusal(ProblemKind.NOT_ACCEPTABLE, values={"known": ", ".join(_BY_MEDIA_TYPE)})
    return _BY_MEDIA_TYPE[media_type]


async def _file(form: Form, form_format: FormFormat, *, name: str, made_at: datetime, position: int) -> Response:
    file = await asyncio.to_thread(form_file, form, form_format, made_at=made_at)
    headers = {POSITION_HEADER: str(position), SIMULATED_HEADER: "true" if form.simulated else "false"}
    if form_format is not FormFormat.JSON:
        headers["Content-Disposition"] = f'attachment; filename="{name}.{form_format}"'
    return Response(file, media_type=FORM_MEDIA_TYPES[form_format], headers=headers)
