"""The part of a figure that a list of cases is about, in words."""

from collections.abc import Iterator
from typing import Final

from tiendo_contracts.explanation import CAUSE_WORDS
from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import Difficulty
from tiendo_domain.lateness_causes import LatenessCause
from tiendo_query.breakdowns.figure_parts import FigurePart
from tiendo_query.pages.showing import day
from tiendo_read_models.queries.difficulties import Unnamed, WhatBecame

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

UNNAMED_WORDS: Final = {
    Unnamed.UNIT: Words(vi="không rõ đơn vị", en="unit not known"),
    Unnamed.PROCEDURE: Words(vi="không nêu thủ tục", en="no procedure named"),
    Unnamed.STEP: Words(vi="không rõ bước", en="step not known"),
}
BECAME_WORDS: Final = {
    WhatBecame.ACCEPTED: Words(vi="được chấp nhận", en="accepted"),
    WhatBecame.REFUSED: Words(vi="không được chấp nhận", en="refused"),
    WhatBecame.PENDING: Words(vi="đang chờ quyết định", en="waiting for a decision"),
}


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
    yield from _explained(part)
    yield from _when(part)


def _explained(part: FigurePart) -> Iterator[Words]:
    if part.norm_missed:
        yield Words(vi="có phần chậm của cơ quan, kế hoạch", en="with a part borne by the organisation")
    if not part.asks_of_explanations:
        return
    yield Words(vi="có giải trình", en="explained")
    if part.explained_reason is not None:
        reason = REASON_WORDS[Difficulty(part.explained_reason)]
        yield Words(vi=f"lý do: {reason.vi}", en=f"reason: {reason.en}")
    unit = part.explained_unit or part.explained_below
    if unit is not None:
        yield Words(vi=f"của người thuộc {unit}", en=f"by people of {unit}")
    if part.explained_step is not None:
        yield Words(vi=f"ở bước {part.explained_step}", en=f"in the step {part.explained_step}")
    for unnamed in (part.explained_without or "").split(","):
        if unnamed:
            yield UNNAMED_WORDS[Unnamed(unnamed)]
    if part.explained_state is not None:
        yield BECAME_WORDS[WhatBecame(part.explained_state)]


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
