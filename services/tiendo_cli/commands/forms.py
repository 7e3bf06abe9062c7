"""`tiendo forms`: official forms of a case, or of a unit and period, as files."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tiendo_cli.asked_periods import day_asked, in_order, instant_asked
from tiendo_cli.context import opened, run_command
from tiendo_cli.one_case import CaseArgument, KnownAtOption
from tiendo_domain.instants import Instant

if TYPE_CHECKING:
    from tiendo_contracts.answers.official_forms import StatisticalForm
    from tiendo_query.cases.single_cases import SeenCase
    from tiendo_query.official_forms.form_files import Form, FormFormat
    from tiendo_query.official_forms.statistics import AskedForm

OutOption = Annotated[
    Path, typer.Option("--out", help="The file to write: .pdf, .docx, .xlsx or .json.", dir_okay=False)
]
UnitOption = Annotated[str, typer.Option("--unit", help="Id of the unit: it and those below it.")]
FromOption = Annotated[str, typer.Option("--from", help="First day, such as 2022-07-01.")]
ToOption = Annotated[str, typer.Option("--to", help="Last day, such as 2022-09-30, inclusive.")]
_SUFFIXES: Final = "end the name of the file in .pdf, .docx, .xlsx or .json"


def register(app: typer.Typer) -> None:
    """Add `tiendo forms`."""
    forms = typer.Typer(help="Official forms, as PDF, DOCX, XLSX or JSON by the suffix of the file.")
    forms.command("phieu-kiem-soat")(write_control_sheet)
    forms.command("xin-loi")(write_apology)
    forms.command("ii06a")(write_ii06a)
    forms.command("qd766")(write_decision_766)
    app.add_typer(forms, name="forms")


def write_control_sheet(case_id: CaseArgument, *, out: OutOption, known_at: KnownAtOption = None) -> None:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: a block for each hold of the case."""
    from tiendo_query.official_forms.case_forms import control_sheet

    run_command(_write_case(case_id, out, _format(out), instant_asked(known_at, "--known-at"), control_sheet))


def write_apology(case_id: CaseArgument, *, out: OutOption, known_at: KnownAtOption = None) -> None:
    """Văn bản xin lỗi và đề nghị gia hạn: filled from the case's extension, else a draft."""
    from tiendo_query.official_forms.case_forms import apology

    run_command(_write_case(case_id, out, _format(out), instant_asked(known_at, "--known-at"), apology))


def write_ii06a(
    *, unit: UnitOption, first: FromOption, last: ToOption, out: OutOption, known_at: KnownAtOption = None
) -> None:
    """Biểu II.06a/VPCP/KSTT: cases received, resolved and in process, by field."""
    from tiendo_contracts.answers.official_forms import StatisticalForm

    run_command(_write_table(_asked(StatisticalForm.II06A, unit, first, last, known_at), out, _format(out)))


def write_decision_766(
    *, unit: UnitOption, first: FromOption, last: ToOption, out: OutOption, known_at: KnownAtOption = None
) -> None:
    """The table of progress of Decision 766/QĐ-TTg, by unit."""
    from tiendo_contracts.answers.official_forms import StatisticalForm

    run_command(_write_table(_asked(StatisticalForm.DECISION_766, unit, first, last, known_at), out, _format(out)))


def _asked(form: "StatisticalForm", unit: str, first: str, last: str, known_at: str | None) -> "AskedForm":
    from tiendo_query.official_forms.statistics import AskedForm

    start, end = day_asked(first, "--from"), day_asked(last, "--to")
    in_order(start, end)
    return AskedForm(form=form, unit=unit, start=start, end=end, known_at=instant_asked(known_at, "--known-at"))


def _format(out: Path) -> "FormFormat":
    from tiendo_query.official_forms.form_files import FormFormat

    try:
        return FormFormat(out.suffix.removeprefix(".").lower())
    except ValueError:
        raise typer.BadParameter(_SUFFIXES, param_hint="--out") from None


async def _write_case(
    case_id: str, out: Path, form_format: "FormFormat", known_at: Instant | None, form: "Callable[[SeenCase], Form]"
) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_query.cases.single_cases import CaseView, shown_case

    now = datetime.now(UTC)
    view = CaseView(as_of=now, known_at=None if known_at is None else known_at.at)
    async with opened() as context, query_side(context) as side:
        found = await shown_case(side, case_id, view, form)
    _write(found, out, form_format, made_at=now)


async def _write_table(asked: "AskedForm", out: Path, form_format: "FormFormat") -> None:
    from tiendo_cli.projected import query_side
    from tiendo_query.official_forms.statistics import statistical_table

    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        found = await statistical_table(side, snapshot, asked, processes=os.cpu_count() or 1)
    _write(found, out, form_format, made_at=datetime.fromisoformat(found.as_of))


def _write(form: "Form", out: Path, form_format: "FormFormat", *, made_at: datetime) -> None:
    from tiendo_query.official_forms.form_files import form_file

    out.write_bytes(form_file(form, form_format, made_at=made_at))
