"""Why a case waited, and what there are warnings of, as tables for people."""

from collections.abc import Sequence
from typing import Final

from tiendo_cli.tables.printed_tables import Amount, Cell, Listing, Span, TableColumn
from tiendo_contracts.explanation import moment_in_words, moment_of_text, party_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.timeline_types import Hold
from tiendo_domain.waiting import WaitingCauses
from tiendo_query.answering.early_warnings import reasons_of
from tiendo_query.early_warning.early_warnings import WarnedCase
from tiendo_query.figures.waiting import CaseWaiting

_TEXTS: Final = (
    Words(en="holder", vi="người giữ hồ sơ"),
    Words(en="step", vi="bước"),
)
_SPAN: Final = Words(en="from, to", vi="từ, đến")
_AMOUNTS: Final = (
    Words(en="working minutes", vi="phút giữ"),
    Words(en="handling", vi="có thể đang xử lý"),
    Words(en="earlier cases", vi="chờ hồ sơ đến trước"),
    Words(en="later cases", vi="chờ hồ sơ đến sau"),
    Words(en="gathered", vi="chờ làm cùng lúc"),
    Words(en="away", vi="vắng mặt"),
    Words(en="not known", vi="chưa rõ"),
)
_OPEN: Final = Words(en="open", vi="chưa kết thúc")


def waiting_table(found: CaseWaiting, language: Language) -> Listing:
    """One line a hold; without amounts where nothing is told of why it waited."""
    holds = zip(found.seen.timeline.holds, found.causes, strict=True)
    return Listing(
        columns=(
            *(TableColumn(words.spoken(language)) for words in _TEXTS),
            TableColumn(_SPAN.spoken(language), whole=True),
            *(TableColumn(words.spoken(language), right=True) for words in _AMOUNTS),
        ),
        rows=[_row(hold, causes, language) for hold, causes in holds],
    )


def _row(hold: Hold, causes: WaitingCauses | None, language: Language) -> tuple[Cell, ...]:
    ended = _OPEN.spoken(language) if hold.ended_at is None else moment_in_words(hold.ended_at)
    return (
        party_in_words(hold.party).spoken(language),
        "" if hold.step is None else hold.step.name or hold.step.id,
        Span(moment_in_words(hold.started_at), ended),
        *(Amount(minutes=minutes, language=language) for minutes in (hold.working_minutes, *_minutes(causes))),
    )


def _minutes(causes: WaitingCauses | None) -> tuple[int | None, ...]:
    if causes is None:
        return (None,) * (len(_AMOUNTS) - 1)
    return (
        causes.handling_minutes,
        causes.contention_minutes,
        causes.prioritisation_minutes,
        causes.batching_minutes,
        causes.absence_minutes,
        causes.unknown_minutes,
    )


_WARNING: Final = (
    Words(en="case", vi="hồ sơ"),
    Words(en="due", vi="hạn"),
    Words(en="holder", vi="người giữ hồ sơ"),
    Words(en="step", vi="bước"),
    Words(en="time left", vi="còn lại"),
    Words(en="why", vi="lý do"),
)


def warning_table(shown: Sequence[WarnedCase], language: Language) -> Listing:
    """One line a case: when it is due, who holds it, how much working time is left, and why there is a warning."""
    case, due, holder, step, left, why = (words.spoken(language) for words in _WARNING)
    return Listing(
        columns=(
            TableColumn(case, whole=True),
            TableColumn(due, whole=True),
            TableColumn(holder),
            TableColumn(step),
            TableColumn(left, right=True),
            TableColumn(why),
        ),
        rows=[_warning(one, language) for one in shown],
    )


def _warning(one: WarnedCase, language: Language) -> tuple[Cell, ...]:
    return (
        one.record["case_id"],
        moment_of_text(one.record["judged_due_text"]),
        party_in_words(one.holder).spoken(language),
        one.record["step_name"] or one.record["step_id"] or "",
        Amount(minutes=one.outlook.left_minutes, language=language),
        "; ".join(words.spoken(language) for _, words in reasons_of(one)),
    )
