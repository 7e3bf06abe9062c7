"""One case for the command line: how it is asked for, and its view of the log."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo_cli.asked_periods import instant_asked
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Basis, Policy

if TYPE_CHECKING:
    from tiendo_query.cases.single_cases import SeenCase

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCase:
    """A case, and how it is to be looked at."""

    case_id: str
    as_of: Instant | None
    known_at: Instant | None
    basis: Basis
    policy: Policy | None


def case_asked(case_id: str, as_of: str | None, known_at: str | None, basis: Basis, policy: Policy | None) -> AskedCase:
    """What the options ask for; wrong usage where an instant is none."""
    return AskedCase(
        case_id=case_id,
        as_of=instant_asked(as_of, "--as-of"),
        known_at=instant_asked(known_at, "--known-at"),
        basis=basis,
        policy=policy,
    )


async def case_in_view(asked: AskedCase) -> "SeenCase":
    """The case as it is to be looked at, from the database of the settings. Raises the refusal of an unknown case."""
    from tiendo_cli.context import opened
    from tiendo_cli.projected import query_side
    from tiendo_query.cases.single_cases import CaseView, shown_case

    view = CaseView.asked(
        as_of=asked.as_of,
        known_at=asked.known_at,
        basis=asked.basis.value,
        policy=None if asked.policy is None else asked.policy.value,
        now=datetime.now(UTC),
    )
    async with opened() as context, query_side(context) as side:
        return await shown_case(side, asked.case_id, view, lambda seen: seen)
