"""Who sends in the national format: a key in the header, or the session that a login gave."""

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication import Key, KeyStore, Scope
from tiendo_runtime.authentication.sender_sessions import key_of_sender_session, new_sender_session
from tiendo_runtime.web import running_of

_SUFFIX = "/national"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="tiendo"'}


async def logged_in(keys: KeyStore, name: str, secret: str) -> str:
    """The session of a key by its id and secret; raises `Refusal` (401, 403, 429) unless it may send."""
    key = await keys.authenticate(secret)
    if key is None or key.key_id != name:
        raise unknown_sender()
    source_of(key)
    session = await new_sender_session(keys, key)
    if session is None:
        raise unknown_sender()
    return session


async def sender_of(request: Request, *, session: str | None = None) -> Key | None:
    """The key of the header, else that of the `session`; None where there is no header and no session yet is known.

    Raises `Refusal` (401, 403, 429) for a caller who may not send.
    """
    keys = running_of(request).keys
    scheme, secret = get_authorization_scheme_param(request.headers.get("authorization"))
    if "authorization" in request.headers:
        key = await keys.authenticate(secret) if scheme.lower() == "bearer" else None
    elif session is None:
        return None
    else:
        key = await key_of_sender_session(keys, session)
    if key is None:
        raise unknown_sender()
    source_of(key)
    return key


def source_of(key: Key) -> str:
    """The source of what the key sends in this format; raises `Refusal` (403) for one that may not send, or is not bound to just one source."""
    if Scope.INGEST not in key.scopes:
        raise Refusal(ProblemKind.SCOPE_MISSING, values={"scope": Scope.INGEST.value}, headers=_CHALLENGE)
    if key.sources is None or len(key.sources) != 1:
        raise Refusal(ProblemKind.SOURCE_NOT_ONE)
    return key.sources[0] + _SUFFIX


def unknown_sender() -> Refusal:
    """The refusal (401) of a caller of whom nothing is known."""
    return Refusal(ProblemKind.UNAUTHENTICATED, headers=_CHALLENGE)
