"""By which regulations a form is made: they changed on 15 September 2025 (CONTRACT, forms)."""

from datetime import date
from typing import Final

from tiendo_contracts.answers.official_forms import FormLaw

NEW_LAW_FROM: Final = date(2025, 9, 15)

_OLD: Final = FormLaw(circular="Thông tư số 01/2018/TT-VPCP", decree="Nghị định số 61/2018/NĐ-CP")
_NEW: Final = FormLaw(circular="Thông tư số 03/2025/TT-VPCP", decree="Nghị định số 118/2025/NĐ-CP")


def is_new_law(on: date) -> bool:
    """Whether a form of that date is made by the regulations of 2025."""
    return on >= NEW_LAW_FROM


def law_of(on: date) -> FormLaw:
    """The regulations for a form of that date."""
    return _NEW if is_new_law(on) else _OLD


def control_sheet_number(on: date) -> str:
    """What the control sheet is called among the forms: it moved up when a form was put before it."""
    return "Mẫu số 06" if is_new_law(on) else "Mẫu số 05"


def apology_title(on: date) -> str:
    """What the apology is called."""
    if is_new_law(on):
        return "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết thủ tục hành chính"
    return "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
