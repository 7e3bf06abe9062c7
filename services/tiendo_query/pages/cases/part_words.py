"""The part of a figure that a list of cases is about, in words."""

from collections.abc import Iterator

from tiendo_contracts.explanation import CAUSE_WORDS
from tiendo_contracts.problem_kinds import Words
from tiendo_domain.lateness_causes import LatenessCause
from tiendo_query.breakdowns.figure_parts import FigurePart
from tiendo_query.pages.showing import day

WEEKDAYS = (
    Words(vi="thứ Hai", en="Monday"),
    Words(vi="thứ Ba", en="Tuesday"),
    Words(vi="thứ Tư", en="Wednesday"),
    Words(vi="thứ Năm", en="Thursday"),
    Words(vi="thứ Sáu", en="Friday"),
    Words(vi="thứ Bảy", en="Saturday"),
    Words(vi="Chủ nhật", en="Sunday"),
)
"""From Monday on."""


def words_of_part(part: FigurePart | None) -> Iterator[Words]:
    """What the part narrows the list to."""
    if part is None:
        return
    if part.cause is not None:
        cause = CAUSE_WORDS[LatenessCause(part.cause)]
        yield Words(vi=f"có phút quá hạn do: {cause.vi}", en=f"with minutes by: {cause.en}")
    if part.step is not None:
        over = part.step_overran is True
        yield Words(
            vi=f"{'vượt thời hạn ở' if over else 'đã qua'} bước {part.step}",
            en=f"{'over the allotment in' if over else 'through'} the step {part.step}",
        )
    if part.handed_from is not None and part.handed_to is not None:
        late = part.handed_late is True
        yield Words(
            vi=f"chuyển từ {part.handed_from} sang {part.handed_to}{' khi đã chậm' if late else ''}",
            en=f"handed over from {part.handed_from} to {part.handed_to}{' when late' if late else ''}",
        )
    yield from _when(part)


def _when(part: FigurePart) -> Iterator[Words]:
    if part.finished_from is not None:
        yield Words(vi=f"kết thúc từ {day(part.finished_from)}", en=f"finished from {day(part.finished_from)}")
    if part.finished_to is not None:
        yield Words(vi=f"kết thúc đến {day(part.finished_to)}", en=f"finished up to {day(part.finished_to)}")
    if part.weekday is not None:
        weekday = WEEKDAYS[part.weekday - 1]
        yield Words(vi=f"kết thúc vào {weekday.vi}", en=f"finished on a {weekday.en}")
    if part.hour is not None:
        yield Words(
            vi=f"kết thúc lúc {part.hour} giờ", en=f"finished from {part.hour}:00 on, before {part.hour + 1}:00"
        )
