"""Reports and rankings as tables for people, in Vietnamese."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from tiendo_contracts.answers.common import SIMULATED_NOTICE
from tiendo_contracts.answers.delays import Delay
from tiendo_contracts.answers.officers import OfficerPage
from tiendo_contracts.answers.reports import Figures, Report, UnitFigures
from tiendo_contracts.explanation import CLASS_WORDS, PARTY_WORDS
from tiendo_domain.timeline_types import CaseClass, PartyKind
from tiendo_query.pages.showing import moment, number, percent

PIPED_WIDTH = 160
_UNITS_SHOWN_MAX = 40


def print_report(report: Report) -> None:
    """Print the report; of the units those with most overdue cases first."""
    console = _console()
    since = "" if report.from_ is None else f" từ {report.from_:%d/%m/%Y}"
    title = f"Kết quả giải quyết{since} đến {report.to:%d/%m/%Y}"
    console.print(_figures_table(title, "", [("Toàn tỉnh", report)]))
    console.print(
        _figures_table("Theo lĩnh vực", "Lĩnh vực", [(_named(one.name, one.id), one) for one in report.fields])
    )
    units = sorted(report.units, key=_most_overdue)
    console.print(
        _figures_table("Theo đơn vị (cả cây)", "Đơn vị", [(_unit(one), one) for one in units[:_UNITS_SHOWN_MAX]])
    )
    if len(units) > _UNITS_SHOWN_MAX:
        console.print(f"… và {len(units) - _UNITS_SHOWN_MAX} đơn vị khác (--format json có đủ)")
    _print_notice(console, simulated=report.simulated)


def print_officers(page: OfficerPage, *, left_out: int) -> None:
    """Print the ranking, and how many officers were left out of it."""
    console = _console()
    table = Table(title="Công chức, viên chức theo thời gian quy trách nhiệm")
    for name in ("Họ và tên", "Chức vụ", "Đơn vị", "Mã"):
        table.add_column(name)
    for name in ("Hồ sơ", "Hồ sơ chậm", "Phút quy trách nhiệm", "Phút quên thao tác", "Phút vượt thời hạn bước"):
        table.add_column(name, justify="right")
    for one in page.items:
        unit = one.officer.unit
        table.add_row(
            one.officer.name or "",
            one.officer.position or "",
            "" if unit is None else _named(unit.name, unit.id),
            one.officer.id or "",
            *map(
                number, (one.cases, one.late_cases, one.attributed_minutes, one.late_entry_minutes, one.overrun_minutes)
            ),
        )
    console.print(table)
    if left_out:
        console.print(f"… và {number(left_out)} người khác (--limit 0 cho tất cả)")
    _print_notice(console, simulated=page.simulated)


def print_delays(rows: Iterable[Delay]) -> None:
    """Print the extraction row by row."""
    console, simulated = _console(), False
    table = Table(title="Chi tiết chậm trễ theo hồ sơ và người xử lý")
    # A code that is cut off finds no case.
    table.add_column("Mã hồ sơ", no_wrap=True)
    for name in ("Hẹn trả", "Kết thúc", "Người chịu trách nhiệm", "Đơn vị", "Bước"):
        table.add_column(name)
    for name in ("Phút", "Quên thao tác"):
        table.add_column(name, justify="right")
    table.add_column("Phân loại")
    for row in rows:
        simulated = simulated or row.simulated
        unit = row.unit
        table.add_row(
            row.case_id,
            moment(row.due_at),
            moment(row.ended_at),
            row.full_name or row.officer_id or PARTY_WORDS[PartyKind(row.party_kind)].vi,
            "" if unit is None else _named(unit.name, unit.id),
            row.step or "",
            number(row.minutes),
            number(row.late_entry_minutes),
            "đang giải quyết" if row.class_ is None else CLASS_WORDS[CaseClass(row.class_)].vi,
        )
    console.print(table)
    _print_notice(console, simulated=simulated)


def _figures_table(title: str, what: str, rows: list[tuple[str, Figures]]) -> Table:
    table = Table(title=title)
    table.add_column(what)
    for name in ("Đã giải quyết", "Quá hạn", "thực tế", "quên thao tác", "chưa có minh chứng", "Đúng hạn"):
        table.add_column(name, justify="right")
    table.add_column("Đang giải quyết", justify="right")
    table.add_column("đã quá hạn", justify="right")
    for name, figures in rows:
        counts = (figures.resolved, figures.resolved_overdue, figures.actual, figures.late_entry, figures.unproven)
        opennumbers = (figures.open, figures.open_overdue)
        table.add_row(name, *map(number, counts), percent(figures.on_time_ratio), *map(number, opennumbers))
    return table


def _most_overdue(unit: UnitFigures) -> tuple[int, int, str]:
    return (-unit.resolved_overdue, -unit.open_overdue, unit.id or "")


def _unit(unit: UnitFigures) -> str:
    return _named(unit.name, unit.id)


def _named(name: str | None, identity: str | None) -> str:
    return name or identity or "(không rõ)"


def _print_notice(console: Console, *, simulated: bool) -> None:
    if simulated:
        console.print(f"[bold]{SIMULATED_NOTICE}[/bold]")


def _console() -> Console:
    console = Console()
    # A pipe has no width of its own; tables need room for names.
    return console if console.is_terminal else Console(width=PIPED_WIDTH)
