"""What narrows a list of cases, in words."""

from collections.abc import Iterator

from tiendo_contracts.explanation import moment_of_text
from tiendo_contracts.quality_words import quality_title
from tiendo_domain.quality import QUALITY_KINDS
from tiendo_query.case_pages import AskedCases
from tiendo_query.figures import FIGURE_WORDS
from tiendo_query.pages.parameters import CasesParameters
from tiendo_query.pages.showing import day


def words_of_filters(asked: CasesParameters, question: AskedCases, unit: str | None) -> list[str]:
    """What narrows the list; `unit` is the path of the unit whose subtree is meant."""
    words = []
    if question.figure is not None:
        words.append(FIGURE_WORDS[question.figure].vi)
    if asked.overdue is not None:
        words.append("quá hạn, đã hoặc đang giải quyết" if asked.overdue else "không quá hạn")
    if asked.open is not None:
        words.append("đang giải quyết" if asked.open else "đã kết thúc")
    words += _of_quality(asked)
    if unit is not None:
        words.append(f"{unit} ({asked.unit}) và các đơn vị trực thuộc")
    if question.text is not None:
        words.append(f"mã hoặc tên có “{question.text}”")
    if asked.from_ is not None:
        words.append(f"từ {day(asked.from_)}")
    if asked.to is not None:
        words.append(f"đến {day(asked.to)}")
    return words


def _of_quality(asked: CasesParameters) -> Iterator[str]:
    if asked.doubtful:
        yield "có phút quy trách nhiệm dựa trên dữ kiện nghi vấn"
    if asked.quality is not None:
        (kind,) = (kind for kind in QUALITY_KINDS if kind == asked.quality)
        yield quality_title(kind).vi.lower()
    if asked.began_at is not None:
        yield f"bắt đầu {moment_of_text(asked.began_at.text)}"
    if asked.officer is not None:
        yield f"công chức có mã {asked.officer}"
    if asked.source is not None:
        yield f"nguồn {asked.source}"
    if asked.responsible is not None:
        yield f"đơn vị {asked.responsible}"
    if asked.month is not None:
        yield f"kết thúc trong tháng {asked.month[5:]}/{asked.month[:4]}"
