"""A progress row (CapNhatTienDoHoSoMC), read: who worked on a dossier until when, and what state it was in then."""

from datetime import date, datetime
from typing import Final

from msgspec import Struct

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.names import name_key
from tiendo_sources.national.applicants import applicant_of
from tiendo_sources.national.dates import meaning
from tiendo_sources.national.dossier import code_of
from tiendo_sources.national.keys import row_id
from tiendo_sources.national.states import is_unknown, state_of
from tiendo_sources.national.texts import Record, instant_of, moment_of, text_of

SERVICE: Final = "CapNhatTienDoHoSoMC"

_AN_INSTANT: Final = Words(
    en="the instant of the work, such as 20220815080500", vi="thời điểm xử lý, ví dụ 20220815080500"
)


class ProgressRow(Struct, frozen=True, kw_only=True):
    """What a row says; `id` is that of the fact that somebody worked. `state` is None where it is missing or unknown.

    A planned end that is a date is one without a time of day.
    """

    id: str
    code: str
    other_code: str | None
    officer: str
    position: str
    unit: str
    at: datetime
    work: str
    state: int | None
    is_state_unknown: bool
    began_at: datetime | None
    planned_end: datetime | date | None


def read_row(record: Record) -> ProgressRow:
    """What the row says; raises `Refusal` for what cannot be read, naming the member."""
    code, at = code_of(record, "MaHoSo"), instant_of(record, "ThoiDiemXuLy")
    if at is None:
        raise Refusal(ProblemKind.RECORD_MEMBER_MISSING, field="ThoiDiemXuLy", values={"expected": _AN_INSTANT})
    officer, position, unit = (text_of(record, name) for name in ("NguoiXuLy", "ChucDanh", "PhongBanXuLy"))
    work, state = text_of(record, "NoiDungXuLy"), state_of(record, "TrangThai")
    began_at, planned_end = instant_of(record, "NgayBatDau"), moment_of(record, "NgayKetThucTheoQuyDinh")
    names = tuple(map(name_key, (code, officer, position, unit, work)))
    shown_state = text_of(record, "TrangThai") if state is None else str(state)
    said = (*names, shown_state, *map(meaning, (at, began_at, planned_end)))
    applicant = applicant_of(record)
    return ProgressRow(
        id=row_id(code, state, at, said),
        code=code,
        other_code=code_of(record, "MaHoSoKhac") if text_of(record, "MaHoSoKhac") else None,
        officer=applicant.left_out_of_name(officer),
        position=applicant.left_out_of(position),
        unit=applicant.left_out_of_name(unit),
        at=at,
        work=applicant.left_out_of(work),
        state=state,
        is_state_unknown=is_unknown(record, "TrangThai"),
        began_at=began_at,
        planned_end=planned_end,
    )
