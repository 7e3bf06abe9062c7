"""Who may work on the pages of officers and heads: people who have signed in, by what their role allows."""

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication import Caller, Scope
from tiendo_runtime.authentication.people import Role, SignedInPerson

_READ_LISTS = frozenset({Role.OFFICE, Role.PUBLISHER, Role.AUDITOR, Role.UNIT_MANAGER})


def is_officer(caller: Caller | None) -> bool:
    """Whether the caller is somebody whom cases name, and who may explain what they say."""
    return isinstance(caller, SignedInPerson) and caller.officer_id is not None and Scope.EXPLAIN in caller.scopes


def decides(caller: Caller | None) -> bool:
    """Whether the caller is somebody who may decide on explanations."""
    return isinstance(caller, SignedInPerson) and Scope.DECIDE in caller.scopes


def reads_lists(caller: Caller | None) -> bool:
    """Whether the caller is somebody who works with monthly lists or looks at how they come about; officers see on their own page what names them."""
    if isinstance(caller, SignedInPerson):
        return caller.sees_something and bool(caller.roles & _READ_LISTS)
    return caller is not None and bool(caller.scopes & {Scope.READ, Scope.PUBLISH})


def publishes(caller: Caller | None) -> bool:
    """Whether the caller is somebody who may take steps with monthly lists."""
    return isinstance(caller, SignedInPerson) and Scope.PUBLISH in caller.scopes


def reader_of_lists(caller: Caller) -> Caller:
    """The caller, who reads monthly lists; raises the refusal of anybody else."""
    if not reads_lists(caller):
        raise _missing(Scope.PUBLISH)
    return caller


def publisher(caller: Caller) -> SignedInPerson:
    """The caller, who may take steps with monthly lists; raises the refusal of anybody else."""
    if not isinstance(caller, SignedInPerson) or Scope.PUBLISH not in caller.scopes:
        raise _missing(Scope.PUBLISH)
    return caller


def officer_of(caller: Caller) -> str:
    """The id under which cases name the caller; raises the refusal of anybody who is no officer."""
    if not isinstance(caller, SignedInPerson) or caller.officer_id is None or Scope.EXPLAIN not in caller.scopes:
        raise _missing(Scope.EXPLAIN)
    return caller.officer_id


def officer_who_writes(caller: Caller) -> SignedInPerson:
    """The caller, an officer; raises the refusal of anybody else."""
    officer_of(caller)
    assert isinstance(caller, SignedInPerson)  # noqa: S101 - as was just asked
    return caller


def decider(caller: Caller) -> SignedInPerson:
    """The caller, who may decide; raises the refusal of anybody else."""
    if not isinstance(caller, SignedInPerson) or Scope.DECIDE not in caller.scopes:
        raise _missing(Scope.DECIDE)
    return caller


def gives_evidence(caller: Caller | None) -> bool:
    """Whether the caller is somebody who may say that a case was finished in time: an officer of their own cases, or who decides."""
    return decides(caller) or is_officer(caller)


def evidence_giver(caller: Caller) -> SignedInPerson:
    """The caller, who may say that a case was finished in time; raises the refusal of anybody else."""
    if not isinstance(caller, SignedInPerson) or not gives_evidence(caller):
        raise _missing(Scope.EXPLAIN)
    return caller


def _missing(scope: Scope) -> Refusal:
    return Refusal(ProblemKind.SCOPE_MISSING, values={"scope": scope.value})
