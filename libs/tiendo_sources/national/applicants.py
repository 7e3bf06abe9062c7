"""Applicants' data, dropped at the door: replaced in texts that are stored, and left out of what is kept of a refused record."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple

from tiendo_sources.national.texts import Record, text_of

REPLACED: Final = "[…]"
"""What stands in a text where the applicant's data stood."""

_NAMES: Final = ("ChuHoSo",)
_NUMBERS: Final = ("SoGiayToChuHoSo", "SoDienThoai", "Email")
_LENGTH_MIN: Final = 2
_LENGTH_MAX: Final = 300
_NUMBER_LENGTH_MIN: Final = 6
_TEXTS_MAX: Final = 8
_CLEARED_LENGTH_MAX: Final = 8_000
_KEPT: Final = frozenset(
    (
        *("MaHoSo", "MaHoSoKhac", "MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "KenhThucHien", "DonViXuLy"),
        *("NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayTuChoi", "NgayKetThucXuLy", "NgayTra", "TrangThaiHoSo"),
        *("NgayGui", "ThoiDiemGui", "ThoiGianGui"),
        *("NguoiXuLy", "ChucDanh", "ThoiDiemXuLy", "PhongBanXuLy", "NoiDungXuLy", "TrangThai", "NgayBatDau"),
        "NgayKetThucTheoQuyDinh",
    )
)
"""The members of a record that facts are made of; of others nothing is kept."""

_ENTRIES: Final = "DanhSachHoSoBoSung"
_KEPT_OF_ENTRIES: Final = frozenset(
    (
        *("HoSoBoSungId", "NguoiYeuCauBoSung", "NoiDungBoSung", "NgayBoSung", "NguoiTiepNhanBoSung"),
        *("NgayTiepNhanBoSung", "TrangThaiBoSung", "NgayHenTraTruoc", "NgayHenTraMoi"),
    )
)
_DEPTH_MAX: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What of a record's applicant must stand in no text; `name` in no officer's name either, unless it is that name as a whole."""

    everything: re.Pattern[str] | None
    numbers: re.Pattern[str] | None
    name: re.Pattern[str] | None

    def left_out_of(self, text: str) -> str:
        """The text with the applicant's data replaced; what lies behind 8,000 characters is cut off, of which no text is stored."""
        return _replaced(text, self.everything)

    def left_out_of_name(self, text: str) -> str:
        """The name of an officer or a unit, which may be the applicant's as a whole: then it is the officer's or the unit's."""
        text = _replaced(text, self.numbers)
        if self.name is None or self.name.fullmatch(unicodedata.normalize("NFC", text)):
            return text
        return _replaced(text, self.name)


class _Clearing(NamedTuple):
    """How texts are cleared: of the applicant whom the record itself names, and of whom else is known."""

    applicant: Applicant
    clear: Callable[[str], str]


NOBODY: Final = Applicant(everything=None, numbers=None, name=None)


def applicant_of(record: Record) -> Applicant:
    """The applicant whom a dossier message names; of a progress row nobody."""
    names, numbers = list(_values(record, _NAMES)), list(_values(record, _NUMBERS))
    if not names and not numbers:
        return NOBODY
    full = [name for name in names if len(name.split()) > 1]
    return Applicant(everything=_pattern(names + numbers), numbers=_pattern(numbers), name=_pattern(full))


def applicant_values(record: Record) -> Iterable[str]:
    """The names and numbers of the applicant that a record states."""
    yield from _values(record, (*_NAMES, *_NUMBERS))


def raw_of(record: object, clear: Callable[[str], str] = str) -> bytes:
    """The record as sent, without what names the applicant or nothing is made of, its texts cleared; as JSON in UTF-8."""
    kept: object = record
    if isinstance(record, Mapping):
        applicant = applicant_of(record)
        clearing = _Clearing(applicant, clear)
        kept = {name: _kept(record[name], name, clearing) for name in record if name in _KEPT or name == _ENTRIES}
    elif record is not None:
        kept = {}
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _kept(value: object, name: str, clearing: _Clearing) -> Any:  # noqa: ANN401 - any JSON value
    if name == _ENTRIES and isinstance(value, list):
        return [
            {inner: _shown(entry[inner], clearing) for inner in entry if inner in _KEPT_OF_ENTRIES}
            for entry in value
            if isinstance(entry, Mapping)
        ]
    return _shown(value, clearing)


def _shown(value: object, clearing: _Clearing) -> Any:  # noqa: ANN401 - any JSON value
    """A scalar, texts without the applicant's data; what is no scalar, where one belongs, only by its kind."""
    if isinstance(value, str):
        return clearing.clear(clearing.applicant.left_out_of(value))
    if isinstance(value, Mapping):
        return {}
    if isinstance(value, list):
        return []
    return value


def _values(record: Record, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        for value in islice(_texts(record.get(name)), _TEXTS_MAX):
            if len(value) >= _LENGTH_MIN:
                yield unicodedata.normalize("NFC", value[:_LENGTH_MAX])


def _texts(value: object, depth: int = 0) -> Iterable[str]:
    """The texts in a member (eight of them are looked at), also where it is no text or stands twice.

    A number also with the zero that telephones begin with and numbers lose.
    """
    if isinstance(value, Mapping | list):
        within = value.values() if isinstance(value, Mapping) else value
        if depth < _DEPTH_MAX:
            for one in within:
                yield from _texts(one, depth + 1)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = text_of({"": value}, "")
        yield text
        if not isinstance(value, str) and len(text) >= _NUMBER_LENGTH_MIN:
            yield f"0{text}"


def _pattern(values: Iterable[str]) -> re.Pattern[str] | None:
    """Each value whole, however its words are spaced and its letters are cased; longer ones first."""
    words = [r"\s+".join(map(re.escape, value.split())) for value in sorted(values, key=len, reverse=True)]
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)", re.IGNORECASE) if words else None


def _replaced(text: str, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return text
    return pattern.sub(REPLACED, unicodedata.normalize("NFC", text[:_CLEARED_LENGTH_MAX]))
