"""The keys that `tiendo up` prints: kept in a file for its owner alone, and the same after every start."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tiendo_runtime.authentication import KeyRegister, Scope
from tiendo_runtime.authentication.failed_logins import key_id_of
from tiendo_runtime.authentication.keys import new_key_id, new_secret

FILE: Final = "keys.json"
"""The name of the file in the data folder."""

_SCOPES: Final = {
    scope.value: {scope} for scope in (Scope.READ, Scope.INGEST, Scope.EXPLAIN, Scope.DECIDE, Scope.PUBLISH)
}
_SIGN_IN_KEY: Final = "sign_in"
"""The key that stood in the sign-in link of earlier versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKeys:
    """The secrets that are printed at start, of all units and any source."""

    read: str
    ingest: str
    explain: str
    decide: str
    publish: str


async def demo_keys(data: Path, register: KeyRegister) -> DemoKeys:
    """The keys of the folder, valid in the database; one that was revoked, or is missing, is replaced by a new one."""
    kept = _read(data / FILE)
    await _revoke_sign_in_key(kept, register)
    secrets = {}
    for name, scopes in _SCOPES.items():
        secret = kept.get(name) or new_secret(new_key_id())
        while not await register.ensure(f"tiendo up: {name}", secret, scopes):
            secret = new_secret(new_key_id())
        secrets[name] = secret
    keys = DemoKeys(**secrets)
    _write(data / FILE, keys)
    return keys


async def _revoke_sign_in_key(kept: dict[str, str], register: KeyRegister) -> None:
    """Revoke what earlier versions printed in an address: it may stand in the histories of browsers."""
    secret = kept.get(_SIGN_IN_KEY)
    key_id = None if secret is None else key_id_of(secret)
    if key_id is not None:
        await register.revoke(key_id)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return (
        {name: secret for name, secret in found.items() if isinstance(secret, str)} if isinstance(found, dict) else {}
    )


def _write(path: Path, keys: DemoKeys) -> None:
    """Replace the file in one step; at no moment may anybody else read it."""
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(keys), file, indent=2)
    temporary.replace(path)
