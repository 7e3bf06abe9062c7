"""Records of the format written as a sender would, from what is told of a case in plain words: for simulations, and for nothing that is true."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from tiendo_sources.national import dossier, progress

DOSSIERS: Final = dossier.SERVICE
ROWS: Final = progress.SERVICE

Told = Mapping[str, Any]
"""What is told, under plain names; instants are RFC 3339 texts, None where nothing is told."""

_CHANNELS: Final = {"counter": "1", "online": "2", "post": "3"}
_DOSSIER_TEXTS: Final = {"code": "MaHoSo", "unit": "DonViXuLy", "state": "TrangThaiHoSo"}
_DOSSIER_INSTANTS: Final = {
    "submitted_at": "NgayNopHoSo",
    "received_at": "NgayTiepNhan",
    "due_at": "NgayHenTra",
    "declined_at": "NgayTuChoi",
    "completed_at": "NgayKetThucXuLy",
    "delivered_at": "NgayTra",
    "sent_at": "NgayGui",
}
_ENTRY_TEXTS: Final = {"id": "HoSoBoSungId", "asked_by": "NguoiYeuCauBoSung", "reason": "NoiDungBoSung"}
_ENTRY_INSTANTS: Final = {
    "asked_at": "NgayBoSung",
    "answered_at": "NgayTiepNhanBoSung",
    "due_before": "NgayHenTraTruoc",
    "due_after": "NgayHenTraMoi",
}
_ROW_TEXTS: Final = {
    "code": "MaHoSo",
    "officer": "NguoiXuLy",
    "position": "ChucDanh",
    "unit": "PhongBanXuLy",
    "work": "NoiDungXuLy",
    "state": "TrangThai",
}
_OTHER_CODE: Final = "MaHoSoKhac"
_ROW_INSTANTS: Final = {"at": "ThoiDiemXuLy", "began_at": "NgayBatDau", "planned_end": "NgayKetThucTheoQuyDinh"}


def dossier_record(told: Told) -> dict[str, Any]:
    """The record of a dossier message."""
    procedure, field = told["procedure"], told["field"]
    return {
        **_record(told, _DOSSIER_TEXTS, _DOSSIER_INSTANTS),
        "MaTTHC": procedure[0],
        "TenTTHC": procedure[1],
        "MaLinhVuc": field[0],
        "TenLinhVuc": field[1],
        "KenhThucHien": _CHANNELS[told["channel"]],
        "DanhSachHoSoBoSung": [_record(entry, _ENTRY_TEXTS, _ENTRY_INSTANTS) for entry in told["entries"]],
    }


def row_record(told: Told) -> dict[str, Any]:
    """The record of a progress row."""
    return _record(told, _ROW_TEXTS, _ROW_INSTANTS)


def envelope(service: str, unit: str, records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The message that carries the records of one service."""
    return {"session": "", "madonvi": unit, "service": service, "isUpdating": "True", "data": list(records)}


def _record(told: Told, texts: Mapping[str, str], instants: Mapping[str, str]) -> dict[str, str]:
    written = {name: _digits(told[plain]) for plain, name in instants.items()}
    other = {_OTHER_CODE: str(told["other_code"])} if told.get("other_code") is not None else {}
    return {name: str(told[plain]) for plain, name in texts.items()} | written | other


def _digits(text: str | None) -> str:
    return "" if text is None else f"{datetime.fromisoformat(text):%Y%m%d%H%M%S}"
