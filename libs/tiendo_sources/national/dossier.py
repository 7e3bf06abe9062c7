"""A dossier message (DongBoHoSoMC), read: what it says of one dossier, without the applicant."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from tiendo_contracts.events.event_types import SUBJECT_LENGTH_MAX
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_sources.national.applicants import Applicant, applicant_of
from tiendo_sources.national.states import state_of
from tiendo_sources.national.supplements import SupplementEntry, entries_of
from tiendo_sources.national.texts import Record, identifier, instant_of, line, moment_of, text_of

SERVICE: Final = "DongBoHoSoMC"

_CHANNELS: Final = {"1": "counter", "2": "online", "3": "post"}
_SENT_AT: Final = ("NgayGui", "ThoiDiemGui", "ThoiGianGui")
_A_CODE: Final = Words(
    en=f"1 to {SUBJECT_LENGTH_MAX} characters, not `.` or `..`",
    vi=f"1 đến {SUBJECT_LENGTH_MAX} ký tự, không phải `.` hay `..`",
)


class DossierMessage(Struct, frozen=True, kw_only=True):
    """What a message says of one dossier; instants that say nothing are None. A due that is a date is one without a time of day."""

    code: str
    other_code: str | None
    procedure: Mapping[str, str]
    field: Mapping[str, str]
    channel: str | None
    unit: str
    submitted_at: datetime | None
    received_at: datetime | None
    due: datetime | date | None
    declined_at: datetime | None
    completed_at: datetime | None
    delivered_at: datetime | None
    entries: tuple[SupplementEntry, ...]
    sent_at: datetime | None


def read_dossier(record: Record) -> DossierMessage:
    """What the message says; raises `Refusal` for what cannot be read, naming the member."""
    applicant = applicant_of(record)
    return DossierMessage(
        code=code_of(record, "MaHoSo"),
        other_code=code_of(record, "MaHoSoKhac") if text_of(record, "MaHoSoKhac") else None,
        procedure=_named(record, "MaTTHC", "TenTTHC", applicant),
        field=_named(record, "MaLinhVuc", "TenLinhVuc", applicant),
        channel=_channel(text_of(record, "KenhThucHien")),
        unit=applicant.left_out_of_name(text_of(record, "DonViXuLy")),
        submitted_at=instant_of(record, "NgayNopHoSo"),
        received_at=instant_of(record, "NgayTiepNhan"),
        due=moment_of(record, "NgayHenTra"),
        declined_at=instant_of(record, "NgayTuChoi"),
        completed_at=instant_of(record, "NgayKetThucXuLy"),
        delivered_at=instant_of(record, "NgayTra"),
        entries=tuple(entries_of(record, "DanhSachHoSoBoSung", state_of(record, "TrangThaiHoSo"), applicant)),
        sent_at=sent_at(record),
    )


def code_of(record: Record, name: str) -> str:
    """The code of a dossier; raises `Refusal` for one that no case can bear."""
    code = line(text_of(record, name)) or ""
    if not 1 <= len(code) <= SUBJECT_LENGTH_MAX or code in {".", ".."}:
        kind = ProblemKind.VALUE_INVALID if code else ProblemKind.RECORD_MEMBER_MISSING
        raise Refusal(kind, field=name, values={"expected": _A_CODE})
    return code


def sent_at(record: Record) -> datetime | None:
    """The instant that a message or its envelope gives for its sending; raises `Refusal` where it cannot be read."""
    return next((at for name in _SENT_AT if (at := instant_of(record, name)) is not None), None)


def _named(record: Record, id_name: str, name_name: str, applicant: Applicant) -> dict[str, str]:
    identity, name = identifier(text_of(record, id_name)), line(applicant.left_out_of(text_of(record, name_name)))
    return {key: text for key, text in (("id", identity), ("name", name)) if text is not None}


def _channel(text: str) -> str | None:
    """The channel; of one that the format does not name its number, and of words nothing."""
    number = text.lstrip("0")
    return _CHANNELS.get(number) or (line(number) if number.isdecimal() else None)
