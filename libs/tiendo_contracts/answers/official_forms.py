"""Official forms as values: what their files say, and what JSON gives."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import Field

from tiendo_contracts.answers.common import Answer, Count, Marked, Minutes, Named, ShownName
from tiendo_domain.timeline_types import State


class StatisticalForm(StrEnum):
    """Forms of a unit and period."""

    II06A = "ii06a"
    DECISION_766 = "qd766"


class FormLaw(Answer):
    """The regulations by which a form of a date is made."""

    circular: str = Field(examples=["Thông tư số 01/2018/TT-VPCP"])
    decree: str = Field(examples=["Nghị định số 61/2018/NĐ-CP"])


class ControlBlock(Answer):
    """One hold of the case as a block of the form: who gave it, who received it when, and what came of it by the account's allotment."""

    number: int
    given_by_unit: str | None
    given_by: str | None = Field(description="null for the applicant, whose name is not stored")
    received_by_unit: str | None
    received_by: str | None = Field(description="null for the applicant")
    received_at: str = Field(description="local date and time", examples=["2022-08-15T08:05"])
    result: str = Field(examples=["Trước hạn", "Đúng hạn", "Quá hạn", "Không quy định", "Đang giải quyết"])
    minutes: Minutes
    allotted_minutes: Minutes | None
    notes: list[str]


class ControlSheet(Marked):
    """„Phiếu kiểm soát quá trình giải quyết hồ sơ“ of a case; the applicant's name is not stored, so their lines are dots."""

    form: str = Field(examples=["Mẫu số 06"])
    law: FormLaw
    case_id: str
    procedure: ShownName
    unit: Named
    superior: str | None
    co_ordinating: list[str] = Field(description="units that were consulted")
    received_at: str | None = Field(description="local date and time")
    due_at: str | None = Field(description="the judged due, local date and time")
    finished_at: str | None = Field(description="local date and time; null while it is open")
    state: State
    result: str
    lateness_minutes: Minutes | None
    as_of: str
    blocks: list[ControlBlock]


class Apology(Marked):
    """„Văn bản xin lỗi và đề nghị gia hạn“ of a case: filled from its extension, else a draft with dots (null)."""

    form: str
    title: str
    law: FormLaw
    is_draft: bool
    case_id: str
    procedure: ShownName
    unit: Named
    superior: str | None
    number: str | None = Field(description="of the apology as the extension names it")
    dated_on: date | None
    received_at: str | None
    due_at: str | None = Field(description="the due that was told before, local date and time")
    new_due_at: str | None
    reason: str | None


class FormFigures(Answer):
    """The figures of a row. Received is what was resolved or is in process: (3) = (7) + (11)."""

    received: Count = Field(description="(3)")
    received_online: Count = Field(description="(4), new in the period")
    received_direct: Count = Field(description="(5), new in the period: counter, post, or not known")
    channel_unknown: Count = Field(description="of these without a known channel")
    carried_over: Count = Field(description="(6), received before the period")
    resolved: Count = Field(description="(7), declined and withdrawn among them")
    resolved_early: Count = Field(description="(8), before the day of the judged due")
    resolved_on_time: Count = Field(description="(9)")
    resolved_overdue: Count = Field(description="(10)")
    open: Count = Field(description="(11), paused ones among them")
    open_in_time: Count = Field(description="(12)")
    open_overdue: Count = Field(description="(13)")
    paused: Count = Field(description="of those in process")
    paused_in_time: Count
    paused_overdue: Count
    declined: Count
    withdrawn: Count
    without_due: Count = Field(description="no due is known: counted as on time, or within time")


class FormRow(FormFigures):
    """The figures of a field (II.06a) or unit (766)."""

    id: str | None
    name: str | None


class StatisticalTable(Marked):
    """A statistical form of a unit and period, counted on basis recorded and by local date."""

    form: StatisticalForm
    name: str = Field(description="and version of how it is counted", examples=["ii06a/1"])
    title: str
    law: FormLaw
    unit: Named
    superior: str | None
    from_: date = Field(alias="from")
    to: date
    as_of: str
    known_at: str | None
    cases_left_out: bool
    rows: list[FormRow]
    total: FormFigures
    notes: list[str]


FORM_NAMES: Final[Mapping[StatisticalForm, str]] = {
    StatisticalForm.II06A: "ii06a/1",
    StatisticalForm.DECISION_766: "qd766/1",
}
