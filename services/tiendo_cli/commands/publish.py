"""`tiendo publish`: monthly lists drafted, opened, approved, published, corrected, withdrawn and shown."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tiendo_cli.context import FormatOption, OutputFormat, entered_by, opened, run_command
from tiendo_cli.terminal import emit_line, fail, say

if TYPE_CHECKING:
    from tiendo_contracts.answers.publications import Publication
    from tiendo_query.publications.publishing import Publications
    from tiendo_query.query_side import QuerySide

commands = typer.Typer(
    help="Monthly lists of officers who were late: draft, open, approve, publish, correct, withdraw.",
    no_args_is_help=True,
)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the list.", show_default=False)]
NameOption = Annotated[str, typer.Option("--approved-by", help="Full name of who approves.", show_default=False)]
OfficerOption = Annotated[str | None, typer.Option("--officer", help="Officer id of who approves.", show_default=False)]
PositionOption = Annotated[str | None, typer.Option("--position", help="Their position.", show_default=False)]
NumberOption = Annotated[str, typer.Option("--document", help="Number of the document.", show_default=False)]
SignedOption = Annotated[str, typer.Option("--signed-at", help="When it was signed: 2022-09-12.", show_default=False)]
BasisOption = Annotated[str, typer.Option("--legal-basis", help="What the publication rests on.", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.", show_default=False)]

Act = Callable[["Publications"], Awaitable[str]]


def register(app: typer.Typer) -> None:
    """Add `tiendo publish`."""
    app.add_typer(commands, name="publish")


@commands.command()
def draft(
    unit: Annotated[str, typer.Option(help="Code of the unit.", show_default=False)],
    period: Annotated[str, typer.Option(help="The month: 2022-08.", show_default=False)],
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Freeze the list of a unit and month as it is known now."""

    async def act(publications: "Publications") -> str:
        from tiendo_contracts.publications.publication_bodies import DraftBody, checked

        return await publications.draft(checked(DraftBody, {"unit": unit, "period": period}))

    run_command(_act(act, output))


