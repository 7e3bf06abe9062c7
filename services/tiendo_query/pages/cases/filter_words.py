"""What narrows a list of cases, in words."""

from collections.abc import Iterator

from tiendo_contracts.explanation import CLASS_WORDS, STATE_WORDS, moment_of_text
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.quality_words import quality_title
from tiendo_domain.quality import QUALITY_KINDS
from tiendo_domain.timeline_types import CaseClass, State
from tiendo_query.cases.case_pages import AskedCases
from tiendo_query.figures.figure_lists import FIGURE_WORDS
from tiendo_query.pages.cases.parameters import CasesParameters
from tiendo_query.pages.cases.part_words import words_of_part
from tiendo_query.pages.showing import day


def words_of_filters(asked: CasesParameters, question: AskedCases, unit: str | None) -> list[Words]:
    """What narrows the list; `unit` is the path of the unit whose subtree is meant."""
    words = []
    if question.figure is not None:
        words.append(FIGURE_WORDS[question.figure])
    if asked.overdue is not None:
        words.append(
            Words(vi="quá hạn, đã hoặc đang giải quyết", en="overdue, resolved or open")
            if asked.overdue
            else Words(vi="không quá hạn", en="not overdue")
        )
    if asked.open is not None:
        words.append(Words(vi="đang giải quyết", en="open") if asked.open else Words(vi="đã kết thúc", en="finished"))
    words += _of_the_case(asked)
    words += _of_quality(asked)
    words += words_of_part(question.part)
    words += _of_reception(asked)
    if unit is not None:
        words.append(
            Words(
                vi=f"{unit} ({asked.unit}) và các đơn vị trực thuộc", en=f"{unit} ({asked.unit}) and the units below it"
            )
        )
    if question.text is not None:
        words.append(Words(vi=f"mã hoặc tên có “{question.text}”", en=f"code or name with “{question.text}”"))
    if asked.from_ is not None:
        words.append(Words(vi=f"từ {day(asked.from_)}", en=f"from {day(asked.from_)}"))
    if asked.to is not None:
        words.append(Words(vi=f"đến {day(asked.to)}", en=f"to {day(asked.to)}"))
    return words


def _of_reception(asked: CasesParameters) -> Iterator[Words]:
    if asked.procedure is not None:
        yield Words(vi=f"thủ tục {asked.procedure}", en=f"procedure {asked.procedure}")
    if asked.received_from is not None:
        yield Words(vi=f"tiếp nhận từ {day(asked.received_from)}", en=f"received from {day(asked.received_from)}")
    if asked.received_to is not None:
        yield Words(vi=f"tiếp nhận đến {day(asked.received_to)}", en=f"received up to {day(asked.received_to)}")


def _of_the_case(asked: CasesParameters) -> Iterator[Words]:
    if asked.state is not None:
        yield STATE_WORDS[State(asked.state)]
    if asked.class_ is not None:
        yield CLASS_WORDS[CaseClass(asked.class_)]
    if asked.lateness_min is not None:
        yield Words(vi=f"quá hạn từ {asked.lateness_min} phút", en=f"overdue by {asked.lateness_min} minutes or more")
    for vi, en, value in (
        ("lĩnh vực", "field", asked.field),
        ("kênh", "channel", asked.channel),
    ):
        if value is not None:
            yield Words(vi=f"{vi} {value}", en=f"{en} {value}")


def _of_quality(asked: CasesParameters) -> Iterator[Words]:
    if asked.doubtful:
        yield Words(
            vi="có phút quy trách nhiệm dựa trên dữ kiện nghi vấn",
            en="with attributed minutes that rest on doubtful facts",
        )
    if asked.quality is not None:
        (kind,) = (kind for kind in QUALITY_KINDS if kind == asked.quality)
        title = quality_title(kind)
        yield Words(vi=title.vi.lower(), en=title.en.lower())
    if asked.began_at is not None:
        began = moment_of_text(asked.began_at.text)
        yield Words(vi=f"bắt đầu {began}", en=f"begun {began}")
    if asked.officer is not None:
        yield Words(vi=f"công chức có mã {asked.officer}", en=f"officer with the id {asked.officer}")
    if asked.source is not None:
        yield Words(vi=f"nguồn {asked.source}", en=f"source {asked.source}")
    if asked.responsible is not None:
        yield Words(vi=f"đơn vị {asked.responsible}", en=f"unit {asked.responsible}")
    if asked.month is not None:
        month = f"{asked.month[5:]}/{asked.month[:4]}"
        yield Words(vi=f"kết thúc trong tháng {month}", en=f"finished in {month}")
