"""Reports and rankings as tables for people, in Vietnamese."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from tiendo_cli.tables.printed_tables import Amount, Cell, Listing, Span, TableColumn
from tiendo_cli.terminal import show, visible
from tiendo_contracts.answers.common import SIMULATED_NOTICE, Named
from tiendo_contracts.answers.delays import Delay
from tiendo_contracts.answers.officers import OfficerFigures, OfficerPage, SeveralNames
from tiendo_contracts.answers.reports import Figures, Report, UnitFigures
from tiendo_contracts.explanation import (
    CLASS_WORDS,
    PARTY_WORDS,
    minutes_in_words,
    moment_of_text,
    number_in_words,
    percent_in_words,
)
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_read_models.queries.units import UnitNode, UnitTree

_UNITS_SHOWN_MAX: Final = 40
_VIETNAMESE: Final = Language.VIETNAMESE
_NOBODY: Final = "(không rõ)"
_BOTH: Final = "(sau quyết định / theo quy tắc)"
_COUNTS: Final = (
    "Đã giải quyết",
    *(f"{heading} {_BOTH}" for heading in ("Quá hạn", "Quá hạn thực tế", "Quên thao tác", "Chưa có minh chứng")),
    f"Đúng hạn {_BOTH}",
    *("Đang giải quyết", "Đang giải quyết, đã quá hạn"),
)
_BORNE: Final = (
    *("Phút quy trách nhiệm, theo quy tắc", "Phút quy trách nhiệm, sau quyết định"),
    *("Phút quên thao tác, theo quy tắc", "Phút quên thao tác, sau quyết định"),
)


def print_report(report: Report) -> None:
    """Print the report; of the units those with most overdue cases first."""
    since = "" if report.from_ is None else f" từ {report.from_:%d/%m/%Y}"
    tree = UnitTree.of(_node(unit) for unit in report.units if unit.id is not None)
    units = sorted(report.units, key=_most_overdue)
    whole = "Toàn tỉnh" if report.unit is None else _path(tree, report.unit, None)
    parts: list[RenderableType] = [
        _figures(f"Kết quả giải quyết{since} đến {report.to:%d/%m/%Y}", "", [(whole, report)]),
        Text(""),
        _figures("Theo lĩnh vực", "Lĩnh vực", [(one.name or one.id or _NOBODY, one) for one in report.fields]),
        Text(""),
        _figures(
            "Theo đơn vị (gồm cả đơn vị trực thuộc)",
            "Đơn vị",
            [(_path(tree, one.id, one.name), one) for one in units[:_UNITS_SHOWN_MAX]],
        ),
    ]
    if len(units) > _UNITS_SHOWN_MAX:
        parts.append(Text(f"… và {_number(len(units) - _UNITS_SHOWN_MAX)} đơn vị khác (--format json có đủ)"))
    show(*parts, Text(""), Text(_minutes_told(report)), *_notice(simulated=report.simulated))


def _minutes_told(report: Report) -> str:
    def told(minutes: int) -> str:
        return minutes_in_words(minutes).spoken(_VIETNAMESE)

    late, late_by_rule = report.lateness_minutes, report.lateness_by_rule_minutes
    entry, entry_by_rule = report.late_entry_of_cases_minutes, report.late_entry_of_cases_by_rule_minutes
    return (
        f"Thời gian quá hạn của hồ sơ đã kết thúc: theo quy tắc {told(late_by_rule)}, sau quyết định {told(late)}; "
        f"quên thao tác: theo quy tắc {told(entry_by_rule)}, sau quyết định {told(entry)}"
    )


def print_officers(page: OfficerPage, tree: UnitTree, *, left_out: int) -> None:
    """Print the ranking, and how many officers were left out of it."""
    table = Listing(
        title="Công chức, viên chức theo thời gian quy trách nhiệm",
        columns=(
            *(TableColumn(heading) for heading in ("Họ và tên", "Chức vụ", "Đơn vị")),
            TableColumn("Mã", whole=True),
            *(
                TableColumn(heading, right=True)
                for heading in (
                    "Hồ sơ",
                    f"Hồ sơ chậm {_BOTH}",
                    *_BORNE,
                    "Phút vượt thời hạn bước",
                )
            ),
        ),
        rows=[_officer(one, tree) for one in page.items],
    )
    rest = [Text(f"… và {_number(left_out)} người khác (--limit 0 cho tất cả)")] if left_out else []
    rest += [Text(visible(_several(one)), overflow="fold") for one in page.several_names]
    show(table, *rest, *_notice(simulated=page.simulated))


def _several(one: SeveralNames) -> str:
    return (
        f"! Mã {one.officer_id} được ghi với {len(one.names)} họ tên: {', '.join(one.names)}. "
        "Số liệu của mã này có thể là của nhiều người; cần kiểm tra lại danh bạ."
    )


def _officer(one: OfficerFigures, tree: UnitTree) -> tuple[Cell, ...]:
    officer = one.officer
    return (
        officer.name or "",
        officer.position or "",
        _unit(tree, officer.unit),
        officer.id or "",
        _number(one.cases),
        _both(one.late_cases, one.late_cases_by_rule),
        *(_amount(minutes) for minutes in (one.attributed_by_rule_minutes, one.attributed_minutes)),
        *(_amount(minutes) for minutes in (one.late_entry_by_rule_minutes, one.late_entry_minutes)),
        _amount(one.overrun_minutes),
    )


def print_delays(rows: Iterable[Delay], tree: UnitTree) -> None:
    """Print the extraction row by row."""
    found = list(rows)
    table = Listing(
        title="Chi tiết chậm trễ theo hồ sơ và người xử lý",
        columns=(
            *(TableColumn(heading, whole=True) for heading in ("Mã hồ sơ", "Hẹn trả, kết thúc")),
            *(TableColumn(heading) for heading in ("Bên chịu trách nhiệm", "Đơn vị", "Bước")),
            *(TableColumn(heading, right=True) for heading in _BORNE),
            TableColumn("Phân loại"),
        ),
        rows=[_delay(row, tree) for row in found],
    )
    show(table, *_notice(simulated=any(row.simulated for row in found)))


def _delay(row: Delay, tree: UnitTree) -> tuple[Cell, ...]:
    return (
        row.case_id,
        Span(_moment(row.due_at, "không có hạn"), _moment(row.ended_at, "chưa kết thúc")),
        row.full_name or row.officer_id or PARTY_WORDS[row.party_kind].vi,
        _unit(tree, row.unit),
        row.step or "",
        *(_amount(minutes) for minutes in (row.by_rule_minutes, row.minutes)),
        *(_amount(minutes) for minutes in (row.late_entry_by_rule_minutes, row.late_entry_minutes)),
        "đang giải quyết" if row.case_class is None else CLASS_WORDS[row.case_class].vi,
    )


def _figures(title: str, what: str, rows: Sequence[tuple[str, Figures]]) -> Listing:
    return Listing(
        title=title,
        columns=(TableColumn(what), *(TableColumn(heading, right=True) for heading in _COUNTS)),
        rows=[(name, *_counts(figures)) for name, figures in rows],
    )


def _counts(figures: Figures) -> tuple[str, ...]:
    overdue = (
        _both(figures.resolved_overdue, figures.resolved_overdue_by_rule),
        _both(figures.actual, figures.actual_by_rule),
        _both(figures.late_entry, figures.late_entry_by_rule),
        _both(figures.unproven, figures.unproven_by_rule),
    )
    on_time = f"{_ratio(figures.on_time_ratio)} / {_ratio(figures.on_time_by_rule_ratio)}"
    return (_number(figures.resolved), *overdue, on_time, _number(figures.open), _number(figures.open_overdue))


def _both(after: int, by_rule: int) -> str:
    """A count after decisions and by rule."""
    return f"{_number(after)} / {_number(by_rule)}"


def _ratio(ratio: float | None) -> str:
    return "–" if ratio is None else percent_in_words(ratio, _VIETNAMESE)


def _most_overdue(unit: UnitFigures) -> tuple[int, int, str]:
    return (-unit.resolved_overdue, -unit.open_overdue, unit.id or "")


def _node(unit: UnitFigures) -> UnitNode:
    return UnitNode(id=unit.id or "", name=unit.name, level=unit.level, parent=unit.parent)


def _unit(tree: UnitTree, unit: Named | None) -> str:
    return "" if unit is None else _path(tree, unit.id, unit.name)


def _path(tree: UnitTree, unit_id: str | None, name: str | None) -> str:
    return tree.path(unit_id, name) or _NOBODY


def _moment(text: str | None, otherwise: str) -> str:
    return otherwise if text is None else moment_of_text(text)


def _amount(minutes: int) -> Amount:
    return Amount(minutes=minutes, language=_VIETNAMESE)


def _number(count: int) -> str:
    return number_in_words(count, _VIETNAMESE)


def _notice(*, simulated: bool) -> list[Text]:
    return [Text(SIMULATED_NOTICE, style="bold")] if simulated else []
