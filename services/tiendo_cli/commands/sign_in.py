"""`tiendo sign-in`: a link that signs somebody in, once."""

import json
from typing import Annotated

import typer

from tiendo_cli.context import FormatOption, OutputFormat, entered_by, opened, run_command
from tiendo_cli.terminal import complain, emit_line, fail, say
from tiendo_runtime.authentication.people import Role, SignedInPerson, named_units

_NAME_LENGTH_MAX = 100


def register(app: typer.Typer) -> None:
    """Add `tiendo sign-in`."""
    app.command("sign-in")(sign_in)


def sign_in(
    *,
    name: Annotated[str, typer.Option("--for", help="Who signs in, as pages and the access log name them.")],
    role: Annotated[list[Role], typer.Option("--role", help="What they are; may be given several times.")],
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help="Id of a unit whose subtree they see, `*` for all; may be given several times."),
    ] = None,
    officer: Annotated[str | None, typer.Option(help="The id under which cases name them, for --role officer.")] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a link that signs somebody in, valid for ten minutes and once. Whoever has it is that person: hand it over as a password."""
    if not 0 < len(name) <= _NAME_LENGTH_MAX or not name.isprintable() or not name.strip():
        raise typer.BadParameter(f"1 to {_NAME_LENGTH_MAX} characters on one line", param_hint="--for")
    person = SignedInPerson(
        subject=name, name=name, roles=frozenset(role), units=named_units(unit or ()), officer_id=officer or None
    )
    if not person.sees_something:
        complain("note: they will see nothing: that takes a --unit, and for --role officer their id (--officer)")
    run_command(_sign_in(person, output))


async def _sign_in(person: SignedInPerson, output: OutputFormat) -> None:
    from tiendo_cli.sign_in_addresses import shown_address, sign_in_path
    from tiendo_runtime.authentication.role_facts import note_role_given
    from tiendo_runtime.authentication.row_seals import RowSeals
    from tiendo_runtime.authentication.sealing import key_secret_of
    from tiendo_runtime.authentication.sign_in_links import TERM, SignInLinks

    async with opened() as context:
        if context.settings.oidc_issuer is not None:
            fail(
                f"people sign in through {context.settings.oidc_issuer}: no links are made where TIENDO_OIDC_ISSUER is set"
            )
        await note_role_given(context.engine, person, entered_by=entered_by())
        secret = await key_secret_of(context.engine, context.settings.key_secret_path)
        links = SignInLinks(context.engine, RowSeals(secret.found))
        link = shown_address(context.settings) + sign_in_path(await links.make(person, TERM))
    minutes = int(TERM.total_seconds()) // 60
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"link": link, "for": person.name, "valid_minutes": minutes}, ensure_ascii=False))
        return
    say(f"sign-in link: {link}")
    complain(f"It signs in {person.name}, once, within {minutes} minutes.")
