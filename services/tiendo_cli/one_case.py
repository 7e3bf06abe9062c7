"""One case for the command line: how it is asked for, and its view of the log."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tiendo_cli.asked_periods import instant_asked
from tiendo_cli.context import opened
from tiendo_cli.projected import query_side
from tiendo_contracts.problems import Language
from tiendo_domain.timeline_types import Basis, Policy
from tiendo_query.single_cases import CaseView, SeenCase, seen_case

CaseArgument = Annotated[str, typer.Argument(help="The code of the case (mã hồ sơ).", metavar="CASE_ID")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Show the case as at this instant; default now.")]
KnownAtOption = Annotated[str | None, typer.Option("--known-at", help="Leave out what was ingested later.")]
BasisOption = Annotated[
    Basis, typer.Option("--basis", help="Which instants count: when it happened, or when it was recorded.")
]
PolicyOption = Annotated[
    Policy | None, typer.Option("--policy", help="How lateness is shared; default by the rule book.")
]
LanguageOption = Annotated[Language, typer.Option("--language", help="vi or en.")]


def view_asked(as_of: str | None, known_at: str | None, basis: Basis, policy: Policy | None) -> CaseView:
    """The view that the options ask for; wrong usage where an instant is none."""
    asked_as_of, asked_known_at = instant_asked(as_of, "--as-of"), instant_asked(known_at, "--known-at")
    return CaseView.asked(
        as_of=asked_as_of, known_at=asked_known_at, basis=basis.value, policy=policy, now=datetime.now(UTC)
    )


async def case_in_view(case_id: str, view: CaseView) -> SeenCase:
    """The case as the view shows it, from the database of the settings. Raises the refusal of an unknown case."""
    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        return await seen_case(side, snapshot, case_id, view)
