"""The set words of administrative documents (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from collections.abc import Sequence
from typing import Final

from tiendo_documents.administrative import AdministrativeDocument, Appendix, Letterhead
from tiendo_documents.cell_values import long_date_in_words
from tiendo_documents.plain_texts import one_line

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
RECIPIENTS: Final = "Nơi nhận:"
SIMULATED: Final = "Dữ liệu mô phỏng"
ADDRESSEES: Final = "Kính gửi:"
REPORTING_UNIT: Final = "Đơn vị báo cáo:"
RECEIVING_UNIT: Final = "Đơn vị nhận báo cáo:"
_BLANK: Final = "\N{NO-BREAK SPACE}" * 8
_DOTS: Final = "………………"


def number_line(head: Letterhead) -> str:
    """The line of number and symbol; what is not known is left blank for the office that gives numbers."""
    if head.number:
        return f"Số: {one_line(head.number)}"
    return f"Số:{_BLANK}/{one_line(head.symbol)}" if head.symbol else "Số: ……/………"


def place_and_date(head: Letterhead) -> str:
    """Such as "Kon Tum, ngày 05 tháng 9 năm 2022"."""
    return f"{one_line(head.place) if head.place else _DOTS}, {long_date_in_words(head.dated_on)}"


def ground_lines(grounds: Sequence[str]) -> list[str]:
    """The grounds, each ended by a semicolon and the last by a full stop."""
    texts = [one_line(ground).strip().rstrip(";.,") for ground in grounds]
    return [f"{text}{'.' if place == len(texts) else ';'}" for place, text in enumerate(texts, 1)]


def recipient_lines(recipients: Sequence[str]) -> list[str]:
    """The recipients, each with a dash and ended by a semicolon, the last by a full stop."""
    texts = [one_line(each).strip().removeprefix("- ").rstrip(";.,") for each in recipients]
    return [f"- {text}{'.' if place == len(texts) else ';'}" for place, text in enumerate(texts, 1)]


def attached_line(document: AdministrativeDocument, appendix: Appendix) -> str | None:
    """The appendix's own line, else such as "(Kèm theo Thông báo số 131/TB-STNMT ngày 18 tháng 8 năm 2022 của Sở Tài nguyên)".

    The decree wants number, date and agency of the document on each appendix; None where the document has no head that says them.
    """
    head, title = document.head, document.title
    if appendix.attached_to is not None or not isinstance(head, Letterhead) or title is None:
        return appendix.attached_to
    number = number_line(head).removeprefix("Số:").strip()
    kind, agency = one_line(title.kind), one_line(head.agency)
    return f"(Kèm theo {kind} số {number} {long_date_in_words(head.dated_on)} của {agency})"


def appendix_heading(appendix: Appendix) -> str:
    """Such as "Phụ lục II"."""
    return f"Phụ lục {one_line(appendix.number)}" if appendix.number else "Phụ lục"
