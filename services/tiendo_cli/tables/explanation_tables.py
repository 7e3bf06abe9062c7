"""Explanations, and the difficulties that they name, as tables for people."""

from collections.abc import Sequence
from typing import Final

from tiendo_cli.tables.printed_tables import Amount, Cell, Listing, TableColumn
from tiendo_contracts.answers.difficulties import GivenDifficulty
from tiendo_contracts.answers.explanations import ListedExplanationAnswer
from tiendo_contracts.explanation import moment_of_text
from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.timeline_types import ExplanationState
from tiendo_query.tables.columns import Wording

_STATES: Final = {
    ExplanationState.PENDING: Words(en="pending", vi="chờ quyết định"),
    ExplanationState.DECIDED: Words(en="decided", vi="đã quyết định"),
    ExplanationState.WITHDRAWN: Words(en="withdrawn", vi="đã rút"),
}
_TEXTS: Final = (
    Words(en="filed", vi="gửi lúc"),
    Words(en="case", vi="hồ sơ"),
    Words(en="of", vi="của"),
    Words(en="reason", vi="lý do"),
    Words(en="state", vi="tình trạng"),
    Words(en="explanation", vi="mã giải trình"),
)
_AMOUNTS: Final = (
    Words(en="by rule", vi="theo quy tắc"),
    Words(en="after decisions", vi="sau quyết định"),
)


def explanation_table(items: Sequence[ListedExplanationAnswer], language: Language) -> Listing:
    """One line an explanation."""
    return Listing(
        columns=(
            *(TableColumn(words.spoken(language)) for words in _TEXTS),
            *(TableColumn(words.spoken(language), right=True) for words in _AMOUNTS),
        ),
        rows=[_row(item, language) for item in items],
    )


def _row(item: ListedExplanationAnswer, language: Language) -> tuple[Cell, ...]:
    return (
        moment_of_text(item.filed_at),
        item.case_id,
        item.party.name or item.party.id or "",
        REASON_WORDS[item.reason].spoken(language),
        _STATES[item.state].spoken(language),
        item.id,
        Amount(minutes=item.by_rule_minutes + item.late_entry_by_rule_minutes, language=language),
        Amount(minutes=item.minutes + item.late_entry_minutes, language=language),
    )


_DIFFICULTY: Final = (
    Words(en="month", vi="tháng"),
    Words(en="difficulty", vi="khó khăn, vướng mắc"),
    Words(en="unit", vi="đơn vị"),
    Words(en="procedure", vi="thủ tục"),
    Words(en="step", vi="bước"),
)
_COUNTS: Final = (Words(en="explanations", vi="giải trình"), Words(en="accepted", vi="chấp nhận"))


def difficulty_table(items: Sequence[GivenDifficulty], wording: Wording) -> Listing:
    """One line a reason."""
    language = wording.language
    return Listing(
        columns=(
            *(TableColumn(words.spoken(language)) for words in _DIFFICULTY),
            *(TableColumn(words.spoken(language), right=True) for words in (*_COUNTS, *_AMOUNTS)),
        ),
        rows=[
            (
                item.month,
                REASON_WORDS[item.reason].spoken(language),
                wording.unit(item.unit) or "",
                "" if item.procedure is None else item.procedure.name or item.procedure.id or "",
                "" if item.step is None else item.step.name or item.step.id or "",
                str(item.explanations),
                str(item.accepted),
                Amount(minutes=item.by_rule_minutes, language=language),
                Amount(minutes=item.minutes, language=language),
            )
            for item in items
        ],
    )
