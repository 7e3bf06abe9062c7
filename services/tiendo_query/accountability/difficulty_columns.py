"""What the table of difficulties says in which column."""

from typing import Final

from tiendo_contracts.answers.common import SIMULATED_NOTICE, Named
from tiendo_contracts.answers.difficulties import GivenDifficulty
from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.tables.columns import Column, Table, coded, says


def _id(thing: Named | None) -> str | None:
    return None if thing is None else thing.id


def _name(thing: Named | None) -> str | None:
    return None if thing is None else thing.name or thing.id


_CODES: Final[tuple[Column[GivenDifficulty], ...]] = (
    coded("month", lambda row, _: row.month),
    coded("reason", lambda row, _: row.reason.value),
    coded("unit", lambda row, _: _id(row.unit)),
    coded("unit_name", lambda row, _: _name(row.unit)),
    coded("procedure", lambda row, _: _id(row.procedure)),
    coded("procedure_name", lambda row, _: _name(row.procedure)),
    coded("step", lambda row, _: _id(row.step)),
    coded("step_name", lambda row, _: _name(row.step)),
    coded("explanations", lambda row, _: row.explanations),
    coded("accepted", lambda row, _: row.accepted),
    coded("refused", lambda row, _: row.refused),
    coded("pending", lambda row, _: row.pending),
    coded("by_rule_minutes", lambda row, _: row.by_rule_minutes),
    coded("minutes", lambda row, _: row.minutes),
    coded("notice", lambda row, _: SIMULATED_NOTICE if row.simulated else None),
)
_IN_WORDS: Final[tuple[Column[GivenDifficulty], ...]] = (
    says("Month", "Tháng", lambda row, _: row.month, 10),
    says("Difficulty", "Khó khăn, vướng mắc", lambda row, wording: wording.words(REASON_WORDS[row.reason]), 30),
    says("Unit", "Đơn vị", lambda row, wording: wording.unit(row.unit), 48),
    says("Procedure code", "Mã thủ tục", lambda row, _: _id(row.procedure)),
    says("Procedure", "Tên thủ tục", lambda row, _: _name(row.procedure), 40),
    says("Step", "Bước", lambda row, _: _name(row.step), 24),
    says("Explanations", "Số giải trình", lambda row, _: row.explanations),
    says("Accepted", "Được chấp nhận", lambda row, _: row.accepted),
    says("Refused", "Không chấp nhận", lambda row, _: row.refused),
    says("Pending", "Chờ quyết định", lambda row, _: row.pending),
    says("Minutes by the rules alone", "Số phút theo quy tắc", lambda row, _: row.by_rule_minutes),
    says("Minutes after decisions", "Số phút sau quyết định", lambda row, _: row.minutes),
    says("Note", "Ghi chú", lambda row, _: SIMULATED_NOTICE if row.simulated else None, 20),
)

DIFFICULTIES: Final = Table(
    name="difficulties",
    sheet=Words(en="Difficulties", vi="Khó khăn, vướng mắc"),
    codes=_CODES,
    in_words=_IN_WORDS,
)
"""The reasons of explanations, as they are reported upward."""