@commands.command("open")
def open_list(
    publication: IdArgument,
    window_ends_at: Annotated[
        str | None, typer.Option(help="Instant with an offset; default: the end of the window.", show_default=False)
    ] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Open a draft to explanations."""

    async def act(publications: "Publications") -> str:
        from tiendo_contracts.publications.publication_bodies import OpenBody, checked

        given = {} if window_ends_at is None else {"window_ends_at": window_ends_at}
        await publications.open(publication, checked(OpenBody, given))
        return publication

    run_command(_act(act, output))


@commands.command()
def approve(  # noqa: PLR0917 - each is asked for by its name
    publication: IdArgument,
    name: NameOption,
    document: NumberOption,
    signed_at: SignedOption,
    legal_basis: BasisOption,
    officer: OfficerOption = None,
    position: PositionOption = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Approve a list after its window, with what was decided since the draft."""

    async def act(publications: "Publications") -> str:
        from tiendo_contracts.publications.publication_bodies import ApproveBody, checked

        body = {**_signed(name, officer, position, document, signed_at), "legal_basis": legal_basis}
        await publications.approve(publication, checked(ApproveBody, body))
        return publication

    run_command(_act(act, output))


@commands.command("publish")
def publish_list(publication: IdArgument, output: FormatOption = OutputFormat.TABLE) -> None:
    """Publish an approved list: it gets its number and stands under /cong-khai."""

    async def act(publications: "Publications") -> str:
        await publications.publish(publication)
        return publication

    run_command(_act(act, output))


@commands.command()
def correct(  # noqa: PLR0917 - likewise
    publication: IdArgument,
    name: NameOption,
    document: NumberOption,
    signed_at: SignedOption,
    reason: ReasonOption,
    officer: OfficerOption = None,
    position: PositionOption = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Publish the next version from what is known today."""

    async def act(publications: "Publications") -> str:
        from tiendo_contracts.publications.publication_bodies import CorrectBody, checked

        body = {**_signed(name, officer, position, document, signed_at), "reason": reason}
        await publications.correct(publication, checked(CorrectBody, body))
        return publication

    run_command(_act(act, output))


@commands.command()
def withdraw(publication: IdArgument, reason: ReasonOption, output: FormatOption = OutputFormat.TABLE) -> None:
    """Withdraw a list: its names are gone at once, number, date and reason stay."""

    async def act(publications: "Publications") -> str:
        from tiendo_contracts.publications.publication_bodies import WithdrawBody, checked

        await publications.withdraw(publication, checked(WithdrawBody, {"reason": reason}))
        return publication

    run_command(_act(act, output))


@commands.command()
def show(
    publication: IdArgument,
    version: Annotated[int | None, typer.Option(help="Which version; default: the newest.", show_default=False)] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write it into a file: .json, .csv, .xlsx, .docx or .pdf.", show_default=False)
    ] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show a list, or write it into a file."""
    run_command(_show(publication, version, out, output))


def _signed(name: str, officer: str | None, position: str | None, document: str, signed_at: str) -> dict[str, Any]:
    signer = {"name": name, "id": officer, "position": position}
    return {
        "approved_by": {key: value for key, value in signer.items() if value is not None},
        "document": {"document_number": document, "signed_at": signed_at},
    }


async def _act(act: Act, output: OutputFormat) -> None:
    from tiendo_cli.command_caller import CommandLineCaller
    from tiendo_cli.projected import query_side
    from tiendo_query.publications.publishing import Publications
    from tiendo_runtime.authentication import Scope

    async with opened() as context, query_side(context) as side:
        caller = CommandLineCaller(account=entered_by(), scopes=frozenset({Scope.PUBLISH}))
        publication_id = await act(Publications(everything=side, seen=side, caller=caller))
        await _note(context.engine, publication_id)
        _print(await _found(side, publication_id, None), output)


async def _note(engine: Any, publication_id: str) -> None:  # noqa: ANN401 - an engine
    from datetime import UTC, datetime

    from tiendo_event_store.access_log import AccessEntry, AccessKind, append_entries

    who = entered_by()
    entry = AccessEntry(
        at=datetime.now(UTC), who=who, name=who, kind=AccessKind.OTHER_CHANGE, subject=publication_id, address="tiendo"
    )
    await append_entries(engine, [entry])


async def _show(publication: str, version: int | None, out: Path | None, output: OutputFormat) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_query.publications.list_formats import without_suffix

    form = None if out is None else without_suffix(out.name)[1]
    if out is not None and form is None:
        fail(f"{out}: a list is written as .json, .csv, .xlsx, .docx or .pdf")
    async with opened() as context, query_side(context) as side:
        found = await _found(side, publication, version)
    if out is None or form is None:
        _print(found, output)
        return
    from tiendo_query.publications.list_files import list_file

    await asyncio.to_thread(out.write_bytes, await asyncio.to_thread(list_file, found, form))
    say(f"written: {out}")


async def _found(side: "QuerySide", publication_id: str, version: int | None) -> "Publication":
    from tiendo_query.publications.list_answers import proofs_of, publication
    from tiendo_query.publications.seen_lists import seen_list

    found = await seen_list(side, publication_id, version)
    return publication(found, await proofs_of(found.list, side.log, side.proofs))


def _print(found: "Publication", output: OutputFormat) -> None:
    if output is OutputFormat.JSON:
        emit_line(found.model_dump_json(by_alias=True, exclude_unset=True, indent=2))
        return
    say(f"{found.id}  {found.number or '-'}  version {found.version}  {found.state}  {found.unit}  {found.period}")
    if found.window_ends_at is not None:
        say(f"explanations until {found.window_ends_at}")
    say(f"digest {found.digest}")
    say(
        f"{len(found.officers)} late, {found.withheld.count} of them withheld, {len(found.officers_without_late_case)} without a late case"
    )
    for row in found.officers:
        name = row.officer.name or row.officer.id or "-"
        unit = "" if row.officer.unit is None else f", {row.officer.unit.name or row.officer.unit.id}"
        say(
            f"  {name}{unit}: {row.late_cases} of {row.cases} cases late, {row.attributed_minutes} minutes "
            f"({row.attributed_by_rule_minutes} by rule), {row.late_entry_minutes} of late entry"
        )
