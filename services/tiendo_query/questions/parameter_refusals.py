"""How a parameter is refused; without the framework that reads parameters, so that commands can refuse too."""

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words


def refused(name: str | None, expected: Words) -> Refusal:
    """The refusal of a parameter."""
    return Refusal(ProblemKind.PARAMETER_INVALID, field=(name or "").rstrip("_"), values={"expected": expected})


def combination(name: str) -> Refusal:
    """The refusal of a parameter that the address cannot answer for."""
    return Refusal(ProblemKind.COMBINATION_UNAVAILABLE, field=name)
