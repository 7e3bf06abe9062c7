"""The quality of figures as tables for people, in Vietnamese."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from tiendo_cli.tables.printed_tables import Amount, Cell, Listing, TableColumn
from tiendo_cli.terminal import show, visible
from tiendo_contracts.answers.common import Named
from tiendo_contracts.answers.quality import QualityAnswer, QualityFigures
from tiendo_contracts.explanation import moment_of_text, number_in_words, percent_in_words
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.quality import QualityKind, QualityVerdict
from tiendo_read_models.queries.units import UnitTree

_ROWS_MAX: Final = 20
_VIETNAMESE: Final = Language.VIETNAMESE
_OF_GROUP: Final = ("Kết luận", "Hồ sơ", "Phút quy trách nhiệm", "Phút nghi vấn", "Tỷ lệ")


def print_quality(answer: QualityAnswer, tree: UnitTree) -> None:
    """Print the verdict, the irregularities, and the groups; of the units those with most doubtful minutes first."""
    titles = {one.kind: one.title for one in answer.definitions}
    units = sorted(answer.units, key=lambda one: -one.doubtful_minutes)
    whole = "Toàn tỉnh" if answer.unit is None else tree.path(answer.unit) or answer.unit
    named = [(_unit(tree, one.unit), one) for one in units[:_ROWS_MAX]]
    parts: list[RenderableType] = [
        _groups(f"Chất lượng số liệu ({answer.name})", "", [(whole, answer)]),
        *_reasons(answer),
        _irregularities(answer, titles),
        _groups("Theo nguồn", "Nguồn", [(one.source, one) for one in answer.sources]),
        _groups("Theo tháng", "Tháng", [(one.month or "đang giải quyết", one) for one in answer.months]),
        _groups("Theo đơn vị (không gồm đơn vị trực thuộc)", "Đơn vị", named),
        *_left_out(len(units)),
        *_together(answer),
    ]
    show(*(with_space for part in parts for with_space in (part, Text(""))), *_notice(answer))


def _groups(title: str, what: str, rows: Sequence[tuple[str, QualityFigures]]) -> Listing:
    columns = (TableColumn(what), TableColumn(_OF_GROUP[0]), *(TableColumn(name, right=True) for name in _OF_GROUP[1:]))
    return Listing(title=title, columns=columns, rows=[_group(name, one) for name, one in rows])


def _group(name: str, one: QualityFigures) -> tuple[Cell, ...]:
    share = "–" if one.doubtful_share is None else percent_in_words(one.doubtful_share, _VIETNAMESE)
    return (
        name,
        VERDICT_WORDS[one.verdict].vi,
        _number(one.cases),
        Amount(minutes=one.attributed_minutes, language=_VIETNAMESE),
        Amount(minutes=one.doubtful_minutes, language=_VIETNAMESE),
        share,
    )


def _reasons(answer: QualityAnswer) -> list[RenderableType]:
    if answer.verdict is QualityVerdict.GOOD:
        return []
    reasons = (f"{one.title} ({percent_in_words(one.share, _VIETNAMESE)})" for one in answer.reasons)
    return [Text(f"Lý do: {'; '.join(reasons)}", overflow="fold")]


def _irregularities(answer: QualityAnswer, titles: Mapping[QualityKind, str]) -> Listing:
    return Listing(
        title="Những điều bất thường",
        columns=(
            TableColumn("Loại"),
            TableColumn("Mã loại", whole=True),
            TableColumn("Hồ sơ", right=True),
            TableColumn("Phút dựa trên đó", right=True),
            TableColumn("Ví dụ"),
        ),
        rows=[
            (titles[one.kind], one.kind.value, _number(one.cases), _number(one.minutes), ", ".join(one.examples))
            for one in answer.anomalies
        ],
    )


def _together(answer: QualityAnswer) -> list[RenderableType]:
    lines = [
        *(f"! {_burst(one.officer, one.cases)}, từ {moment_of_text(one.began_at)}" for one in answer.bursts),
        *(
            f"! Nguồn {one.source} không gửi gì trong {_number(one.working_minutes)} phút làm việc kể từ {moment_of_text(one.last_at)}"
            for one in answer.silences
        ),
        *(f"! Mã {one.officer_id} có nhiều họ tên: {', '.join(one.names)}" for one in answer.several_names),
        *(f"! {one.name} ({one.unit}) có nhiều mã: {', '.join(one.officer_ids)}" for one in answer.shared_names),
    ]
    return [Text(visible(line), overflow="fold") for line in lines]


def _burst(officer: Named | None, cases: int) -> str:
    who = None if officer is None else officer.name or officer.id
    return f"{who or '(không rõ)'} kết thúc {_number(cases)} hồ sơ liền nhau lúc cuối ngày hoặc cuối tháng"


def _left_out(units: int) -> list[RenderableType]:
    left = units - _ROWS_MAX
    return [Text(f"… và {_number(left)} đơn vị khác (--format json có đủ)")] if left > 0 else []


def _unit(tree: UnitTree, unit: Named | None) -> str:
    return (None if unit is None else tree.path(unit.id, unit.name)) or "(không rõ)"


def _number(count: int) -> str:
    return number_in_words(count, _VIETNAMESE)


def _notice(answer: QualityAnswer) -> list[Text]:
    return [] if answer.notice is None else [Text(answer.notice, style="bold")]
